#include "ot_trace_state.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string>

#include "segue/propagation/tracestate.h"

namespace segue::detail {
namespace {

constexpr std::string_view ot_key = "ot";
constexpr std::string_view threshold_prefix = "th:";
constexpr std::string_view randomness_prefix = "rv:";
constexpr std::size_t hex_digits = 14;
constexpr std::size_t max_member_value = 256;

std::string_view take_sub_member(std::string_view& rest) noexcept {
  const std::size_t end = rest.find(';');
  const std::string_view member = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  return member;
}

std::optional<std::uint64_t> parse_hex(std::string_view digits) noexcept {
  if (digits.empty() || digits.size() > hex_digits) return std::nullopt;
  std::uint64_t value = 0;
  for (const char digit : digits) {
    const bool is_number = digit >= '0' && digit <= '9';
    if (!is_number && (digit < 'a' || digit > 'f')) return std::nullopt;  // upper case is not allowed here
    value = value << 4 | static_cast<std::uint64_t>(is_number ? digit - '0' : digit - 'a' + 10);
  }
  return value << 4 * (hex_digits - digits.size());
}

std::string to_hex_digits(std::uint64_t value) {
  char digits[hex_digits];
  const char* end = std::to_chars(digits, digits + hex_digits, value, 16).ptr;
  const auto size = static_cast<std::size_t>(end - digits);
  return std::string(hex_digits - size, '0').append(digits, size);
}

// The member's value with another threshold; `rv` is only ever added.
std::string changed_value(std::string_view old, std::optional<std::uint64_t> threshold,
                          std::optional<std::uint64_t> randomness) {
  std::string kept;
  const auto append = [&kept](std::string_view prefix, std::string_view member) {
    if (!kept.empty()) kept += ';';
    kept.append(prefix).append(member);
  };
  while (!old.empty()) {
    const std::string_view member = take_sub_member(old);
    if (!member.empty() && !member.starts_with(threshold_prefix)) append({}, member);
    if (member.starts_with(randomness_prefix)) randomness.reset();
  }
  if (randomness) append(randomness_prefix, to_hex_digits(*randomness));
  if (!threshold) return kept;
  std::string digits = to_hex_digits(*threshold);
  digits.erase(digits.find_last_not_of('0') + 1);
  std::string value = std::string(threshold_prefix) + (digits.empty() ? "0" : digits);
  if (!kept.empty()) value.append(1, ';').append(kept);
  return value.size() <= max_member_value ? value : kept;
}

}  // namespace

OtValues read_ot(const TraceState& state) noexcept {
  OtValues values;
  if (state.is_empty()) return values;
  std::string_view rest = trace_state_value(state, ot_key).value_or(std::string_view());
  while (!rest.empty()) {
    const std::string_view member = take_sub_member(rest);
    if (member.starts_with(threshold_prefix)) {
      values.threshold = parse_hex(member.substr(threshold_prefix.size()));
    } else if (member.starts_with(randomness_prefix) && member.size() == randomness_prefix.size() + hex_digits) {
      values.randomness = parse_hex(member.substr(randomness_prefix.size()));
    }
  }
  return values;
}

std::uint64_t randomness_of(const TraceId& trace_id, const OtValues& values) noexcept {
  return values.randomness ? *values.randomness : __builtin_bswap64(trace_id.word(8)) & (randomness_end - 1);
}

// Four hex digits after those that say no more than "nearly all" or "nearly nothing": short to send, 10 % is e666.
std::uint64_t threshold_for(double ratio) noexcept {
  if (ratio < 0x1p-56) return randomness_end;
  constexpr int all_digits = 14;
  int kept_exponent = 0;
  int dropped_exponent = 0;
  (void)std::frexp(ratio, &kept_exponent);
  (void)std::frexp(1 - ratio, &dropped_exponent);
  const int precision = std::min(all_digits, 4 + std::max(-kept_exponent / 4, -dropped_exponent / 4));
  std::uint64_t threshold = randomness_end - static_cast<std::uint64_t>(std::llround(ratio * 0x1p56));
  if (precision < all_digits) {
    const int shift = 4 * (all_digits - precision);
    threshold = (threshold + (std::uint64_t{1} << (shift - 1))) >> shift << shift;
  }
  return std::min(threshold, randomness_end - 1);
}

TraceState with_sampling(const TraceState& state, const SamplingResult& result) noexcept {
  if (result.probability == Probability::Inherited) return state;
  const bool writes = result.probability == Probability::Known && result.threshold < randomness_end &&
                      result.decision == SamplingDecision::RecordAndSample;
  const std::optional<std::uint64_t> threshold = writes ? std::optional(result.threshold) : std::nullopt;
  const OtValues old = read_ot(state);
  if (old.threshold == threshold && (!result.randomness || old.randomness)) return state;
  try {
    const std::string_view old_value = trace_state_value(state, ot_key).value_or(std::string_view());
    const std::string value = changed_value(old_value, threshold, result.randomness);
    if (!value.empty()) {
      if (auto changed = with_trace_state_member(state, ot_key, value)) return *std::move(changed);
    }
    return without_trace_state_member(state, ot_key);
  } catch (...) {
    return state;
  }
}

}  // namespace segue::detail
