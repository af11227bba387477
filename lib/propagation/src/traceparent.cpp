#include "segue/propagation/traceparent.h"

#include <array>
#include <cstdint>
#include <cstring>
#include <span>

#include "segue/base/hex.h"
#include "text.h"

namespace segue {
namespace {

// "00-" trace id "-" span id "-" flags
constexpr std::size_t trace_id_at = 3;
constexpr std::size_t span_id_at = 36;
constexpr std::size_t flags_at = 53;
constexpr std::uint8_t forbidden_version = 0xff;

bool decode_lower(std::string_view digits, std::span<std::uint8_t> out) noexcept {
  return decode_hex(digits, out, HexCase::LowerOnly);
}

/// Null if the version, the length that goes with it and the dashes are right; otherwise what is wrong.
const char* find_problem_in_frame(std::string_view text) noexcept {
  if (text.size() < traceparent_size) return "shorter than 55 characters";
  if (text[2] != '-' || text[span_id_at - 1] != '-' || text[flags_at - 1] != '-')
    return "dashes are not where they belong";
  if (text.starts_with("00"))
    return text.size() == traceparent_size ? nullptr : "longer than 55 characters in version 00";
  std::array<std::uint8_t, 1> version;
  if (!decode_lower(text.substr(0, 2), version)) return "the version is not two lower-case hex digits";
  if (version[0] == forbidden_version) return "version ff is forbidden";
  if (text.size() > traceparent_size && text[traceparent_size] != '-') return "no dash after the flags";
  return nullptr;
}

/// As above, for the fields between the dashes; the ids are decoded where they will lie.
const char* decode_fields(std::string_view text, SpanContext& out) noexcept {
  std::array<std::uint8_t, 1> flags;
  if (!decode_lower(text.substr(trace_id_at, 32), out.trace_id.bytes)) return "the trace id is not lower-case hex";
  if (!decode_lower(text.substr(span_id_at, 16), out.span_id.bytes)) return "the parent id is not lower-case hex";
  if (!decode_lower(text.substr(flags_at, 2), flags)) return "the flags are not two lower-case hex digits";
  if (!out.is_valid()) return "an id is all zeros";
  out.trace_flags = flags[0] & SpanContext::w3c_flags;
  out.is_remote = true;
  return nullptr;
}

}  // namespace

const char* detail::decode_traceparent(std::string_view header, SpanContext& out) noexcept {
  const std::string_view text = trim(header);
  if (const char* problem = find_problem_in_frame(text)) return problem;
  const TraceId trace_id_before = out.trace_id;
  const SpanId span_id_before = out.span_id;
  const char* problem = decode_fields(text, out);
  if (problem != nullptr) [[unlikely]] {
    out.trace_id = trace_id_before;
    out.span_id = span_id_before;
  }
  return problem;
}

Result<SpanContext> parse_traceparent(std::string_view header) {
  SpanContext context;
  if (const char* problem = detail::decode_traceparent(header, context)) {
    return Error{Errc::InvalidArgument, std::string("traceparent: ") + problem};
  }
  return context;
}

std::string_view format_traceparent(const SpanContext& context, TraceparentBuffer& buffer) noexcept {
  static_assert(SpanContext::w3c_flags < 10);
  char* const out = buffer.data();
  std::memcpy(out, "00-", trace_id_at);
  encode_hex_eight(context.trace_id.bytes.data(), out + trace_id_at);
  encode_hex_eight(context.trace_id.bytes.data() + 8, out + trace_id_at + 16);
  out[span_id_at - 1] = '-';
  encode_hex_eight(context.span_id.bytes.data(), out + span_id_at);
  out[flags_at - 1] = '-';
  out[flags_at] = '0';
  out[flags_at + 1] = static_cast<char>('0' + (context.trace_flags & SpanContext::w3c_flags));
  return {buffer.data(), buffer.size()};
}

}  // namespace segue
