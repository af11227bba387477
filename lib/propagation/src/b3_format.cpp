// B3, the headers of Zipkin: all in one field `b3`, or in a field for each part. Either is read, whichever is written.
#include <algorithm>
#include <array>
#include <cstring>

#include "format.h"
#include "segue/base/hex.h"
#include "segue/base/random.h"
#include "text.h"

namespace segue::detail {
namespace {

constexpr std::string_view single_field = "b3";
constexpr std::string_view trace_id_field = "x-b3-traceid";
constexpr std::string_view span_id_field = "x-b3-spanid";
constexpr std::string_view sampled_field = "x-b3-sampled";
constexpr std::string_view flags_field = "x-b3-flags";
constexpr std::array<std::string_view, 1> single_names = {single_field};
constexpr std::array<std::string_view, 4> multi_names = {trace_id_field, span_id_field, sampled_field, flags_field};

constexpr std::size_t long_trace_id_size = 2 * TraceId::byte_count;
constexpr std::size_t short_trace_id_size = long_trace_id_size / 2;
constexpr std::size_t span_id_size = 2 * SpanId::byte_count;
constexpr std::uint8_t debug_flags = SpanContext::sampled_flag | SpanContext::debug_flag;

// What the fields hold, not yet judged.
struct Fields {
  std::string_view trace_id;
  std::string_view span_id;
  std::string_view sampling;  ///< "0", "1", "d", or empty where the decision is left open.
};

/// Reads {trace id}-{span id}[-{sampling}[-{parent span id}]], or a sampling alone. The parent's id is of no use here.
Fields split_single(std::string_view text) noexcept {
  if (text.find('-') == std::string_view::npos) return {.trace_id = {}, .span_id = {}, .sampling = text};
  Fields fields;
  fields.trace_id = take_until(text, '-');
  fields.span_id = take_until(text, '-');
  fields.sampling = take_until(text, '-');
  return fields;
}

Fields read_multi(const CarrierReader& carrier) {
  Fields fields;
  fields.trace_id = trim(only_value(carrier, trace_id_field).value_or(""));
  fields.span_id = trim(only_value(carrier, span_id_field).value_or(""));
  const std::string_view sampled = trim(only_value(carrier, sampled_field).value_or(""));
  const bool is_debug = trim(only_value(carrier, flags_field).value_or("")) == "1";
  fields.sampling = is_debug ? "d" : sampled == "true" ? "1" : sampled == "false" ? "0" : sampled;
  return fields;
}

bool decode_trace_id(std::string_view digits, TraceId& id) noexcept {
  const std::span<std::uint8_t> bytes = id.bytes;
  const bool is_short = digits.size() == short_trace_id_size;  // its upper half stays zero
  return decode_hex(digits, is_short ? bytes.last(bytes.size() / 2) : bytes, HexCase::LowerOnly);
}

/// False, with nothing changed, unless both ids are valid and the sampling is one that exists.
bool decode(const Fields& fields, SpanContext& out) noexcept {
  SpanContext context{.trace_id = {}, .span_id = {}, .trace_flags = 0, .is_remote = true, .trace_state = {}};
  if (!decode_trace_id(fields.trace_id, context.trace_id)) return false;
  if (!decode_hex(fields.span_id, context.span_id.bytes, HexCase::LowerOnly)) return false;
  if (!context.is_valid()) return false;
  if (fields.sampling == "1") {
    context.trace_flags = SpanContext::sampled_flag;
  } else if (fields.sampling == "d") {
    context.trace_flags = debug_flags;
  } else if (fields.sampling != "0" && !fields.sampling.empty()) {
    return false;
  }
  out = std::move(context);
  return true;
}

/// The caller's wish that nothing be recorded, said without ids: a trace of its own that is not sampled, so that every
/// service behind this one hears of it.
SpanContext denied_trace() noexcept {
  SpanContext context;
  const std::array<std::uint64_t, 3> words = random_words<3>();
  std::memcpy(context.trace_id.bytes.data(), words.data(), TraceId::byte_count);
  std::memcpy(context.span_id.bytes.data(), &words[2], SpanId::byte_count);
  context.trace_flags = SpanContext::random_trace_id_flag;
  context.is_remote = true;
  return context;
}

void extract(const CarrierReader& carrier, Context& context) {
  const Fields single = split_single(trim(only_value(carrier, single_field).value_or("")));
  if (decode(single, context.span)) return;
  const Fields multi = read_multi(carrier);
  if (decode(multi, context.span)) return;
  const auto denies = [](const Fields& fields) {
    return fields.sampling == "0" && fields.trace_id.empty() && fields.span_id.empty();
  };
  if (!context.span.is_valid() && (denies(single) || denies(multi))) context.span = denied_trace();
}

char sampling_of(const SpanContext& span) noexcept {
  if (!span.is_sampled()) return '0';
  return (span.trace_flags & SpanContext::debug_flag) != 0 ? 'd' : '1';
}

void inject_single(const SpanContext& span, const Baggage&, CarrierWriter& carrier) {
  if (!span.is_valid()) return;
  std::array<char, long_trace_id_size + 1 + span_id_size + 2> text;
  char* at = text.data();
  encode_hex(span.trace_id.bytes, at);
  at += long_trace_id_size;
  *at++ = '-';
  encode_hex(span.span_id.bytes, at);
  at += span_id_size;
  *at++ = '-';
  *at = sampling_of(span);
  carrier.set(single_field, {text.data(), text.size()});
}

void inject_multi(const SpanContext& span, const Baggage&, CarrierWriter& carrier) {
  if (!span.is_valid()) return;
  std::array<char, long_trace_id_size> trace_id;
  encode_hex(span.trace_id.bytes, trace_id.data());
  carrier.set(trace_id_field, {trace_id.data(), trace_id.size()});
  std::array<char, span_id_size> span_id;
  encode_hex(span.span_id.bytes, span_id.data());
  carrier.set(span_id_field, {span_id.data(), span_id.size()});
  const char sampling = sampling_of(span);
  if (sampling == 'd') {
    carrier.set(flags_field, "1");  // says that it is sampled, too
  } else {
    carrier.set(sampled_field, {&sampling, 1});
  }
}

}  // namespace

const PropagationFormat b3_format = {"b3", single_names, inject_single, extract};
const PropagationFormat b3_multi_format = {"b3multi", multi_names, inject_multi, extract};

}  // namespace segue::detail
