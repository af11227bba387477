#include "segue/workflow/handoff.h"

#include <new>
#include <string>

#include "failure.h"
#include "segue/model/attributes.h"
#include "segue/trace/current.h"
#include "segue/trace/detail/span_name.h"
#include "segue/workflow/redaction.h"
#include "segue/workflow/semantic_conventions.h"
#include "span_start.h"

namespace segue {
namespace {

/// The baggage of `context` with who is handed over; what does not fit into baggage's limits stays behind.
void add_baggage(Context& context, const HandoffOptions& options) noexcept try {
  const std::string hash = contact_hash(options.contact_id);
  const std::pair<std::string_view, std::string_view> members[] = {
      {attributes::workflow_origin_bot, options.source_bot},
      {attributes::workflow_conversation_id, options.conversation_id},
      {attributes::workflow_contact_hash, hash}};
  for (const auto& [key, value] : members) {
    if (value.empty()) continue;
    if (auto more = context.baggage.with(key, value)) context.baggage = *std::move(more);
  }
} catch (const std::bad_alloc&) {
  return;  // the handoff goes without
}

void add_target(detail::AttributeList& list, const HandoffOptions& options) noexcept {
  list.add(attributes::handoff_source_bot, options.source_bot);
  list.add(attributes::handoff_target_bot, options.target_bot);
  list.add(attributes::handoff_confidence, options.confidence);
  list.add(attributes::handoff_reason, options.reason);
  list.add(attributes::handoff_mode, to_string(options.mode));
  list.add(attributes::handoff_target_type, to_string(options.target_type));
  list.add(attributes::handoff_carrier, to_string(options.carrier));
  list.add(attributes::gen_ai_operation_name, "handoff");
  list.add(attributes::gen_ai_agent_name, options.source_bot);
  list.add(attributes::gen_ai_handoff_to_agent, options.target_bot);
  if (semantic_conventions() != SemanticConventions::Experimental) return;
  list.add(attributes::gen_ai_transfer_mode, to_string(options.mode));
  list.add(attributes::gen_ai_transfer_target_type, to_string(options.target_type));
  list.add(attributes::gen_ai_transfer_target_name, options.target_bot);
  list.add(attributes::gen_ai_caller_name, options.source_bot);
  list.add(attributes::gen_ai_handoff_reason, options.reason);
}

}  // namespace

HandoffSpan create_handoff_span(const HandoffOptions& options) noexcept {
  const Tracer tracer = default_tracer();
  if (!tracer.is_enabled()) return HandoffSpan(ScopedSpan(), SpanId());
  std::string contact;
  std::string conversation;
  detail::AttributeList list;
  add_target(list, options);
  detail::add_contact(list, attributes::handoff_contact_id, options.contact_id, contact);
  detail::add_conversation(list, options.conversation_id, conversation);
  Context parent;
  const bool has_baggage = options.baggage == HandoffBaggage::Identity;
  if (has_baggage) {
    parent = current_context();
    add_baggage(parent, options);
  }
  const SpanId parent_id = current_span_context().span_id;
  const SpanKind kind = options.carrier == HandoffCarrier::Queue ? SpanKind::Producer : SpanKind::Internal;
  return HandoffSpan(
      tracer.start_scoped_span(detail::SpanName{"handoff.", options.source_bot, "_to_", options.target_bot},
                               {.kind = kind, .parent = has_baggage ? &parent : nullptr, .attributes = list.all()}),
      parent_id);
}

void HandoffSpan::set_outcome(HandoffOutcome outcome, std::string_view reason) noexcept {
  outcome_ = outcome;
  if (outcome == HandoffOutcome::Failed) detail::record_failure(*this, reason, "_OTHER");
  const bool was_held_back = outcome == HandoffOutcome::Blocked || outcome == HandoffOutcome::Deferred;
  if (was_held_back && !reason.empty()) set(attributes::handoff_blocked_by, reason);
}

void HandoffSpan::fail(const std::exception& exception) noexcept {
  outcome_ = HandoffOutcome::Failed;
  detail::record_failure(*this, parent_, exception);
}

void HandoffSpan::end() noexcept {
  if (is_recording()) {
    const bool left_by_exception = std::uncaught_exceptions() > exceptions_at_start_;
    if (left_by_exception && outcome_ == HandoffOutcome::Executed) set_failed("left by an exception");
    set(attributes::handoff_outcome, to_string(outcome_));
    if (outcome_ == HandoffOutcome::Executed) set_status(StatusCode::Ok);
  }
  ScopedSpan::end();
}

}  // namespace segue
