// Propagator: writes a context into a carrier before work leaves, reads it where work arrives.
//
//   const Propagator propagator;                             // tracecontext and baggage
//   propagator.inject({.span = span.context()}, MapWriter(message));
//   const Context parent = propagator.extract(HeaderReader(request_headers));
//   if (parent.span.is_valid()) continue_trace(parent); else start_trace();
//
// Immutable, safe from any thread. Errors: none while propagating. What cannot be read is treated as absent: a bad
// traceparent hides the tracestate, a bad tracestate is dropped alone, bad baggage members are dropped one by one.
// A carrier that throws ends the call, with what was propagated so far. In programs built with SEGUE_NO_TRACING it writes and
// finds nothing.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "segue/base/result.h"
#include "segue/propagation/carrier.h"
#include "segue/propagation/context.h"

namespace segue {

#if defined(SEGUE_NO_TRACING)
class Propagator {
 public:
  static Result<Propagator> from_names(std::string_view) { return Propagator(); }
  void inject(const Context&, CarrierWriter&) const noexcept {}
  void inject(const Context&, CarrierWriter&&) const noexcept {}
  void inject(const SpanContext&, const Baggage&, CarrierWriter&) const noexcept {}
  Context extract(const CarrierReader&) const noexcept { return {}; }
  std::vector<std::string_view> fields() const { return {}; }
};
#else
namespace detail {
struct PropagationFormat;
}

class Propagator {
 public:
  /// W3C Trace Context and W3C Baggage, the specification's default.
  Propagator();

  /// From a comma-separated list as in OTEL_PROPAGATORS: "tracecontext", "baggage", "b3" (one header), "b3multi" (a
  /// header for each part), or "none" alone. Names repeated count once, an empty list means the default. Where several
  /// formats find a trace, the last of the list wins. InvalidArgument names the first one unknown, and those known.
  static Result<Propagator> from_names(std::string_view names);

  /// Writes what `context` has: no trace fields for an invalid span context, no baggage field for empty baggage.
  void inject(const Context& context, CarrierWriter& carrier) const noexcept {
    inject(context.span, context.baggage, carrier);
  }
  void inject(const Context& context, CarrierWriter&& carrier) const noexcept { inject(context, carrier); }
  /// The same for parts that lie in different places.
  void inject(const SpanContext& span, const Baggage& baggage, CarrierWriter& carrier) const noexcept;

  /// The context in `carrier`; its span is invalid when none was sent or it could not be read, its baggage stays. B3's
  /// wish that nothing be recorded, sent without ids, becomes a new trace that is not sampled.
  Context extract(const CarrierReader& carrier) const noexcept;

  /// The fields that `inject` may write, for carriers that are reused and must be cleared before.
  std::vector<std::string_view> fields() const;

 private:
  explicit Propagator(std::vector<const detail::PropagationFormat*> formats) noexcept;

  std::vector<const detail::PropagationFormat*> formats_;
};
#endif

}  // namespace segue
