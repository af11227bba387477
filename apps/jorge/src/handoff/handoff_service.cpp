#include "handoff/handoff_service.h"

#include <algorithm>

#include "segue/base/random.h"
#include "segue/model/attributes.h"
#include "segue/workflow/operation.h"
#include "segue/workflow/trace_columns.h"

namespace jorge {
namespace {

using segue::Result;

constexpr std::string_view service_name = "jorge.handoff";
constexpr std::chrono::seconds lock_timeout{30};
constexpr std::chrono::hours remembered{24};

/// A deferred handoff speaks for its target as loudly as the message that caused it did.
IntentSignals with_deferred(IntentSignals signals, const DeferredHandoff& deferred) {
  double& score = deferred.target == Bot::Buyer ? signals.buyer_score : signals.seller_score;
  score = std::max(score, deferred.confidence);
  return signals;
}

HandoffResult blocked(std::string blocked_by, std::string reason) {
  return {HandoffOutcome::Blocked, std::move(blocked_by), std::move(reason)};
}

HandoffResult failed(const segue::Error& error) { return {HandoffOutcome::Failed, {}, error.message}; }

bool may_pass(const segue::Error& error) {
  return error.code == segue::Errc::Unavailable || error.code == segue::Errc::DeadlineExceeded;
}

}  // namespace

HandoffQuestion handoff_question(const Conversation& conversation) {
  HandoffQuestion question{.owner = conversation.owner,
                           .contact_id = conversation.contact_id,
                           .history = {},
                           .message = {},
                           .deferred = conversation.deferred};
  for (const Message& message : conversation.history) {
    if (message.role == Role::Contact) question.history.push_back(message);
  }
  if (question.history.empty()) return question;
  question.message = intent_signals(question.history.back().text);
  question.history.pop_back();
  return question;
}

HandoffService::HandoffService(ConversationStore& store, GhlClient& crm, Clock clock)
    : store_(store), crm_(crm), clock_(std::move(clock)) {}

Result<std::optional<HandoffDecision>> HandoffService::wanted_handoff(const HandoffQuestion& question) {
  IntentSignals signals = blend_signals(question.message, intent_signals_of_history(question.history));
  if (question.deferred && clock_() - question.deferred->time < remembered) {
    signals = with_deferred(std::move(signals), *question.deferred);
  }
  const auto target = wanted_target(question.owner, signals);
  if (!target) return std::optional<HandoffDecision>();
  const HandoffRoute route{question.owner, *target};
  const auto adjustment = learned(route);
  if (!adjustment) return adjustment.error();
  const auto threshold = adjusted_threshold(route, *adjustment);
  const double confidence = *target == Bot::Buyer ? signals.buyer_score : signals.seller_score;
  if (!threshold || confidence < *threshold) return std::optional<HandoffDecision>();
  return std::optional(HandoffDecision{route, std::string(short_name(*target)) + "_intent_detected", confidence});
}

Result<HandoffEvaluation> HandoffService::evaluate_handoff(const HandoffQuestion& question) {
  segue::OperationSpan operation = segue::trace_operation(service_name, "evaluate_handoff");
  auto evaluation = evaluate(question);
  if (!evaluation) operation.fail(evaluation.error().message);
  if (evaluation && !evaluation->decision) {
    operation.set(segue::attributes::handoff_blocked_by, evaluation->blocked_by);
  }
  return evaluation;
}

Result<HandoffEvaluation> HandoffService::evaluate(const HandoffQuestion& question) {
  auto wanted = wanted_handoff(question);
  if (!wanted) return wanted.error();
  HandoffEvaluation evaluation;
  if (!*wanted) {
    evaluation.blocked_by = "threshold";
    evaluation.reason = "no intent reaches the threshold";
    return evaluation;
  }
  const TimePoint now = clock_();
  const auto history = store_.handoffs_since(question.contact_id, now - remembered);
  if (!history) return history.error();
  if (auto circle = circular_reason((*wanted)->route, question.contact_id, *history, now)) {
    evaluation.blocked_by = "circular";
    evaluation.reason = std::move(*circle);
    return evaluation;
  }
  evaluation.reason = (*wanted)->reason;
  evaluation.decision = std::move(*wanted);
  return evaluation;
}

HandoffResult HandoffService::execute_handoff(const HandoffDecision& decision, std::string_view contact_id) {
  segue::TraceColumns trace = segue::current_trace_columns();  // before the operation's own span is current
  segue::OperationSpan operation = segue::trace_operation(service_name, "execute_handoff");
  HandoffResult result = execute(decision, contact_id, std::move(trace));
  operation.set(segue::attributes::handoff_outcome, to_string(result.outcome));
  if (result.outcome == HandoffOutcome::Blocked) {
    operation.set(segue::attributes::handoff_blocked_by, result.blocked_by);
  } else if (result.outcome != HandoffOutcome::Executed) {
    operation.fail(result.reason);
  }
  return result;
}

HandoffResult HandoffService::execute(const HandoffDecision& decision, std::string_view contact_id,
                                      segue::TraceColumns trace) {
  const std::string lock_name = "handoff:" + std::string(contact_id);
  const std::string owner = std::to_string(segue::random_bits());
  const auto locked = store_.acquire_lease(lock_name, owner, clock_(), lock_timeout);
  if (!locked) return failed(locked.error());
  if (!*locked) return blocked("lock", "Concurrent handoff in progress for this contact");
  HandoffResult result = execute_locked(decision, contact_id, std::move(trace));
  // A lock that can't be given back only delays the next handoff until it times out.
  (void)store_.release_lease(lock_name, owner);
  return result;
}

HandoffResult HandoffService::execute_locked(const HandoffDecision& decision, std::string_view contact_id,
                                             segue::TraceColumns trace) {
  const TimePoint now = clock_();
  const auto history = store_.handoffs_since(contact_id, now - remembered);
  if (!history) return failed(history.error());
  // Asked again under the lock: another process may have handed the contact over since the evaluation.
  if (auto circle = circular_reason(decision.route, contact_id, *history, now)) {
    return blocked("circular", std::move(*circle));
  }
  if (auto limit = rate_limit_reason(contact_id, *history, now)) return blocked("rate_limit", std::move(*limit));
  HandoffResult result = move_tags(decision, contact_id);
  if (result.outcome != HandoffOutcome::Executed) return result;
  const auto recorded = store_.record_handoff(
      contact_id,
      {.source = decision.route.source, .target = decision.route.target, .time = now, .trace = std::move(trace)});
  if (!recorded) return failed(recorded.error().with_context("the tags moved, but recording the handoff"));
  return result;
}

HandoffResult HandoffService::move_tags(const HandoffDecision& decision, std::string_view contact_id) {
  const std::string source_tag(owner_tag(decision.route.source));
  const std::string target_tag(owner_tag(decision.route.target));
  if (const auto removed = crm_.remove_tags(contact_id, {source_tag}); !removed) {
    HandoffResult result = failed(removed.error().with_context("remove tag " + source_tag));
    if (may_pass(removed.error())) result.outcome = HandoffOutcome::Deferred;
    return result;
  }
  const auto added = crm_.add_tags(contact_id, {target_tag, handoff_tag(decision.route)});
  if (added) return {HandoffOutcome::Executed, {}, decision.reason};
  HandoffResult result = failed(added.error().with_context("add tag " + target_tag));
  if (const auto restored = crm_.add_tags(contact_id, {source_tag}); !restored) {
    result.reason += "; the contact is left without a bot's tag: " + restored.error().message;
  }
  return result;
}

Result<void> HandoffService::record_outcome(HandoffRoute route, bool successful) {
  if (!base_threshold(route)) {
    return segue::Error{segue::Errc::InvalidArgument, "there is no handoff route " + to_string(route)};
  }
  return store_.record_outcome(route.source, route.target, successful, clock_());
}

Result<LearnedAdjustment> HandoffService::learned(HandoffRoute route) {
  const auto counts = store_.outcome_counts(route.source, route.target);
  if (!counts) return counts.error();
  return learned_adjustment(*counts);
}

}  // namespace jorge
