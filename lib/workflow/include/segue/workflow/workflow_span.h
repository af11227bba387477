// Workflow spans: one step of a bot, named `{bot}.{node}`.
//
//   segue::WorkflowSpan span = segue::workflow_span("seller_bot", "calculate_frs", {.contact_id = lead.id});
//   span.set("seller.frs_score", frs);
//   segue::add_workflow_event("frs_calculated", {{"score", frs}});
//
// Attributes: workflow.bot_type, workflow.node_name, workflow.contact_id and gen_ai.agent.name from the start, where a sampler
// sees them; at the end workflow.success and workflow.duration_ms; status OK on success, Error with one exception event on
// failure. Prefer `trace_workflow_node`, which sees the exception itself; use this where a step is not a function.
// Thread safety: call from any thread; a span may follow its coroutine. Errors: none, and no cost when tracing is off.
#pragma once

#include <coroutine>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "segue/trace/current.h"
#include "segue/workflow/outcome_span.h"
#include "segue/workflow/workflow_attributes.h"
#if defined(SEGUE_NO_TRACING)
#include "segue/workflow/no_tracing.h"
#endif

namespace segue {

#if !defined(SEGUE_NO_TRACING)

struct WorkflowOptions {
  /// The person the step is about; empty: not recorded.
  std::string_view contact_id = {};
  /// The conversation with that person; empty: not recorded.
  std::string_view conversation_id = {};
  /// The application's own values, recorded as `workflow.<key>`; what is null is not.
  WorkflowAttributes attributes = {};
};

namespace detail {
struct SpanStart;
}

class WorkflowSpan : public OutcomeSpan {
 private:
  using OutcomeSpan::OutcomeSpan;
  friend struct detail::SpanStart;
};

/// Opens the span of `node` of `bot` and makes it current. Use few distinct names: never put an id into one.
WorkflowSpan workflow_span(std::string_view bot, std::string_view node, const WorkflowOptions& options = {}) noexcept;

/// Adds an event to the innermost span; does nothing where there is none. The redactor sees its texts (redaction.h).
void add_workflow_event(std::string_view name, Attributes attributes = {}) noexcept;

/// The current trace id as 32 lower-case hex digits, or "".
std::string get_trace_id();

#endif

namespace detail {

template <class T>
concept Coroutine = requires { typename std::coroutine_traits<T>::promise_type; };

}  // namespace detail

/// Runs the coroutine `body(span)` inside a workflow span and gives what it gives. The span is current in
/// `body`, also after it was resumed on another thread (with an executor from segue::asio).
template <class Body>
  requires detail::Coroutine<std::invoke_result_t<Body&, WorkflowSpan&>>
std::invoke_result_t<Body&, WorkflowSpan&> async_workflow_span(std::string bot, std::string node,
                                                               std::string contact_id, Body body) {
  WorkflowSpan span = workflow_span(bot, node, {.contact_id = contact_id});
  try {
    co_return co_await body(span);
  } catch (const std::exception& exception) {
    span.fail(exception);
    throw;
  }
}

/// True while spans are recorded for real: tracing was set up, is not disabled and not shut down.
inline bool is_tracing_enabled() noexcept { return default_tracer().is_enabled(); }

}  // namespace segue
