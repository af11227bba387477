// UTF-8: writing it, telling valid text from invalid, and repairing it with U+FFFD, as Unicode's table of well-formed sequences says.
//
// Pure functions, safe from any thread. Errors: none; invalid bytes are an answer, not an error.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace segue {

struct Utf8Sequence {
  std::size_t size = 1;  ///< Bytes to take, valid or not.
  bool is_valid = false;
};

/// What stands at the front of `text`, which is not empty: a code point or a maximal invalid sequence.
Utf8Sequence next_utf8_sequence(std::string_view text) noexcept;

/// The size of the longest valid prefix.
std::size_t valid_utf8_prefix(std::string_view text) noexcept;

/// What stands for an invalid sequence: U+FFFD.
inline constexpr std::string_view utf8_replacement = "\xEF\xBF\xBD";

/// `text` with every maximal invalid sequence replaced; moved through unchanged when it is valid.
std::string to_valid_utf8(std::string text);

/// Appends the encoding of `code_point`, which is at most U+10FFFF and no surrogate.
void append_utf8(std::string& out, std::uint32_t code_point);

}  // namespace segue
