#include "decoder/intent_signals.h"

#include <algorithm>

#include "text/pattern.h"
#include "text/rounding.h"

namespace jorge {
namespace {

constexpr double score_per_pattern = 0.3;
constexpr double score_per_pattern_in_history = 0.2;
constexpr double history_weight = 0.5;
constexpr std::size_t history_window = 5;

const PatternList& buyer_patterns() {
  static const PatternList patterns({
      R"(\bi\s+want\s+to\s+buy\b)",
      R"(\blooking\s+to\s+buy\b)",
      // "budget", then "$" in the same line. Anchored at the line and never going back behind the
      // line's first "budget", so that a long text of many budgets costs one pass.
      R"((?:\A|\n)(?>[^\n]*?\bbudget\b)[^\n]*\$)",
      R"(\bpre[- ]?approv)",
      R"(\bpre[- ]?qualif)",
      R"(\bdown\s+payment\b)",
      R"(\bfha\b|\bva\s+loan\b|\bconventional\b)",
      R"(\bfind\s+(a|my)\s+(new\s+)?(home|house|place|property)\b)",
  });
  return patterns;
}

const PatternList& seller_patterns() {
  static const PatternList patterns({
      R"(\bsell\s+my\s+(home|house|property)\b)",
      R"(\bwhat'?s\s+my\s+home\s+worth\b)",
      R"(\bhome\s+valu)",
      R"(\bcma\b)",
      R"(\blist(ing)?\s+my\s+(home|house|property)\b)",
      R"(\bneed\s+to\s+sell\b)",
      R"(\bsell\s+before\s+buy)",
      R"(\bsell\s+first\b)",
  });
  return patterns;
}

double capped(double score) { return std::min(1.0, score); }

}  // namespace

IntentSignals intent_signals(std::string_view text) {
  IntentSignals signals;
  signals.buyer_score = capped(score_per_pattern * buyer_patterns().count_found(text));
  signals.seller_score = capped(score_per_pattern * seller_patterns().count_found(text));
  if (signals.buyer_score > 0) signals.detected_phrases.emplace_back("buyer intent detected");
  if (signals.seller_score > 0) signals.detected_phrases.emplace_back("seller intent detected");
  return signals;
}

IntentSignals intent_signals_of_history(std::span<const Message> history) {
  if (history.size() > history_window) history = history.last(history_window);
  IntentSignals signals;
  for (const Message& message : history) {
    signals.buyer_score += score_per_pattern_in_history * buyer_patterns().count_found(message.text);
    signals.seller_score += score_per_pattern_in_history * seller_patterns().count_found(message.text);
  }
  signals.buyer_score = round_to_decimals(capped(signals.buyer_score), 2);
  signals.seller_score = round_to_decimals(capped(signals.seller_score), 2);
  return signals;
}

IntentSignals blend_signals(const IntentSignals& message, const IntentSignals& history) {
  IntentSignals blended = message;
  blended.buyer_score = capped(message.buyer_score + history_weight * history.buyer_score);
  blended.seller_score = capped(message.seller_score + history_weight * history.seller_score);
  return blended;
}

}  // namespace jorge
