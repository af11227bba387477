#include "environment.h"

#include <algorithm>
#include <cassert>
#include <charconv>
#include <cstdlib>

#include "segue/base/hex.h"
#include "segue/base/log.h"

namespace segue::detail {
namespace {

// Empty when a percent sign is not followed by two hex digits.
std::optional<std::string> percent_decode(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    std::uint8_t byte = 0;
    if (i + 2 >= text.size() || !decode_hex(text.substr(i + 1, 2), {&byte, 1})) return std::nullopt;
    decoded += static_cast<char>(byte);
    i += 2;
  }
  return decoded;
}

std::optional<std::pair<std::string, std::string>> parse_pair(std::string_view item) {
  const std::size_t equals = item.find('=');
  if (equals == std::string_view::npos) return std::nullopt;
  const std::string_view key = trim(item.substr(0, equals));
  auto value = percent_decode(trim(item.substr(equals + 1)));
  if (key.empty() || !value) return std::nullopt;
  return std::pair(std::string(key), *std::move(value));
}

std::string_view alias_of(std::string_view name) noexcept {
  for (const VariableGroup& group : variable_groups()) {
    for (const Variable& variable : group.variables) {
      if (variable.name == name) return variable.alias;
    }
  }
  return {};
}

}  // namespace

std::string_view trim(std::string_view text) noexcept {
  const auto is_space = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

std::string to_lower(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
  return lower;
}

std::vector<std::string> split_list(std::string_view list) {
  std::vector<std::string> items;
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    if (const std::string_view item = trim(list.substr(0, comma)); !item.empty()) items.emplace_back(item);
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return items;
}

std::optional<TextPairs> parse_pairs(std::string_view list) {
  TextPairs pairs;
  for (const std::string& item : split_list(list)) {
    auto pair = parse_pair(item);
    if (!pair) return std::nullopt;
    set_pair(pairs, pair->first, std::move(pair->second));
  }
  return pairs;
}

void set_pair(TextPairs& pairs, std::string_view key, std::string value) {
  const auto known = std::ranges::find(pairs, key, &TextPairs::value_type::first);
  if (known != pairs.end()) {
    known->second = std::move(value);
  } else {
    pairs.emplace_back(key, std::move(value));
  }
}

void warn_variable(const Environment::Found& found, std::string_view instead) {
  log(LogLevel::Warning, found.variable + ": '" + found.value + "' is not usable; " + std::string(instead));
}

std::optional<std::string> Environment::any_text(std::string_view variable) const {
  const char* const value = std::getenv(std::string(variable).c_str());
  if (value != nullptr && !trim(value).empty()) return value;
  const auto known = defaults_.find(variable);
  if (known == defaults_.end()) return std::nullopt;
  return known->second;
}

std::optional<std::string> Environment::exact_text(std::string_view variable) const {
  assert(is_known_variable(variable) && "a variable that variables.cpp does not list");
  names_read_.emplace(variable);
  if (has_vendors_alone_ && !is_vendor_variable(variable)) return std::nullopt;
  const auto value = any_text(variable);
  if (!value || trim(*value).empty()) return std::nullopt;
  return std::string(trim(*value));
}

Environment Environment::with_vendors_alone() const {
  Environment environment(defaults_);
  environment.has_vendors_alone_ = true;
  return environment;
}

Environment Environment::for_signal(Signal signal) const {
  Environment environment(*this);
  environment.signal_ = signal;
  return environment;
}

std::optional<Environment::Found> Environment::find(std::string_view variable) const {
  for (const std::string& name :
       {signal_form(variable, signal_), std::string(variable), std::string(alias_of(variable))}) {
    if (name.empty()) continue;
    if (auto value = exact_text(name)) return Found{name, *std::move(value)};
  }
  return std::nullopt;
}

std::optional<std::string> Environment::text(std::string_view variable) const {
  auto found = find(variable);
  if (!found) return std::nullopt;
  return std::move(found->value);
}

std::optional<bool> Environment::flag(std::string_view variable) const {
  const auto found = find(variable);
  if (!found) return std::nullopt;
  const std::string lower = to_lower(found->value);
  if (lower != "true" && lower != "false") warn_variable(*found, "it counts as false");
  return lower == "true";
}

std::uint64_t Environment::number(std::string_view variable, std::uint64_t fallback, Range range) const {
  const auto found = find(variable);
  if (!found) return fallback;
  std::uint64_t number = 0;
  const char* const last = found->value.data() + found->value.size();
  const auto [end, failure] = std::from_chars(found->value.data(), last, number);
  if (failure == std::errc() && end == last && number >= range.low && number <= range.high) return number;
  warn_variable(*found, "using " + std::to_string(fallback));
  return fallback;
}

std::chrono::milliseconds Environment::milliseconds(std::string_view variable,
                                                    std::chrono::milliseconds fallback) const {
  constexpr Range up_to_an_hour = {1, 3'600'000};
  return std::chrono::milliseconds(number(variable, static_cast<std::uint64_t>(fallback.count()), up_to_an_hour));
}

TextPairs Environment::pairs(std::string_view variable) const {
  const auto found = find(variable);
  if (!found) return {};
  auto pairs = parse_pairs(found->value);
  if (pairs) return *std::move(pairs);
  // Not the value itself: headers carry keys.
  log(LogLevel::Warning, found->variable + ": not a list of name=value pairs; it is ignored");
  return {};
}

}  // namespace segue::detail
