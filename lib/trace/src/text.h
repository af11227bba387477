// Text for spans: cut to the limit and made valid UTF-8, since one bad byte makes collectors refuse a whole batch.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace segue::detail {

/// The general case of `clean_text`; its result may lie in thread-local memory that the next call overwrites.
std::string_view clean_text_slow(std::string_view text, std::size_t max_characters) noexcept;

/// `bytes` (up to 8) bytes at `at`, zero-extended.
inline std::uint64_t load_word(const char* at, std::size_t bytes) noexcept {
  std::uint64_t word = 0;
  std::memcpy(&word, at, bytes);
  return word;
}

inline bool is_ascii(std::string_view text) noexcept {
  constexpr std::uint64_t high_bits = 0x8080808080808080U;
  const char* at = text.data();
  const std::size_t size = text.size();
  std::uint64_t seen = 0;
  if (size >= 8) {  // whole words, the last one overlapping its neighbour
    for (std::size_t i = 0; i + 8 <= size; i += 8) seen |= load_word(at + i, 8);
    seen |= load_word(at + size - 8, 8);
  } else if (size >= 4) {
    seen = load_word(at, 4) | load_word(at + size - 4, 4);
  } else if (size > 0) {
    seen = load_word(at, 1) | load_word(at + size / 2, 1) | load_word(at + size - 1, 1);
  }
  return (seen & high_bits) == 0;
}

/// `text` itself when it is ASCII within the limit, else its first `max_characters` code points with every
/// malformed sequence replaced by U+FFFD.
inline std::string_view clean_text(std::string_view text, std::size_t max_characters) noexcept {
  if (text.size() <= max_characters && is_ascii(text)) [[likely]]
    return text;
  return clean_text_slow(text, max_characters);
}

}  // namespace segue::detail
