#include "env_file.h"

#include <algorithm>
#include <optional>

#include "environment.h"
#include "small_file.h"

namespace segue::detail {
namespace {

bool is_name(std::string_view text) noexcept {
  const auto is_letter = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_'; };
  return !text.empty() && is_letter(text.front()) &&
         std::ranges::all_of(text, [&](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '.'; });
}

bool is_blank_or_comment(std::string_view text) noexcept {
  text = trim(text);
  return text.empty() || text.front() == '#';
}

char unescape(char c) noexcept {
  switch (c) {
    case 'n': return '\n';
    case 't': return '\t';
    default: return c;
  }
}

// The text between the quotes that `text` begins with; nothing if they do not close, or something follows them.
std::optional<std::string> parse_quoted(std::string_view text) {
  const char quote = text.front();
  std::string value;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == quote) {
      if (!is_blank_or_comment(text.substr(i + 1))) return std::nullopt;
      return value;
    }
    const bool escapes = quote == '"' && text[i] == '\\' && i + 1 < text.size();
    value += escapes ? unescape(text[++i]) : text[i];
  }
  return std::nullopt;
}

std::optional<std::string> parse_value(std::string_view text) {
  text = trim(text);
  if (text.starts_with('"') || text.starts_with('\'')) return parse_quoted(text);
  if (text.starts_with('#')) return std::string();
  return std::string(trim(text.substr(0, text.find(" #"))));
}

std::optional<std::pair<std::string, std::string>> parse_line(std::string_view line) {
  constexpr std::string_view prefix = "export ";
  line = trim(line);
  if (line.starts_with(prefix)) line.remove_prefix(prefix.size());
  const std::size_t equals = line.find('=');
  if (equals == std::string_view::npos) return std::nullopt;
  const std::string_view name = trim(line.substr(0, equals));
  auto value = parse_value(line.substr(equals + 1));
  if (!is_name(name) || !value) return std::nullopt;
  return std::pair(std::string(name), *std::move(value));
}

}  // namespace

Result<EnvFile> parse_env_file(std::string_view text) {
  EnvFile variables;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (is_blank_or_comment(line)) continue;
    auto pair = parse_line(line);
    if (!pair) return Error{Errc::InvalidArgument, "line " + std::to_string(number) + " is not NAME=value"};
    variables.insert_or_assign(std::move(pair->first), std::move(pair->second));
  }
  return variables;
}

Result<EnvFile> read_env_file(const std::string& path) {
  const auto text = read_small_file(path);
  if (!text) return text.error();
  auto variables = parse_env_file(*text);
  if (!variables) return variables.error().with_context(path);
  return variables;
}

}  // namespace segue::detail
