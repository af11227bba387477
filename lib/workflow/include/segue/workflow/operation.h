// Service operations: `{service}.{operation}`, e.g. jorge.handoff.execute_handoff.
//
//   auto operation = segue::trace_operation("jorge.handoff", "execute_handoff");
//   if (!locked) operation.fail("another handoff is under way", "locked");
//
//   auto execute = segue::trace_operation("jorge.handoff", "execute_handoff", &HandoffService::execute);
//   execute(service, decision);                     // each call is a span; co_await works too
//
// Attributes jorge.service, jorge.operation, at the end jorge.success and jorge.duration_ms; the status stays unset on
// success, as the original system has it. Thread safety and errors: those of a workflow span.
#pragma once

#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "segue/workflow/detail/traced_callable.h"

namespace segue {

#if !defined(SEGUE_NO_TRACING)

class OperationSpan : public OutcomeSpan {
 private:
  using OutcomeSpan::OutcomeSpan;
  friend OperationSpan trace_operation(std::string_view, std::string_view) noexcept;
};

/// Opens the operation's span and makes it current.
OperationSpan trace_operation(std::string_view service, std::string_view operation) noexcept;

#endif

namespace detail {

struct OperationOpener {
  std::string service;
  std::string operation;

  template <class... Arguments>
  OperationSpan open(const Arguments&...) const {
    return trace_operation(service, operation);
  }
};

}  // namespace detail

template <class Callable>
using TracedOperation = detail::TracedCallable<detail::OperationOpener, Callable>;

/// Wraps a function, member function, lambda or coroutine, as `trace_workflow_node` does.
template <class Callable>
TracedOperation<std::decay_t<Callable>> trace_operation(std::string_view service, std::string_view operation,
                                                        Callable&& callable) {
  return {{std::string(service), std::string(operation)}, std::forward<Callable>(callable)};
}

}  // namespace segue
