// The propagator of this process: what instrumentation and workflows write into carriers and read from them.
//
//   inject_current_context(HeaderWriter(request.headers));
//   const ContextScope scope(default_propagator().extract(HeaderReader(request.headers)));
//
// Thread safety: any thread; set it once, before traffic. Errors: none.
#pragma once

#if defined(SEGUE_NO_TRACING)
#include "segue/trace/no_tracing.h"

namespace segue {

inline Propagator default_propagator() noexcept { return {}; }
inline void set_default_propagator(Propagator) noexcept {}

}  // namespace segue
#else

#include "segue/propagation/propagator.h"

namespace segue {

/// W3C Trace Context and Baggage unless another one was set.
const Propagator& default_propagator() noexcept;

/// Replaces it. Earlier ones stay valid, since other threads may be using them.
void set_default_propagator(Propagator propagator);

/// Writes the current span's context and the current baggage, if there are any.
void inject_current_context(CarrierWriter& carrier) noexcept;
inline void inject_current_context(CarrierWriter&& carrier) noexcept { inject_current_context(carrier); }

}  // namespace segue

#endif
