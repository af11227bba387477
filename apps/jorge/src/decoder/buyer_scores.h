// The buyer scores: money, urgency and clarity of somebody who may buy, and what to ask next.
//
//   const BuyerScores scores = score_buyer(conversation.history);
//   scores.temperature;                 // "lukewarm"
//   scores.next_qualification_step;     // "timeline"
//
// Only what the contact wrote counts. Thread safety: pure functions. Errors: none.
#pragma once

#include <span>
#include <string_view>

#include "conversation/conversation.h"

namespace jorge {

/// Each score is 0 to 100.
struct BuyerScores {
  double financial_readiness = 0.0;
  double budget_clarity = 0.0;
  double financing_status = 0.0;
  double urgency = 0.0;
  double timeline_pressure = 0.0;
  double consequence_awareness = 0.0;
  double preference_clarity = 0.0;
  double market_realism = 0.0;
  double decision_authority = 0.0;
  double confidence = 0.0;
  std::string_view temperature;
  std::string_view next_qualification_step;

  /// Able and willing: money and urgency both at least 50.
  bool is_qualified() const noexcept { return financial_readiness >= 50 && urgency >= 50; }
};

/// The scores of a conversation, oldest message first.
BuyerScores score_buyer(std::span<const Message> history);

}  // namespace jorge
