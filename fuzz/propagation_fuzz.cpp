// Reads any bytes as each of the headers that carry a context; what is accepted must survive being written and read
// again, within the limits, and what one header holds must not harm the others.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "segue/propagation/baggage.h"
#include "segue/propagation/propagator.h"
#include "segue/propagation/traceparent.h"
#include "segue/propagation/tracestate.h"
#include "target.h"

namespace fuzz = segue::fuzz;

namespace {

void check_traceparent(std::string_view input) {
  const auto context = segue::parse_traceparent(input);
  if (!context) return;
  fuzz::require(context->is_valid(), "an invalid id was accepted");
  segue::TraceparentBuffer buffer;
  const auto again = segue::parse_traceparent(segue::format_traceparent(*context, buffer));
  fuzz::require(again.has_value(), "our own traceparent cannot be read");
  fuzz::require(again->trace_id == context->trace_id && again->span_id == context->span_id &&
                    again->trace_flags == context->trace_flags,
                "a traceparent changed");
}

void check_tracestate(std::string_view input) {
  const auto state = segue::parse_trace_state(input);
  if (!state) return;
  fuzz::require(state->header().size() <= segue::max_trace_state_bytes, "a tracestate is too long");
  const auto again = segue::parse_trace_state(state->header());
  fuzz::require(again.has_value() && again->header() == state->header(), "a tracestate changed");
  const auto more = segue::with_trace_state_member(*state, "ot", "th:8");
  fuzz::require(more.has_value() && segue::trace_state_value(*more, "ot") == "th:8", "a member got lost");
  fuzz::require(segue::parse_trace_state(more->header()).has_value(), "a changed tracestate cannot be read");
}

void check_baggage(std::string_view input) {
  const segue::Baggage baggage = segue::Baggage::parse(input).baggage;
  fuzz::require(baggage.header().size() <= segue::Baggage::max_header_bytes, "baggage is too long");
  fuzz::require(baggage.members().size() <= segue::Baggage::max_members, "baggage has too many members");
  const segue::ParsedBaggage again = segue::Baggage::parse(baggage.header());
  fuzz::require(again.dropped_members == 0, "our own baggage cannot be read");
  fuzz::require(std::ranges::equal(again.baggage.members(), baggage.members()), "baggage changed");
}

using Fields = std::map<std::string, std::string>;

/// A trace found in B3 fields is the same after it was written by `name` and read again.
void check_b3_fields(const Fields& fields) {
  const segue::Propagator b3 = *segue::Propagator::from_names("b3");
  const segue::SpanContext found = b3.extract(segue::MapReader(fields)).span;
  if (!found.is_valid()) return;
  fuzz::require((found.trace_flags & segue::SpanContext::debug_flag) == 0 || found.is_sampled(), "debug, not sampled");
  for (const char* name : {"b3", "b3multi"}) {
    Fields written;
    const segue::Propagator propagator = *segue::Propagator::from_names(name);
    propagator.inject({.span = found, .baggage = {}}, segue::MapWriter(written));
    const segue::SpanContext again = b3.extract(segue::MapReader(written)).span;
    fuzz::require(again.trace_id == found.trace_id && again.span_id == found.span_id, "ids changed in B3");
    fuzz::require(((again.trace_flags ^ found.trace_flags) & ~segue::SpanContext::random_trace_id_flag) == 0,
                  "flags changed in B3");
  }
}

/// The input as the one header, and its parts between spaces as the several.
void check_b3(std::string_view input) {
  check_b3_fields({{"b3", std::string(input)}});
  Fields fields;
  std::string_view rest = input;
  for (const char* field : {"x-b3-traceid", "x-b3-spanid", "x-b3-sampled", "x-b3-flags"}) {
    const std::size_t end = rest.find(' ');
    fields[field] = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  }
  check_b3_fields(fields);
}

/// The input as one header, next to sound ones.
void check_carrier(std::string_view field, std::string_view input) {
  Fields carrier = {{"traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"},
                    {"tracestate", "a=1"},
                    {"baggage", "k=v"}};
  carrier[std::string(field)] = input;
  const segue::Context context = segue::Propagator().extract(segue::MapReader(carrier));
  fuzz::require(field == "traceparent" || context.span.is_valid(), "another header harmed the traceparent");
  fuzz::require(field == "baggage" || context.baggage.get("k") == "v", "another header harmed the baggage");
  fuzz::require(context.span.is_valid() || context.span.trace_state.is_empty(), "a tracestate without a trace");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input = fuzz::as_text(data, size);
  check_traceparent(input);
  check_tracestate(input);
  check_baggage(input);
  check_b3(input);
  for (const std::string_view field : {"traceparent", "tracestate", "baggage"}) check_carrier(field, input);
  return 0;
}
