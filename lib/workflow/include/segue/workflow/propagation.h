// Carrying the trace along with a conversation: in a map, a JSON object, a database row, the environment of a process.
//
//   segue::propagate_trace_context(conversation.metadata);    // writes traceparent, tracestate, baggage
//   ...
//   auto scope = segue::extract_trace_context(conversation.metadata);  // hours later, in another process
//   auto span = segue::workflow_span("buyer_bot", "greet");            // same trace id, child of what was stored
//
//   segue::propagate_trace_context([&](std::string_view key, std::string_view value) { json[key] = value; });  // any JSON
//   auto scope = segue::extract_trace_context([&](std::string_view key) { return text_of(json, key); });       // or nullopt
//
// Any map from strings to strings serves, a pair of functions for everything else, and the carriers of
// segue/propagation; for SQL rows see trace_columns.h, for child processes environment_carrier.h.
// Thread safety: that of the carrier. Errors: none; what cannot be read is as if it were not there.
#pragma once

#include <concepts>
#include <optional>
#include <string_view>
#include <utility>

#include "segue/propagation/carrier.h"
#include "segue/trace/current.h"
#include "segue/trace/default_propagator.h"

namespace segue {
namespace detail {

template <class Map>
concept CarrierMap = requires(Map& map) {
  typename Map::mapped_type;
  map.find(typename Map::key_type("key"))->second;
};

template <class Store>
concept CarrierStore = std::invocable<Store&, std::string_view, std::string_view>;

template <class Lookup>
concept CarrierLookup = requires(const Lookup& lookup, std::string_view key) {
  { lookup(key) } -> std::convertible_to<std::optional<std::string_view>>;
};

}  // namespace detail

/// Writes the current context into `carrier`.
inline void propagate_trace_context(CarrierWriter& carrier) noexcept { inject_current_context(carrier); }
inline void propagate_trace_context(CarrierWriter&& carrier) noexcept { inject_current_context(carrier); }

/// Writes it by calling `store(key, value)` for every field.
template <detail::CarrierStore Store>
void propagate_trace_context(Store&& store) {
  inject_current_context(StoreWriter(std::forward<Store>(store)));
}

/// Writes it into `metadata` and returns that.
template <detail::CarrierMap Map>
Map& propagate_trace_context(Map& metadata) {
  inject_current_context(MapWriter<Map>(metadata));
  return metadata;
}

/// The context in `carrier`; invalid where there is none, and always without tracing.
inline Context read_trace_context(const CarrierReader& carrier) noexcept {
#if defined(SEGUE_NO_TRACING)
  static_cast<void>(carrier);
  return {};
#else
  return default_propagator().extract(carrier);
#endif
}

/// The context that `lookup(key)` finds: it gives a field's text, or nothing.
template <detail::CarrierLookup Lookup>
Context read_trace_context(const Lookup& lookup) {
  return read_trace_context(LookupReader<const Lookup&>(lookup));
}

template <detail::CarrierMap Map>
Context read_trace_context(const Map& metadata) {
  return read_trace_context(MapReader<Map>(metadata));
}

/// Makes the context in a carrier of any kind current until the scope ends. Without one, spans start new traces.
template <class Carrier>
[[nodiscard]] ContextScope extract_trace_context(const Carrier& carrier) {
  return ContextScope(read_trace_context(carrier));
}

}  // namespace segue
