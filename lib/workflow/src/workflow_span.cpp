#include "segue/workflow/workflow_span.h"

#include "segue/model/attributes.h"
#include "segue/workflow/node.h"
#include "segue/workflow/operation.h"
#include "span_name.h"

namespace segue {
namespace {

constexpr OutcomeKeys workflow_keys{attributes::workflow_success, attributes::workflow_duration_ms, true};
constexpr OutcomeKeys operation_keys{attributes::jorge_success, attributes::jorge_duration_ms, false};

void set_if_given(Span& span, std::string_view key, std::string_view value) noexcept {
  if (!value.empty()) span.set(key, value);
}

}  // namespace

WorkflowSpan workflow_span(std::string_view bot, std::string_view node, const WorkflowOptions& options) noexcept {
  const Tracer tracer = default_tracer();
  if (!tracer.is_enabled()) return WorkflowSpan(ScopedSpan(), workflow_keys);
  const Attribute at_start[] = {{attributes::workflow_bot_type, bot}, {attributes::workflow_node_name, node}};
  WorkflowSpan span(tracer.start_scoped_span(detail::SpanName{bot, ".", node}, {.attributes = at_start}),
                    workflow_keys);
  if (!span.is_recording()) return span;
  set_if_given(span, attributes::workflow_contact_id, options.contact_id);
  set_if_given(span, attributes::workflow_conversation_id, options.conversation_id);
  for (const Attribute& attribute : options.attributes) {
    span.set(Attribute{detail::SpanName{"workflow.", attribute.key}, attribute.value});
  }
  return span;
}

OperationSpan trace_operation(std::string_view service, std::string_view operation) noexcept {
  const Tracer tracer = default_tracer();
  if (!tracer.is_enabled()) return OperationSpan(ScopedSpan(), operation_keys);
  const Attribute at_start[] = {{attributes::jorge_service, service}, {attributes::jorge_operation, operation}};
  return OperationSpan(tracer.start_scoped_span(detail::SpanName{service, ".", operation}, {.attributes = at_start}),
                       operation_keys);
}

std::string get_trace_id() {
  const SpanContext& current = current_span_context();
  return current.is_valid() ? current.trace_id.to_hex() : std::string();
}

namespace detail {

WorkflowSpan start_node_span(std::string_view bot, std::string_view node, const StateFields& fields) noexcept {
  WorkflowSpan span =
      workflow_span(bot, node, {.contact_id = fields.contact_id, .conversation_id = fields.conversation_id});
  set_if_given(span, attributes::workflow_current_step, fields.current_step);
  set_if_given(span, attributes::workflow_temperature, fields.temperature);
  return span;
}

}  // namespace detail
}  // namespace segue
