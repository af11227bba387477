// One handoff of one conversation, from the wish to the new owner, under its own span.
//
//   auto report = flow.hand_over(conversation, wanted);
//   if (report && report->result.outcome == HandoffOutcome::Executed) // conversation.owner is the target now
//
// The span `handoff.{source}_to_{target}` is current for all of it and says how it ended; when the handoff was
// executed its context goes into the conversation, where the contact's next message finds it.
// Thread safety: any thread, but one handoff per contact at a time. Errors: those of the store.
#pragma once

#include "conversation/conversation.h"
#include "handoff/handoff_service.h"
#include "segue/base/result.h"
#include "store/conversation_store.h"

namespace jorge {

struct HandoffReport {
  HandoffRoute route;
  HandoffResult result;
};

class HandoffFlow {
 public:
  HandoffFlow(HandoffService& handoffs, ConversationStore& store, Clock clock);

  /// Evaluates and, if the rules allow it, executes `wanted`; changes and stores the conversation accordingly.
  segue::Result<HandoffReport> hand_over(Conversation& conversation, const HandoffDecision& wanted) const;

 private:
  HandoffResult decide_and_execute(const Conversation& conversation) const;

  HandoffService& handoffs_;
  ConversationStore& store_;
  Clock clock_;
};

}  // namespace jorge
