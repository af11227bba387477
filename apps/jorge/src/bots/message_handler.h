// Takes one message of a contact through rules, handoff and bot, to an answer.
//
//   MessageHandler handler(store, crm, handoffs, graphs, clock);
//   const auto lock = contact_locks.hold(message.contact_id);
//   auto conversation = store.load(message.contact_id);
//   auto answer = handler.handle(message, *std::move(conversation));
//
// When a handoff is executed the target bot answers the same message.
// Thread safety: any thread, but one message per contact at a time; the caller holds the contact's lock.
// Errors: of the store or a bot; the message then counts as not handled and may be sent again.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bots/bot_graphs.h"
#include "bots/handoff_flow.h"
#include "conversation/conversation.h"
#include "conversation/inbound_message.h"
#include "crm/ghl_client.h"
#include "handoff/handoff_service.h"
#include "segue/base/result.h"
#include "store/conversation_store.h"

namespace jorge {

/// Something that happened to the contact, as the webhook's answer lists it.
struct Action {
  std::string type;   ///< "send_message", "add_tag" or "remove_tag"
  std::string value;  ///< The message or the tag.
};

struct Answer {
  std::string_view status;  ///< "replied", "duplicate", "ignored", "inactive" or "opted_out"
  std::string message;      ///< The reply; empty where there is none.
  std::optional<Bot> bot = {};
  std::vector<Action> actions = {};
  std::optional<HandoffReport> handoff = {};
};

struct MessageHandlerOptions {
  /// A repeat of the same text by the same contact within this time is not answered again.
  std::chrono::seconds duplicate_window{90};
  /// Send replies through the CRM as well; off: they are only in the webhook's answer.
  bool sends_replies = false;
};

class MessageHandler {
 public:
  MessageHandler(ConversationStore& store, GhlClient& crm, HandoffService& handoffs, const BotGraphs& graphs,
                 Clock clock, MessageHandlerOptions options = {});

  /// Answers `message`; `conversation` is what the store has of its contact.
  segue::Result<Answer> handle(const InboundMessage& message, Conversation conversation);

 private:
  segue::Result<Answer> handle_once(const InboundMessage& message, Conversation conversation);
  segue::Result<Answer> opt_out(Conversation& conversation);
  segue::Result<Answer> answer_with_bots(Conversation& conversation);
  segue::Result<Answer> answer_as_lead(Conversation& conversation);
  segue::Result<Answer> answer_as_owner(Conversation& conversation);
  void deliver(const Conversation& conversation, const Answer& answer);

  ConversationStore& store_;
  GhlClient& crm_;
  HandoffService& handoffs_;
  HandoffFlow handoff_flow_;
  const BotGraphs& graphs_;
  Clock clock_;
  MessageHandlerOptions options_;
};

}  // namespace jorge
