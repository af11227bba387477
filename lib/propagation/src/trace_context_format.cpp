#include <array>

#include "format.h"
#include "segue/propagation/traceparent.h"
#include "segue/propagation/tracestate.h"

namespace segue::detail {
namespace {

constexpr std::string_view traceparent_field = "traceparent";
constexpr std::string_view tracestate_field = "tracestate";
constexpr std::array<std::string_view, 2> field_names = {traceparent_field, tracestate_field};

void inject(const SpanContext& span, const Baggage&, CarrierWriter& carrier) {
  if (!span.is_valid()) return;
  TraceparentBuffer buffer;
  carrier.set(traceparent_field, format_traceparent(span, buffer));
  if (!span.trace_state.is_empty()) carrier.set(tracestate_field, span.trace_state.header());
}

TraceState read_trace_state(const CarrierReader& carrier) {
  if (!carrier.get(tracestate_field)) return {};
  std::array<std::string_view, max_trace_state_members> values;
  const std::size_t count = carrier.get_all(tracestate_field, values);
  if (count > values.size()) return {};
  return parse_trace_state(std::span(values).first(count)).value_or(TraceState());
}

void extract(const CarrierReader& carrier, Context& context) {
  std::array<std::string_view, 2> values;
  // Two parents contradict each other, so neither is believed.
  if (carrier.get_all(traceparent_field, values) != 1) return;
  if (decode_traceparent(values[0], context.span) != nullptr) return;
  context.span.trace_state = read_trace_state(carrier);
}

}  // namespace

const PropagationFormat trace_context_format = {"tracecontext", field_names, inject, extract};

}  // namespace segue::detail
