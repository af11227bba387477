#include "bots/handoff_flow.h"

#include <algorithm>

#include "segue/model/attributes.h"
#include "segue/workflow/handoff.h"

namespace jorge {
namespace {

/// Makes the conversation what an executed handoff leaves behind.
void change_owner(HandoffRoute route, Conversation& conversation) {
  auto& tags = conversation.tags;
  std::erase(tags, owner_tag(route.source));
  for (const std::string& tag : {std::string(owner_tag(route.target)), handoff_tag(route)}) {
    if (std::find(tags.begin(), tags.end(), tag) == tags.end()) tags.push_back(tag);
  }
  conversation.owner = route.target;
  conversation.deferred.reset();
}

/// Says on the handoff's span how it ended.
void record(const HandoffResult& result, segue::HandoffSpan& span) {
  const bool is_blocked = result.outcome == HandoffOutcome::Blocked;
  span.set_outcome(result.outcome, is_blocked ? result.blocked_by : result.reason);
  if (!is_blocked) return;
  span.add_event("handoff_blocked", {{"reason", result.reason}});
  if (result.blocked_by == "circular") span.set(segue::attributes::handoff_loop_detected, true);
}

}  // namespace

HandoffFlow::HandoffFlow(HandoffService& handoffs, ConversationStore& store, Clock clock)
    : handoffs_(handoffs), store_(store), clock_(std::move(clock)) {}

segue::Result<HandoffReport> HandoffFlow::hand_over(Conversation& conversation, const HandoffDecision& wanted) const {
  segue::HandoffSpan span = segue::create_handoff_span(short_name(wanted.route.source), short_name(wanted.route.target),
                                                       conversation.contact_id, wanted.confidence, wanted.reason);
  HandoffReport report{wanted.route, decide_and_execute(conversation)};
  record(report.result, span);
  if (report.result.outcome == HandoffOutcome::Deferred) {
    conversation.deferred = DeferredHandoff{wanted.route.target, wanted.confidence, clock_()};
  }
  if (report.result.outcome == HandoffOutcome::Executed) {
    change_owner(wanted.route, conversation);
    // Stored at once: the CRM has moved the contact, whatever happens to the rest of this message.
    if (auto saved = store_.save(conversation, {}); !saved) {
      span.set_failed(saved.error().message);
      return saved.error();
    }
  }
  return report;
}

HandoffResult HandoffFlow::decide_and_execute(const Conversation& conversation) const {
  const auto evaluation = handoffs_.evaluate_handoff(handoff_question(conversation));
  if (!evaluation) return {HandoffOutcome::Failed, {}, evaluation.error().message};
  if (!evaluation->decision) return {HandoffOutcome::Blocked, evaluation->blocked_by, evaluation->reason};
  return handoffs_.execute_handoff(*evaluation->decision, conversation.contact_id);
}

}  // namespace jorge
