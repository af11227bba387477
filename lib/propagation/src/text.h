// What the header grammars have in common.
#pragma once

#include <cstddef>
#include <string_view>

namespace segue::detail {

/// Without the spaces and tabs around it ("optional white space" in HTTP).
constexpr std::string_view trim(std::string_view text) noexcept {
  const auto is_blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

/// Takes the text up to the next `separator` off the front of `rest`, trimmed.
constexpr std::string_view take_until(std::string_view& rest, char separator) noexcept {
  const std::size_t end = rest.find(separator);
  const std::string_view part = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  return trim(part);
}

}  // namespace segue::detail
