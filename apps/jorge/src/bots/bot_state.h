// What every bot's nodes work on: the conversation, the message to answer, and the answer.
//
// Plain data; each message brings its own. Thread safety: none. Errors: none.
#pragma once

#include <string>

#include "conversation/conversation.h"
#include "segue/workflow/state_fields.h"

namespace jorge {

struct BotState {
  Conversation conversation;  ///< Its history ends with the message below.
  std::string message;
  std::string response;  ///< What to reply; empty until a node has decided.
};

/// What the spans of a bot's nodes say about whom they serve and where the conversation stands.
inline segue::StateFields segue_state_fields(const BotState& state) {
  return {.contact_id = state.conversation.contact_id,
          .conversation_id = state.conversation.conversation_id,
          .current_step = state.conversation.current_step,
          .temperature = state.conversation.temperature};
}

}  // namespace jorge
