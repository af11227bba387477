#include "segue/workflow/handoff.h"

#include "segue/model/attributes.h"
#include "span_name.h"

namespace segue {

std::string_view to_string(HandoffOutcome outcome) noexcept {
  switch (outcome) {
    case HandoffOutcome::Executed: return "executed";
    case HandoffOutcome::Deferred: return "deferred";
    case HandoffOutcome::Blocked: return "blocked";
    case HandoffOutcome::Failed: return "failed";
  }
  return "failed";
}

HandoffSpan create_handoff_span(std::string_view source_bot, std::string_view target_bot, std::string_view contact_id,
                                double confidence, std::string_view reason) noexcept {
  const Tracer tracer = default_tracer();
  if (!tracer.is_enabled()) return HandoffSpan(ScopedSpan());
  const Attribute at_start[] = {{attributes::handoff_source_bot, source_bot},
                                {attributes::handoff_target_bot, target_bot},
                                {attributes::handoff_contact_id, contact_id},
                                {attributes::handoff_confidence, confidence},
                                {attributes::handoff_reason, reason}};
  return HandoffSpan(
      tracer.start_scoped_span(detail::SpanName{"handoff.", source_bot, "_to_", target_bot}, {.attributes = at_start}));
}

void HandoffSpan::set_blocked(std::string_view blocked_by) noexcept {
  outcome_ = HandoffOutcome::Blocked;
  set(attributes::handoff_blocked_by, blocked_by);
}

void HandoffSpan::set_deferred(std::string_view reason) noexcept {
  outcome_ = HandoffOutcome::Deferred;
  set(attributes::handoff_blocked_by, reason);
}

void HandoffSpan::set_failed(std::string_view message) noexcept {
  outcome_ = HandoffOutcome::Failed;
  set_status(StatusCode::Error, message);
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
