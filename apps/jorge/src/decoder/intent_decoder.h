// The intent decoder: how ready a lead is (FRS), how committed (PCS), what it wants, what to do next.
//
//   const LeadIntentProfile profile = analyze_lead(conversation.history);
//   profile.readiness.total;            // 86.5
//   to_string(profile.readiness.level); // "Hot"
//
// The text looked at is every message of every role, as the scores' definition has it.
// Thread safety: pure functions. Errors: none; an empty history scores as neutral.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "conversation/conversation.h"

namespace jorge {

enum class ReadinessLevel : std::uint8_t { Hot, Warm, Lukewarm, Cold };
enum class LeadType : std::uint8_t { Unknown, Buyer, Seller };

std::string_view to_string(ReadinessLevel level) noexcept;
std::string_view to_string(LeadType type) noexcept;

/// The financial readiness score (FRS): four pillars of 0 to 100 and their weighted sum.
struct FinancialReadiness {
  double total = 0.0;
  ReadinessLevel level = ReadinessLevel::Cold;
  int motivation = 0;
  int timeline = 0;
  int condition = 0;
  int price = 0;
  bool is_price_aware = false;  ///< The lead spoke of estimates, comparables or market value.
};

/// The psychological commitment score (PCS), 0 to 100, and the parts that depend on the text.
struct PsychologicalCommitment {
  double total = 0.0;
  int message_length = 0;
  int question_depth = 0;
  int call_acceptance = 0;
};

struct LeadIntentProfile {
  FinancialReadiness readiness;
  PsychologicalCommitment commitment;
  LeadType lead_type = LeadType::Unknown;
  std::string_view next_best_action;
  double buyer_intent_confidence = 0.0;
  double seller_intent_confidence = 0.0;
  std::vector<std::string> detected_phrases;
};

/// The profile of a conversation, oldest message first.
LeadIntentProfile analyze_lead(std::span<const Message> history);

}  // namespace jorge
