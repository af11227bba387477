#include "segue/workflow/trace_columns.h"

namespace segue {
namespace {

const Propagator& w3c_propagator() noexcept {
  static const auto* instance = new Propagator;  // leaked: rows may be written while static objects are destroyed
  return *instance;
}

/// Of const or changeable columns, the one that holds `key`; null for a field that has none.
template <class Columns>
auto* column_of(Columns& columns, std::string_view key) noexcept {
  if (key == "traceparent") return &columns.traceparent;
  if (key == "tracestate") return &columns.tracestate;
  return key == "baggage" ? &columns.baggage : nullptr;
}

}  // namespace

TraceColumns current_trace_columns() {
  TraceColumns columns;
  w3c_propagator().inject(current_context(), StoreWriter([&columns](std::string_view key, std::string_view value) {
                            if (auto* column = column_of(columns, key)) column->emplace(value);
                          }));
  return columns;
}

Context read_trace_context(const TraceColumns& columns) noexcept {
  return w3c_propagator().extract(LookupReader([&columns](std::string_view key) -> std::optional<std::string_view> {
    const auto* column = column_of(columns, key);
    return column != nullptr && *column ? std::optional<std::string_view>(**column) : std::nullopt;
  }));
}

}  // namespace segue
