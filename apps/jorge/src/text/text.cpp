#include "text/text.h"

#include <algorithm>

namespace jorge {
namespace {

constexpr std::string_view blanks = " \t\n\r\f\v";

bool is_blank(char c) noexcept { return blanks.find(c) != std::string_view::npos; }

bool is_utf8_continuation(char c) noexcept { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

}  // namespace

std::string lower_ascii(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return lower;
}

std::string_view trimmed(std::string_view text) noexcept {
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::size_t count_words(std::string_view text) noexcept {
  std::size_t words = 0;
  bool inside = false;
  for (const char c : text) {
    const bool blank = is_blank(c);
    if (!blank && !inside) ++words;
    inside = !blank;
  }
  return words;
}

std::string_view cut_utf8(std::string_view text, std::size_t max_bytes) noexcept {
  if (text.size() <= max_bytes) return text;
  std::size_t end = max_bytes;
  while (end > 0 && is_utf8_continuation(text[end])) --end;
  return text.substr(0, end);
}

std::string cut_at_sentence(std::string_view text, std::size_t max_bytes) {
  if (text.size() <= max_bytes) return std::string(text);
  const std::string_view room = cut_utf8(text, max_bytes);
  const std::size_t sentence_end = room.find_last_of(".!?");
  if (sentence_end != std::string_view::npos && sentence_end + 1 > max_bytes / 2) {
    return std::string(room.substr(0, sentence_end + 1));
  }
  constexpr std::string_view ellipsis = "...";
  if (max_bytes < ellipsis.size()) return std::string(room);
  return std::string(cut_utf8(text, max_bytes - ellipsis.size())).append(ellipsis);
}

bool contains(std::string_view text, std::string_view part) noexcept {
  return text.find(part) != std::string_view::npos;
}

}  // namespace jorge
