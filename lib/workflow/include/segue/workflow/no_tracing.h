// The workflow API's spans with nothing behind them, for programs built with SEGUE_NO_TRACING (see segue/trace/no_tracing.h).
//
// Included by the headers whose names it stands in for; never by applications. What is not a span (handoffs, redaction,
// carriers, the runs of graphs) has its empty form where it is declared, beside the real one.
#pragma once

#if defined(SEGUE_NO_TRACING)

#include <cstdint>
#include <exception>
#include <string>
#include <string_view>

#include "segue/trace/no_tracing.h"
#include "segue/workflow/workflow_attributes.h"

namespace segue {

class OutcomeSpan : public ScopedSpan {
 public:
  void fail(const std::exception&) noexcept {}
  void fail(std::string_view, std::string_view = {}) noexcept {}
};

struct WorkflowOptions {
  std::string_view contact_id = {};
  std::string_view conversation_id = {};
  WorkflowAttributes attributes = {};
};

class WorkflowSpan : public OutcomeSpan {};
class OperationSpan : public OutcomeSpan {};

inline WorkflowSpan workflow_span(std::string_view, std::string_view, const WorkflowOptions& = {}) noexcept {
  return {};
}
inline OperationSpan trace_operation(std::string_view, std::string_view) noexcept { return {}; }
inline void add_workflow_event(std::string_view, Attributes = {}) noexcept {}
inline std::string get_trace_id() { return {}; }

}  // namespace segue

#endif
