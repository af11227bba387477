#include "decoder/intent_decoder.h"

#include <algorithm>
#include <array>

#include "decoder/intent_signals.h"
#include "text/rounding.h"
#include "text/text.h"

namespace jorge {
namespace {

using Markers = std::span<const std::string_view>;

/// One quarter of the readiness score: which words raise it, which lower it, and to what.
struct Pillar {
  Markers high_markers;
  int high;
  Markers low_markers;
  int low;
};

constexpr int neutral_pillar = 50;

constexpr std::array<std::string_view, 6> high_motivation = {
    "need to sell fast", "relocating in 30 days", "behind on payments", "divorce", "estate", "probate"};
constexpr std::array<std::string_view, 3> low_motivation = {"just browsing", "not sure", "what if rates drop"};
constexpr std::array<std::string_view, 4> high_timeline = {"asap", "30 days", "this month", "immediately"};
constexpr std::array<std::string_view, 3> low_timeline = {"eventually", "when the time is right", "maybe later"};
constexpr std::array<std::string_view, 5> high_condition = {"as-is", "needs work", "fixer", "defect", "discount"};
constexpr std::array<std::string_view, 3> low_condition = {"perfect", "turnkey", "premium pricing"};
constexpr std::array<std::string_view, 4> high_price = {"zestimate", "comps", "comparable", "market value"};

constexpr std::array<std::string_view, 18> buyer_markers = {"looking for",   "want to buy", "searching for",
                                                            "need a home",   "bedroom",     "3 bed",
                                                            "4 bed",         "bd house",    "buying",
                                                            "pre-approved",  "mortgage",    "first time buyer",
                                                            "house hunting", "move in",     "looking to purchase",
                                                            "budget",        "under 700k",  "under 500k"};
constexpr std::array<std::string_view, 12> seller_markers = {"want to sell",
                                                             "selling my",
                                                             "sell my",
                                                             "list my",
                                                             "home value",
                                                             "what's my home worth",
                                                             "thinking about selling",
                                                             "how much is my",
                                                             "considering selling",
                                                             "need to sell",
                                                             "sell the house",
                                                             "put my house on the market"};
constexpr std::array<std::string_view, 5> call_markers = {"call", "phone", "tour", "schedule", "meet"};

bool any_in(std::string_view text, Markers markers) {
  return std::any_of(markers.begin(), markers.end(),
                     [text](std::string_view marker) { return contains(text, marker); });
}

auto count_in(std::string_view text, Markers markers) {
  return std::count_if(markers.begin(), markers.end(),
                       [text](std::string_view marker) { return contains(text, marker); });
}

int pillar_score(std::string_view text, const Pillar& pillar) {
  if (any_in(text, pillar.high_markers)) return pillar.high;
  if (any_in(text, pillar.low_markers)) return pillar.low;
  return neutral_pillar;
}

ReadinessLevel readiness_level(double total) {
  if (total >= 75) return ReadinessLevel::Hot;
  if (total >= 50) return ReadinessLevel::Warm;
  if (total >= 25) return ReadinessLevel::Lukewarm;
  return ReadinessLevel::Cold;
}

FinancialReadiness score_readiness(std::string_view text) {
  FinancialReadiness readiness;
  readiness.motivation = pillar_score(text, {high_motivation, 85, low_motivation, 20});
  readiness.timeline = pillar_score(text, {high_timeline, 90, low_timeline, 20});
  readiness.condition = pillar_score(text, {high_condition, 85, low_condition, 20});
  readiness.price = pillar_score(text, {high_price, 85, {}, 0});
  readiness.is_price_aware = readiness.price > neutral_pillar;
  readiness.total = round_to_decimals(
      0.35 * readiness.motivation + 0.30 * readiness.timeline + 0.20 * readiness.condition + 0.15 * readiness.price, 2);
  readiness.level = readiness_level(readiness.total);
  return readiness;
}

PsychologicalCommitment score_commitment(std::span<const Message> history, std::string_view text) {
  if (history.empty()) return {};
  constexpr double response_velocity = 80;  // constants of the score's definition
  constexpr double objection_handling = 60;
  std::size_t words = 0;
  int questions = 0;
  for (const Message& message : history) {
    words += count_words(message.text);
    questions += contains(message.text, "?") ? 1 : 0;
  }
  const double average_words = static_cast<double>(words) / static_cast<double>(history.size());
  PsychologicalCommitment commitment;
  commitment.message_length = static_cast<int>(std::min(100.0, average_words * 4));
  commitment.question_depth = std::min(100, 25 * questions);
  commitment.call_acceptance = any_in(text, call_markers) ? 100 : 0;
  commitment.total =
      round_to_decimals(0.20 * response_velocity + 0.15 * commitment.message_length + 0.20 * commitment.question_depth +
                            0.25 * objection_handling + 0.20 * commitment.call_acceptance,
                        2);
  return commitment;
}

LeadType lead_type_of(std::string_view text) {
  const auto buyer = count_in(text, buyer_markers);
  const auto seller = count_in(text, seller_markers);
  if (buyer == seller) return LeadType::Unknown;
  return buyer > seller ? LeadType::Buyer : LeadType::Seller;
}

std::string_view next_action_for(ReadinessLevel level, double commitment) {
  if (level == ReadinessLevel::Hot) return "Urgent: Call Lead Immediately";
  if (level == ReadinessLevel::Warm) return "Send Soft Check-in SMS";
  return commitment > 70 ? "Schedule Property Tour" : "Nurture - Low Intent";
}

std::string joined_lower(std::span<const Message> history) {
  std::string text;
  for (const Message& message : history) {
    if (!text.empty()) text += ' ';
    text += lower_ascii(message.text);
  }
  return text;
}

}  // namespace

std::string_view to_string(ReadinessLevel level) noexcept {
  constexpr std::array<std::string_view, 4> names = {"Hot", "Warm", "Lukewarm", "Cold"};
  return names[static_cast<std::size_t>(level)];
}

std::string_view to_string(LeadType type) noexcept {
  constexpr std::array<std::string_view, 3> names = {"unknown", "buyer", "seller"};
  return names[static_cast<std::size_t>(type)];
}

LeadIntentProfile analyze_lead(std::span<const Message> history) {
  const std::string text = joined_lower(history);
  LeadIntentProfile profile;
  profile.readiness = score_readiness(text);
  profile.commitment = score_commitment(history, text);
  profile.lead_type = lead_type_of(text);
  profile.next_best_action = next_action_for(profile.readiness.level, profile.commitment.total);
  IntentSignals signals = intent_signals(text);
  profile.buyer_intent_confidence = signals.buyer_score;
  profile.seller_intent_confidence = signals.seller_score;
  profile.detected_phrases = std::move(signals.detected_phrases);
  return profile;
}

}  // namespace jorge
