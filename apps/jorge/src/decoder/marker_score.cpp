#include "decoder/marker_score.h"

#include <algorithm>

#include "text/pattern.h"
#include "text/text.h"

namespace jorge {

double marker_score(std::string_view text, double base, std::initializer_list<MarkerGroup> groups) {
  double score = base;
  for (const MarkerGroup& group : groups) {
    const auto found = std::count_if(group.words.begin(), group.words.end(),
                                     [text](std::string_view word) { return contains(text, word); });
    score += std::clamp(group.step * static_cast<double>(found), -group.limit, group.limit);
  }
  return std::clamp(score, 0.0, 100.0);
}

bool has_marker(std::string_view text, std::span<const std::string_view> words) {
  return std::any_of(words.begin(), words.end(), [text](std::string_view word) { return contains(text, word); });
}

int count_dollar_amounts(std::string_view text) {
  static const Pattern amount(R"((\$\s?\d[\d,]*))");
  return static_cast<int>(amount.all_captures(text).size());
}

std::string contact_text(std::span<const Message> history) {
  std::string text;
  for (const Message& message : history) {
    if (message.role != Role::Contact) continue;
    if (!text.empty()) text += ' ';
    text += lower_ascii(message.text);
  }
  return text;
}

double confidence_of(std::span<const Message> history) {
  return std::min(95.0, 10.0 * static_cast<double>(history.size()));
}

std::string_view temperature_of(double overall) noexcept {
  if (overall >= 75) return "hot";
  if (overall >= 50) return "warm";
  if (overall >= 35) return "lukewarm";
  if (overall >= 20) return "cold";
  return "ice_cold";
}

}  // namespace jorge
