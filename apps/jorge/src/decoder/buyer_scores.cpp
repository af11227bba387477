#include "decoder/buyer_scores.h"

#include <algorithm>
#include <array>

#include "decoder/marker_score.h"

namespace jorge {
namespace {

using std::string_view;

constexpr std::array<string_view, 5> money_ready = {"pre-approved", "preapproved", "down payment", "all cash",
                                                    "proof of funds"};
constexpr std::array<string_view, 4> money_coming = {"good credit", "stable income", "saving up", "talked to a lender"};
constexpr std::array<string_view, 4> money_missing = {"bad credit", "no savings", "can't afford", "in debt"};

constexpr std::array<string_view, 5> budget_clear = {"my budget is", "our budget is", "budget is around", "max budget",
                                                     "price range"};
constexpr std::array<string_view, 4> budget_vague = {"not sure", "no idea", "depends", "whatever"};

constexpr std::array<string_view, 3> financing_done = {"pre-approved", "approved", "cash"};
constexpr std::array<string_view, 2> financing_started = {"lender", "pre-qualified"};
constexpr std::array<string_view, 5> financing_planned = {"mortgage", "loan", "financing", "fha", "conventional"};
constexpr std::array<string_view, 3> financing_absent = {"no financing", "haven't looked into", "can't get approved"};

constexpr std::array<string_view, 6> urgent = {"asap",       "immediately", "this month",
                                               "right away", "urgent",      "as soon as possible"};
constexpr std::array<string_view, 5> soon = {"soon", "next month", "few months", "this year", "this summer"};
constexpr std::array<string_view, 5> unhurried = {"just browsing", "no rush", "someday", "eventually", "just looking"};

constexpr std::array<string_view, 4> deadlines = {"lease ends", "lease is up", "school year", "new job starts"};
constexpr std::array<string_view, 5> consequences = {"rates go up", "prices go up", "priced out", "miss out",
                                                     "losing out"};
constexpr std::array<string_view, 8> features = {"bedroom", "bath",        "garage",       "pool",
                                                 "yard",    "square feet", "single story", "school district"};
constexpr std::array<string_view, 4> wishes = {"need", "must have", "prefer", "would like"};
constexpr std::array<string_view, 3> realistic = {"realistic", "compromise", "market price"};
constexpr std::array<string_view, 3> unrealistic = {"below market", "lowball", "half price"};
constexpr std::array<string_view, 4> decides_alone = {"i decide", "my decision", "just me", "we both decided"};
constexpr std::array<string_view, 3> decides_together = {"my wife and i", "my husband and i", "my partner and i"};
constexpr std::array<string_view, 3> must_ask = {"ask my", "check with my", "talk to my"};

double financing_status(string_view text) {
  constexpr double base = 25;
  if (has_marker(text, financing_done)) return base + 50;
  if (has_marker(text, financing_started)) return base + 30;
  if (has_marker(text, financing_planned)) return base + 15;
  if (has_marker(text, financing_absent)) return base - 20;
  return base;
}

double budget_clarity(string_view text) {
  const double amounts = std::min(45.0, 15.0 * count_dollar_amounts(text));
  return marker_score(text, 20 + amounts, {{budget_clear, 10, 30}, {budget_vague, -10, 20}});
}

double overall(const BuyerScores& scores) {
  const double money = (scores.financial_readiness + scores.budget_clarity + scores.financing_status) / 3;
  const double pressure = (scores.urgency + scores.timeline_pressure + scores.consequence_awareness) / 3;
  const double clarity = (scores.preference_clarity + scores.market_realism + scores.decision_authority) / 3;
  return 0.40 * money + 0.35 * pressure + 0.25 * clarity;
}

string_view next_step(const BuyerScores& scores) {
  if (scores.financial_readiness < 50) return "budget";
  if (scores.urgency < 50) return "timeline";
  if (scores.preference_clarity < 50) return "preferences";
  if (scores.decision_authority < 50) return "decision_makers";
  return "property_search";
}

}  // namespace

BuyerScores score_buyer(std::span<const Message> history) {
  const std::string text = contact_text(history);
  BuyerScores scores;
  scores.financial_readiness =
      marker_score(text, 30, {{money_ready, 20, 60}, {money_coming, 10, 20}, {money_missing, -10, 20}});
  scores.budget_clarity = budget_clarity(text);
  scores.financing_status = financing_status(text);
  scores.urgency = marker_score(text, 25, {{urgent, 25, 50}, {soon, 15, 30}, {unhurried, -15, 30}});
  scores.timeline_pressure = marker_score(text, 30, {{deadlines, 15, 45}});
  scores.consequence_awareness = marker_score(text, 40, {{consequences, 12, 60}});
  scores.preference_clarity = marker_score(text, 20, {{features, 10, 60}, {wishes, 8, 32}});
  scores.market_realism = marker_score(text, 50, {{realistic, 15, 45}, {unrealistic, -15, 45}});
  scores.decision_authority =
      marker_score(text, 40, {{decides_alone, 40, 40}, {decides_together, 20, 20}, {must_ask, -20, 20}});
  scores.confidence = confidence_of(history);
  scores.temperature = temperature_of(overall(scores));
  scores.next_qualification_step = next_step(scores);
  return scores;
}

}  // namespace jorge
