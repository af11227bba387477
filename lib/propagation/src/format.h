// One way of writing a context into fields. To add one: a file that defines it, its declaration here, its row in
// propagator.cpp.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string_view>

#include "segue/propagation/carrier.h"
#include "segue/propagation/context.h"

namespace segue::detail {

struct PropagationFormat {
  std::string_view name;  ///< As in OTEL_PROPAGATORS.
  std::span<const std::string_view> fields;
  void (*inject)(const SpanContext&, const Baggage&, CarrierWriter&);
  /// Fills the part of the context that the format knows; leaves it alone where the carrier has nothing valid.
  void (*extract)(const CarrierReader&, Context&);
};

extern const PropagationFormat trace_context_format;
extern const PropagationFormat baggage_format;
extern const PropagationFormat b3_format;
extern const PropagationFormat b3_multi_format;

/// The value of a field that comes once; where it comes twice the two contradict each other, so neither is believed.
inline std::optional<std::string_view> only_value(const CarrierReader& carrier, std::string_view key) {
  std::array<std::string_view, 2> values;
  if (carrier.get_all(key, values) != 1) return std::nullopt;
  return values[0];
}

}  // namespace segue::detail
