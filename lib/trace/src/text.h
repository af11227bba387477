// Text for spans: cut to the limit and made valid UTF-8, since one bad byte makes collectors refuse a whole batch.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace segue::detail {

/// The general case of `clean_text`; its result may lie in thread-local memory that the next call overwrites.
std::string_view clean_text_slow(std::string_view text, std::size_t max_characters) noexcept;

inline bool is_ascii(std::string_view text) noexcept {
  constexpr std::uint64_t high_bits = 0x8080808080808080U;
  std::uint64_t seen = 0;
  const char* at = text.data();
  std::size_t left = text.size();
  for (; left >= 8; at += 8, left -= 8) {
    std::uint64_t word;
    std::memcpy(&word, at, sizeof word);
    seen |= word;
  }
  for (; left > 0; ++at, --left) seen |= static_cast<std::uint64_t>(static_cast<unsigned char>(*at));
  return (seen & high_bits) == 0;
}

/// `text` itself when it is ASCII within the limit, else its first `max_characters` code points with every
/// malformed sequence replaced by U+FFFD.
inline std::string_view clean_text(std::string_view text, std::size_t max_characters) noexcept {
  if (text.size() <= max_characters && is_ascii(text)) [[likely]] return text;
  return clean_text_slow(text, max_characters);
}

}  // namespace segue::detail
