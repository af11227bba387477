#include "environment.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>

#include "segue/base/hex.h"
#include "segue/base/log.h"

namespace segue::detail {
namespace {

std::string_view trim(std::string_view text) {
  const auto is_space = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

// Empty when a percent sign is not followed by two hex digits.
std::optional<std::string> percent_decode(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    std::uint8_t byte = 0;
    if (i + 2 >= text.size() || !decode_hex(text.substr(i + 1, 2), {&byte, 1})) return std::nullopt;
    decoded += static_cast<char>(byte);
    i += 2;
  }
  return decoded;
}

std::optional<std::pair<std::string, std::string>> parse_pair(std::string_view item) {
  const std::size_t equals = item.find('=');
  if (equals == std::string_view::npos) return std::nullopt;
  const std::string_view key = trim(item.substr(0, equals));
  auto value = percent_decode(trim(item.substr(equals + 1)));
  if (key.empty() || !value) return std::nullopt;
  return std::pair(std::string(key), *std::move(value));
}

}  // namespace

std::string to_lower(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
  return lower;
}

void warn_variable(const char* variable, std::string_view value, std::string_view instead) {
  log(LogLevel::Warning,
      std::string(variable) + ": '" + std::string(value) + "' is not usable; " + std::string(instead));
}

std::optional<std::string> read_text(const char* variable) {
  const char* value = std::getenv(variable);
  if (value == nullptr || trim(value).empty()) return std::nullopt;
  return std::string(trim(value));
}

std::optional<std::string> read_first_text(std::initializer_list<const char*> variables) {
  for (const char* variable : variables) {
    if (auto value = read_text(variable)) return value;
  }
  return std::nullopt;
}

std::optional<bool> read_bool(const char* variable) {
  const auto value = read_text(variable);
  if (!value) return std::nullopt;
  const std::string lower = to_lower(*value);
  if (lower != "true" && lower != "false") warn_variable(variable, *value, "it counts as false");
  return lower == "true";
}

std::uint64_t read_number(const char* variable, std::uint64_t fallback, std::uint64_t low, std::uint64_t high) {
  const auto value = read_text(variable);
  if (!value) return fallback;
  std::uint64_t number = 0;
  const auto [end, failure] = std::from_chars(value->data(), value->data() + value->size(), number);
  if (failure == std::errc() && end == value->data() + value->size() && number >= low && number <= high) return number;
  warn_variable(variable, *value, "using " + std::to_string(fallback));
  return fallback;
}

std::chrono::milliseconds read_milliseconds(const char* variable, std::chrono::milliseconds fallback,
                                            std::chrono::milliseconds low, std::chrono::milliseconds high) {
  const auto count = [](std::chrono::milliseconds time) { return static_cast<std::uint64_t>(time.count()); };
  return std::chrono::milliseconds(read_number(variable, count(fallback), count(low), count(high)));
}

TextPairs parse_pairs(const char* variable, std::string_view list) {
  TextPairs pairs;
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    const std::string_view item = trim(list.substr(0, comma));
    list.remove_prefix(std::min(comma + 1, list.size()));
    if (item.empty()) continue;
    auto pair = parse_pair(item);
    if (!pair) {
      warn_variable(variable, item, "the whole list is ignored");
      return {};
    }
    pairs.push_back(*std::move(pair));
  }
  return pairs;
}

}  // namespace segue::detail
