// How strongly a message, or the last messages, speak of buying and of selling.
//
//   const IntentSignals signals = intent_signals("I want to buy, pre-approved, budget is $500k");
//   signals.buyer_score;   // 0.9: three buyer patterns at 0.3 each
//
// Thread safety: pure functions over patterns compiled once. Errors: none.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "conversation/conversation.h"

namespace jorge {

struct IntentSignals {
  double buyer_score = 0.0;   ///< 0 to 1
  double seller_score = 0.0;  ///< 0 to 1
  std::vector<std::string> detected_phrases = {};
};

/// The signals of one text: 0.3 for each pattern found, capped at 1.
IntentSignals intent_signals(std::string_view text);

/// The signals of the last five messages: 0.2 for each pattern found in each, capped at 1, two decimals.
IntentSignals intent_signals_of_history(std::span<const Message> history);

/// `message` with half of `history` added, capped at 1; the phrases are those of the message.
IntentSignals blend_signals(const IntentSignals& message, const IntentSignals& history);

}  // namespace jorge
