// Handing a contact from one bot to another: may it be, and doing it in the CRM.
//
//   HandoffService handoffs(store, crm);
//   auto evaluation = handoffs.evaluate_handoff({Bot::Lead, contact_id, earlier_messages, signals});
//   if (evaluation && evaluation->decision) {
//     const HandoffResult result = handoffs.execute_handoff(*evaluation->decision, contact_id);
//     // result.outcome is Executed, Deferred, Blocked or Failed, and result.reason says why
//   }
//
// Thread safety: all functions, from any thread and any number of processes on one store; a contact's
// handoff runs once at a time under a lease only its holder can give back.
// Errors: a store that can't answer fails the evaluation; an execution never fails silently.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "conversation/conversation.h"
#include "crm/ghl_client.h"
#include "decoder/intent_signals.h"
#include "handoff/handoff_rules.h"
#include "segue/base/result.h"
#include "segue/workflow/handoff.h"
#include "store/conversation_store.h"

namespace jorge {

using Clock = std::function<TimePoint()>;

struct HandoffDecision {
  HandoffRoute route;
  std::string reason;  ///< "buyer_intent_detected"
  double confidence = 0.0;
};

struct HandoffQuestion {
  Bot owner = Bot::Lead;
  std::string_view contact_id;
  std::vector<Message> history;  ///< What the contact wrote before this message.
  IntentSignals message;         ///< The signals of this message.
  std::optional<DeferredHandoff> deferred = {};
};

/// The question that the last message of `conversation` raises. The bots' own messages don't count as intent.
HandoffQuestion handoff_question(const Conversation& conversation);

/// A decision, or the rule that stands against one.
struct HandoffEvaluation {
  std::optional<HandoffDecision> decision;
  std::string blocked_by;  ///< "threshold" or "circular"; empty with a decision.
  std::string reason;
};

using segue::HandoffOutcome;

struct HandoffResult {
  HandoffOutcome outcome = HandoffOutcome::Failed;
  std::string blocked_by;  ///< "threshold", "circular", "rate_limit" or "lock"; empty unless blocked.
  std::string reason;
};

class HandoffService {
 public:
  HandoffService(ConversationStore& store, GhlClient& crm, Clock clock);

  /// The handoff that the signals ask for, whatever the rules may say about it: message, half of the
  /// history, and a deferred handoff not older than a day. Nothing if they stay below the threshold.
  segue::Result<std::optional<HandoffDecision>> wanted_handoff(const HandoffQuestion& question);

  /// The wanted handoff, unless it would go in a circle.
  segue::Result<HandoffEvaluation> evaluate_handoff(const HandoffQuestion& question);

  /// Moves the contact's tags in the CRM: removes the source's, adds the target's and the handoff's mark.
  /// Deferred: the CRM was away before anything changed. Failed: it refused; the source tag is put back.
  /// Executed: recorded with the context that is current here, for the contact's next message to continue.
  HandoffResult execute_handoff(const HandoffDecision& decision, std::string_view contact_id);

  /// Remembers how a handoff turned out; routes learn from these.
  segue::Result<void> record_outcome(HandoffRoute route, bool successful);

  segue::Result<LearnedAdjustment> learned(HandoffRoute route);

 private:
  segue::Result<HandoffEvaluation> evaluate(const HandoffQuestion& question);
  HandoffResult execute(const HandoffDecision& decision, std::string_view contact_id, segue::TraceColumns trace);
  HandoffResult execute_locked(const HandoffDecision& decision, std::string_view contact_id, segue::TraceColumns trace);
  HandoffResult move_tags(const HandoffDecision& decision, std::string_view contact_id);

  ConversationStore& store_;
  GhlClient& crm_;
  Clock clock_;
};

}  // namespace jorge
