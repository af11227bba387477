#include "substitution.h"

#include <algorithm>

namespace segue::detail {
namespace {

struct Reference {
  std::string_view name;
  std::string_view fallback = {};
};

bool is_letter(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

// "NAME" or "NAME:-default".
std::optional<Reference> parse_plain_reference(std::string_view text) {
  if (text.empty() || !is_letter(text.front())) return std::nullopt;
  const auto* const end = std::ranges::find_if_not(text, [](char c) { return is_letter(c) || (c >= '0' && c <= '9'); });
  const auto length = static_cast<std::size_t>(end - text.begin());
  const std::string_view rest = text.substr(length);
  if (rest.empty()) return Reference{text.substr(0, length)};
  if (!rest.starts_with(":-")) return std::nullopt;
  return Reference{text.substr(0, length), rest.substr(2)};
}

// A variable may be called "env", too.
std::optional<Reference> parse_reference(std::string_view text) {
  constexpr std::string_view prefix = "env:";
  if (text.starts_with(prefix)) {
    if (const auto reference = parse_plain_reference(text.substr(prefix.size()))) return reference;
  }
  return parse_plain_reference(text);
}

std::string value_of(const Reference& reference, const VariableLookup& look_up) {
  auto value = look_up(reference.name);
  return value && !value->empty() ? *std::move(value) : std::string(reference.fallback);
}

// Appends `text`, in which no "$$" is left.
Result<void> append_substituted(std::string& output, std::string_view text, const VariableLookup& look_up,
                                std::size_t max_bytes) {
  while (!text.empty()) {
    const std::size_t begin = std::min(text.find("${"), text.size());
    output += text.substr(0, begin);
    text.remove_prefix(begin);
    const std::size_t end = text.find_first_of("}\n");
    if (end == std::string_view::npos || text[end] == '\n') {  // no braces that close on their line: plain text
      const std::size_t length = std::min<std::size_t>(text.size(), 2);
      output += text.substr(0, length);
      text.remove_prefix(length);
      continue;
    }
    const auto reference = parse_reference(text.substr(2, end - 2));
    if (!reference) {
      return Error{Errc::InvalidArgument,
                   std::string("'").append(text.substr(0, end + 1)).append("' refers to no variable")};
    }
    output += value_of(*reference, look_up);
    text.remove_prefix(end + 1);
    if (output.size() > max_bytes) return Error{Errc::LimitExceeded, "the values of variables make it too large"};
  }
  return {};
}

}  // namespace

Result<std::string> substitute(std::string_view text, const VariableLookup& look_up, std::size_t max_bytes) {
  constexpr std::string_view escape = "$$";
  std::string output;
  while (true) {
    const std::size_t end = text.find(escape);
    if (auto done = append_substituted(output, text.substr(0, end), look_up, max_bytes); !done) return done.error();
    if (end == std::string_view::npos) return output;
    output += '$';
    text.remove_prefix(end + escape.size());
  }
}

}  // namespace segue::detail
