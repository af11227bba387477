// What Jorge remembers of one contact: who owns it, what was said, what it answered, its last handoff.
//
// Plain data, kept by `ConversationStore`. Thread safety: none; the webhook handles one message
// per contact at a time. Errors: none.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "conversation/bot.h"
#include "segue/workflow/trace_columns.h"

namespace jorge {

using TimePoint = std::chrono::system_clock::time_point;

enum class Role : std::uint8_t { Contact, Bot };

struct Message {
  Role role = Role::Contact;
  std::string text;
  TimePoint time;
};

/// A handoff the CRM could not take yet; the contact's next message tries it again.
struct DeferredHandoff {
  Bot target = Bot::Buyer;
  double confidence = 0.0;
  TimePoint time;
};

/// The trace context of the contact's last executed handoff.
struct HandoffTrace {
  segue::TraceColumns context;
  TimePoint time;
};

struct Conversation {
  std::string contact_id;
  std::string conversation_id;  ///< The CRM's thread id; empty where it never sent one.
  Bot owner = Bot::Lead;
  std::vector<std::string> tags;
  std::string current_step = "initial";
  std::string temperature = "cold";
  std::map<std::string, std::string> answers;  ///< Question key to the contact's answer.
  std::string pending_question;                ///< The key of the question asked last; empty if none.
  std::optional<DeferredHandoff> deferred;
  std::optional<HandoffTrace> handoff_trace;  ///< Without one there is nothing to continue.
  std::vector<Message> history;               ///< Oldest first, at most the last 50.
};

}  // namespace jorge
