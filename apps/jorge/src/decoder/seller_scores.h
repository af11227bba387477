// The seller scores: worries, price ideas and urgency of somebody who may sell, and what to ask next.
//
//   const SellerScores scores = score_seller(conversation.history);
//   scores.temperature;                 // "lukewarm"
//   scores.next_qualification_step;     // "motivation"
//
// Only what the contact wrote counts. Thread safety: pure functions. Errors: none.
#pragma once

#include <span>
#include <string_view>

#include "conversation/conversation.h"

namespace jorge {

/// Each score is 0 to 100.
struct SellerScores {
  double condition_anxiety = 0.0;
  double valuation_confidence = 0.0;
  double prep_readiness = 0.0;
  double listing_urgency = 0.0;
  double price_flexibility = 0.0;
  double motivation_strength = 0.0;
  double confidence = 0.0;
  std::string_view temperature;
  std::string_view next_qualification_step;
};

/// The scores of a conversation, oldest message first.
SellerScores score_seller(std::span<const Message> history);

}  // namespace jorge
