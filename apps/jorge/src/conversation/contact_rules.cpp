#include "conversation/contact_rules.h"

#include <algorithm>
#include <array>

#include "text/pattern.h"
#include "text/text.h"

namespace jorge {
namespace {

using Tags = std::span<const std::string>;

constexpr std::array<std::string_view, 3> off_tags = {"ai-off", "qualified", "stop-bot"};
constexpr std::array<std::string_view, 5> on_tags = {"needs qualifying", "ai on", "lead-bot", "buyer-lead",
                                                     "seller-lead"};
constexpr std::array<std::string_view, 4> neutral_tags = {"hot-lead", "warm-lead", "cold-lead", "lead-qualified"};

template <std::size_t Size>
bool is_one_of(std::string_view tag, const std::array<std::string_view, Size>& names) {
  return std::find(names.begin(), names.end(), lower_ascii(trimmed(tag))) != names.end();
}

template <std::size_t Size>
bool has_any(Tags tags, const std::array<std::string_view, Size>& names) {
  return std::any_of(tags.begin(), tags.end(), [&](const std::string& tag) { return is_one_of(tag, names); });
}

}  // namespace

bool asks_to_opt_out(std::string_view text) {
  // Words that are an opt-out anywhere, then those that are one only as the whole message:
  // "no more questions" and "we can stop by" are not.
  static const PatternList phrases({
      R"(\bunsubscribe\b)",
      R"(\bopt(?:\s+me)?[- ]?out\b)",
      R"(\bstop\s+(?:texting|messaging|contacting|calling|writing|sending|it|this)\b)",
      R"((?:\A\s*|\bplease\s+)stop\b(?!\s+by\b))",
      R"(\bto\s+stop\s*[.!]*\s*\z)",
      R"(\b(?:don'?t|do\s+not)\s+(?:contact|text|message|write\s+to)\s+me\b)",
      R"(\bremove\s+me\b)",
      R"(\bnot\s+interested\b)",
      R"(\bleave\s+me\s+alone\b)",
      R"(\btake\s+me\s+off\b)",
      R"(\bno\s+m(?:á|a)s\s+mensajes\b)",
      R"(\A\s*(?:stopall|cancel|end|quit|no\s+more|no\s+thanks|parar|cancelar|no\s+m(?:á|a)s)\s*[.!]*\s*\z)",
  });
  return phrases.any_found(text);
}

bool is_active_for(Tags tags) {
  if (has_any(tags, off_tags)) return false;
  if (has_any(tags, on_tags)) return true;
  return std::all_of(tags.begin(), tags.end(), [](const std::string& tag) { return is_one_of(tag, neutral_tags); });
}

Bot first_owner(Tags tags) {
  if (has_any(tags, std::array<std::string_view, 1>{"buyer-lead"})) return Bot::Buyer;
  if (has_any(tags, std::array<std::string_view, 1>{"seller-lead"})) return Bot::Seller;
  return Bot::Lead;
}

}  // namespace jorge
