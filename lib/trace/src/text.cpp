#include "text.h"

#include <string>

#include "segue/base/utf8.h"

namespace segue::detail {

std::string_view clean_text_slow(std::string_view text, std::size_t max_characters) noexcept {
  std::size_t valid = 0;
  std::size_t characters = 0;
  while (valid < text.size() && characters < max_characters) {
    const Utf8Sequence sequence = next_utf8_sequence(text.substr(valid));
    if (!sequence.is_valid) break;
    valid += sequence.size;
    ++characters;
  }
  if (valid == text.size() || characters == max_characters) return text.substr(0, valid);

  thread_local std::string repaired;
  try {
    repaired.assign(text.substr(0, valid));
    for (std::size_t at = valid; at < text.size() && characters < max_characters; ++characters) {
      const Utf8Sequence sequence = next_utf8_sequence(text.substr(at));
      repaired.append(sequence.is_valid ? text.substr(at, sequence.size) : utf8_replacement);
      at += sequence.size;
    }
    return repaired;
  } catch (...) {  // no memory to repair it: the valid beginning is still true
    return text.substr(0, valid);
  }
}

}  // namespace segue::detail
