// Service operations: `{service}.{operation}`, e.g. jorge.handoff.execute_handoff.
//
//   auto operation = segue::trace_operation("jorge.handoff", "execute_handoff");
//   if (!locked) operation.fail("another handoff is under way");
//
// Attributes jorge.service, jorge.operation, at the end jorge.success and jorge.duration_ms; the status stays unset on
// success, as the original system has it. Thread safety and errors: those of a workflow span.
#pragma once

#if defined(SEGUE_NO_TRACING)
#include "segue/workflow/no_tracing.h"
#else

#include <string_view>

#include "segue/workflow/outcome_span.h"

namespace segue {

class OperationSpan : public OutcomeSpan {
 private:
  using OutcomeSpan::OutcomeSpan;
  friend OperationSpan trace_operation(std::string_view, std::string_view) noexcept;
};

/// Opens the operation's span and makes it current.
OperationSpan trace_operation(std::string_view service, std::string_view operation) noexcept;

}  // namespace segue

#endif
