// Context: everything that crosses a process boundary with a piece of work.
//
//   Context context{.span = span.context(), .baggage = baggage};
//
// Plain value, cheap to copy, safe to copy between threads. Errors: none.
#pragma once

#include "segue/model/span_context.h"
#include "segue/propagation/baggage.h"

namespace segue {

struct Context {
  SpanContext span;  ///< Invalid when there is no trace to continue.
  Baggage baggage;   ///< Empty when none was sent.
};

}  // namespace segue
