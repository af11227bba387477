// One way of writing a context into fields. To add one: a file that defines it, its declaration here, its row in
// propagator.cpp.
#pragma once

#include <span>
#include <string_view>

#include "segue/propagation/carrier.h"
#include "segue/propagation/context.h"

namespace segue::detail {

struct PropagationFormat {
  std::string_view name;  ///< As in OTEL_PROPAGATORS.
  std::span<const std::string_view> fields;
  void (*inject)(const Context&, CarrierWriter&);
  /// Fills the part of the context that the format knows; leaves it alone where the carrier has nothing valid.
  void (*extract)(const CarrierReader&, Context&);
};

extern const PropagationFormat trace_context_format;
extern const PropagationFormat baggage_format;

}  // namespace segue::detail
