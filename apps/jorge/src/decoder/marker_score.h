// A score moved up and down by marker words: the building block of the buyer and seller scores.
//
//   score(text, 40, {{denial_words, 12, 60}});   // 40, plus 12 for each word found, at most 60 more
//
// Thread safety: pure functions. Errors: none; a score never leaves 0 to 100.
#pragma once

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

#include "conversation/conversation.h"

namespace jorge {

/// Words that move a score: each one found adds `step` (negative lowers), together at most `limit` either way.
struct MarkerGroup {
  std::span<const std::string_view> words;
  double step;
  double limit;
};

/// `base` moved by every group, within 0 and 100. `text` is lower case.
double marker_score(std::string_view text, double base, std::initializer_list<MarkerGroup> groups);

/// Whether any of `words` occurs in `text`.
bool has_marker(std::string_view text, std::span<const std::string_view> words);

/// How many amounts like "$500k" or "$650,000" `text` names.
int count_dollar_amounts(std::string_view text);

/// All that the contact wrote, in lower case, oldest first.
std::string contact_text(std::span<const Message> history);

/// How far scores from this many messages can be trusted: 10 each, at most 95.
double confidence_of(std::span<const Message> history);

/// "hot" from 75, "warm" from 50, "lukewarm" from 35, "cold" from 20, else "ice_cold".
std::string_view temperature_of(double overall) noexcept;

}  // namespace jorge
