// Carrying the trace along with a conversation: in a map, a JSON object, a database row.
//
//   segue::propagate_trace_context(conversation.metadata);    // writes traceparent, tracestate, baggage
//   ...
//   auto scope = segue::extract_trace_context(conversation.metadata);  // hours later, in another process
//   auto span = segue::workflow_span("buyer_bot", "greet");            // same trace id, child of what was stored
//
// Any map from strings to strings serves; for other carriers see segue/propagation/carrier.h.
// Thread safety: that of the map. Errors: none; what cannot be read is as if it were not there.
#pragma once

#include "segue/trace/current.h"
#include "segue/trace/default_propagator.h"

namespace segue {

/// Writes the current context into `metadata` and returns it.
template <class Map>
Map& propagate_trace_context(Map& metadata) {
  inject_current_context(MapWriter<Map>(metadata));
  return metadata;
}

/// Makes the context in `metadata` current until the scope ends. Where it holds none, spans start new traces.
template <class Map>
[[nodiscard]] ContextScope extract_trace_context(const Map& metadata) {
#if defined(SEGUE_NO_TRACING)
  static_cast<void>(metadata);
  return ContextScope(Context());
#else
  return ContextScope(default_propagator().extract(MapReader<Map>(metadata)));
#endif
}

}  // namespace segue
