#include "decoder/seller_scores.h"

#include <algorithm>
#include <array>

#include "decoder/marker_score.h"

namespace jorge {
namespace {

using std::string_view;

constexpr std::array<string_view, 4> condition_worries = {"needs work", "repairs", "falling apart", "outdated"};
constexpr std::array<string_view, 3> condition_pride = {"move-in ready", "fully renovated", "great shape"};
constexpr std::array<string_view, 4> value_unknown = {"home worth", "house worth", "how much is my",
                                                      "what could i get"};
constexpr std::array<string_view, 4> prepared = {"ready to list", "already staged", "decluttered", "had it inspected"};
constexpr std::array<string_view, 3> unprepared = {"not ready", "need to clean", "still packing"};
constexpr std::array<string_view, 8> urgent = {"asap",      "immediately", "right away",         "30 days",
                                               "sell fast", "divorce",     "behind on payments", "foreclosure"};
constexpr std::array<string_view, 4> soon = {"soon", "next month", "few months", "this year"};
constexpr std::array<string_view, 3> unhurried = {"no rush", "someday", "not in a hurry"};
constexpr std::array<string_view, 4> flexible = {"flexible on price", "negotiable", "open to offers",
                                                 "make me an offer"};
constexpr std::array<string_view, 3> firm = {"firm on price", "won't go below", "not a penny less"};
constexpr std::array<string_view, 6> motives = {"new job",   "downsizing",     "retiring",
                                                "inherited", "growing family", "must sell"};
constexpr std::array<string_view, 3> no_motive = {"just curious", "only thinking", "might not sell"};

double valuation_confidence(string_view text) {
  const double amounts = std::min(30.0, 10.0 * count_dollar_amounts(text));
  return marker_score(text, 30 + amounts, {{value_unknown, -15, 30}});
}

double overall(const SellerScores& scores) {
  return 0.10 * (100 - scores.condition_anxiety) + 0.15 * scores.valuation_confidence + 0.15 * scores.prep_readiness +
         0.25 * scores.listing_urgency + 0.10 * scores.price_flexibility + 0.25 * scores.motivation_strength;
}

string_view next_step(const SellerScores& scores) {
  if (scores.motivation_strength < 50) return "motivation";
  if (scores.listing_urgency < 50) return "timeline";
  if (scores.valuation_confidence < 50) return "valuation";
  if (scores.condition_anxiety > 60) return "condition_support";
  return "listing_prep";
}

}  // namespace

SellerScores score_seller(std::span<const Message> history) {
  const std::string text = contact_text(history);
  SellerScores scores;
  scores.condition_anxiety = marker_score(text, 30, {{condition_worries, 20, 60}, {condition_pride, -10, 20}});
  scores.valuation_confidence = valuation_confidence(text);
  scores.prep_readiness = marker_score(text, 30, {{prepared, 15, 60}, {unprepared, -15, 30}});
  scores.listing_urgency = marker_score(text, 25, {{urgent, 25, 50}, {soon, 15, 30}, {unhurried, -15, 15}});
  scores.price_flexibility = marker_score(text, 40, {{flexible, 15, 45}, {firm, -15, 30}});
  scores.motivation_strength = marker_score(text, 25, {{motives, 25, 50}, {no_motive, -15, 15}});
  scores.confidence = confidence_of(history);
  scores.temperature = temperature_of(overall(scores));
  scores.next_qualification_step = next_step(scores);
  return scores;
}

}  // namespace jorge
