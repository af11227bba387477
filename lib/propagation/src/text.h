// What the header grammars have in common.
#pragma once

#include <cstddef>
#include <string_view>

namespace segue::detail {

/// Without the spaces and tabs around it ("optional white space" in HTTP).
constexpr std::string_view trim(std::string_view text) noexcept {
  constexpr std::string_view blanks = " \t";
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

/// Takes the text up to the next `separator` off the front of `rest`, trimmed.
constexpr std::string_view take_until(std::string_view& rest, char separator) noexcept {
  const std::size_t end = rest.find(separator);
  const std::string_view part = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  return trim(part);
}

}  // namespace segue::detail
