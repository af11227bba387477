// Plain text helpers for messages: ASCII lower case, trimming, word counts, cuts that keep UTF-8 whole.
//
//   const std::string text = lower_ascii(message);
//   const std::string reply = cut_utf8(long_reply, 320);
//
// Only ASCII letters change case and only ASCII blanks separate words; other bytes pass through.
// Thread safety: pure functions. Errors: none.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace jorge {

/// `text` with A-Z made a-z.
std::string lower_ascii(std::string_view text);

/// `text` without blanks at either end.
std::string_view trimmed(std::string_view text) noexcept;

/// How many runs of non-blank characters `text` has.
std::size_t count_words(std::string_view text) noexcept;

/// At most `max_bytes` of `text`, never ending inside a UTF-8 character.
std::string_view cut_utf8(std::string_view text, std::size_t max_bytes) noexcept;

/// At most `max_bytes` of `text`; a longer text ends at its last whole sentence if that keeps
/// more than half of the room, else with "...".
std::string cut_at_sentence(std::string_view text, std::size_t max_bytes);

/// Whether `text` contains `part`, byte by byte.
bool contains(std::string_view text, std::string_view part) noexcept;

}  // namespace jorge
