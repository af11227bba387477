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

/// True if none of the eight bytes has its high bit set.
constexpr bool is_ascii_word(std::uint64_t word) noexcept { return (word & 0x8080808080808080U) == 0; }

inline bool is_ascii(std::string_view text) noexcept {
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
  return is_ascii_word(seen);
}

using WordPair = std::uint64_t __attribute__((vector_size(16)));

inline WordPair copy_pair(char* out, const char* at) noexcept {
  WordPair pair;
  std::memcpy(&pair, at, sizeof pair);
  std::memcpy(out, &pair, sizeof pair);
  return pair;
}

/// Copies `text` and gives all its bytes or-ed together in one word, so that one pass serves `is_ascii_word` too.
/// Inline because a call of memcpy costs more than the few words that keys and values mostly are.
inline std::uint64_t copy_text(char* out, std::string_view text) noexcept {
  const auto copy = [out, &text](std::size_t at, std::size_t bytes) {
    const std::uint64_t word = load_word(text.data() + at, bytes);
    std::memcpy(out + at, &word, bytes);
    return word;
  };
  const std::size_t size = text.size();
  if (size > 32) [[unlikely]] {  // whole pairs, the last one overlapping its neighbour
    WordPair seen = copy_pair(out + size - 16, text.data() + size - 16);
    for (std::size_t at = 0; at + 16 < size; at += 16) seen |= copy_pair(out + at, text.data() + at);
    return seen[0] | seen[1];
  }
  if (size >= 16) {
    const WordPair seen = copy_pair(out, text.data()) | copy_pair(out + size - 16, text.data() + size - 16);
    return seen[0] | seen[1];
  }
  if (size >= 8) return copy(0, 8) | copy(size - 8, 8);
  if (size >= 4) return copy(0, 4) | copy(size - 4, 4);
  return size == 0 ? 0 : copy(0, 1) | copy(size / 2, 1) | copy(size - 1, 1);
}

/// `text` itself when it is ASCII within the limit, else its first `max_characters` code points with every
/// malformed sequence replaced by U+FFFD.
inline std::string_view clean_text(std::string_view text, std::size_t max_characters) noexcept {
  if (text.size() <= max_characters && is_ascii(text)) [[likely]]
    return text;
  return clean_text_slow(text, max_characters);
}

}  // namespace segue::detail
