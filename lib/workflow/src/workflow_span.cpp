#include "segue/workflow/workflow_span.h"

#include <new>

#include "redacted.h"
#include "redacted_values.h"
#include "segue/model/attributes.h"
#include "segue/trace/detail/span_name.h"
#include "segue/workflow/operation.h"
#include "span_start.h"

namespace segue {
namespace {

constexpr OutcomeSpan::OutcomeKeys operation_keys{attributes::jorge_success, attributes::jorge_duration_ms, false};

/// Records an application's value as `workflow.<key>`, as far as the redactor lets it.
void set_own(WorkflowSpan& span, std::string_view key, const AttributeValue& value) noexcept {
  const detail::SpanName full_key{attributes::workflow_prefix, key};
  if (!detail::has_redactor()) {
    span.set(Attribute{full_key, value});
    return;
  }
  try {
    detail::RedactedValues redacted;
    if (const auto shown = redacted.value(full_key, value)) span.set(Attribute{full_key, *shown});
  } catch (const std::bad_alloc&) {
    return;  // rather nothing than what should not be seen
  }
}

}  // namespace

WorkflowSpan workflow_span(std::string_view bot, std::string_view node, const WorkflowOptions& options) noexcept {
  const detail::SpanStart start{
      .bot = bot,
      .node = node,
      .fields = {.contact_id = options.contact_id, .conversation_id = options.conversation_id}};
  WorkflowSpan span = start.open();
  if (!span.is_recording()) return span;
  for (const WorkflowAttribute& attribute : options.attributes) {
    if (const auto& value = attribute.value.get()) set_own(span, attribute.key, *value);
  }
  return span;
}

OperationSpan trace_operation(std::string_view service, std::string_view operation) noexcept {
  const Tracer tracer = default_tracer();
  if (!tracer.is_enabled()) return OperationSpan(ScopedSpan(), SpanId(), operation_keys);
  const detail::SpanName name{service, ".", operation};
  const Attribute at_start[] = {{attributes::jorge_service, service},
                                {attributes::jorge_operation, operation},
                                {attributes::code_function_name, std::string_view(name)}};
  const SpanId parent_id = current_span_context().span_id;
  return OperationSpan(tracer.start_scoped_span(name, {.attributes = at_start}), parent_id, operation_keys);
}

void add_workflow_event(std::string_view name, Attributes attributes) noexcept {
  CurrentSpan span;
  if (!detail::has_redactor()) {
    span.add_event(name, attributes);
    return;
  }
  if (!span.is_recording()) return;
  try {
    detail::RedactedValues redacted;
    span.add_event(name, redacted.all(attributes));
  } catch (const std::bad_alloc&) {
    return;
  }
}

std::string get_trace_id() {
  const SpanContext& current = current_span_context();
  return current.is_valid() ? current.trace_id.to_hex() : std::string();
}

}  // namespace segue
