#include "core_schema.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

namespace segue::detail {
namespace {

template <std::size_t Count>
bool is_one_of(std::string_view text, const std::array<std::string_view, Count>& words) noexcept {
  return std::ranges::find(words, text) != words.end();
}

constexpr std::array<std::string_view, 5> nulls = {"", "~", "null", "Null", "NULL"};
constexpr std::array<std::string_view, 3> trues = {"true", "True", "TRUE"};
constexpr std::array<std::string_view, 3> falses = {"false", "False", "FALSE"};
constexpr std::array<std::string_view, 3> infinities = {".inf", ".Inf", ".INF"};
constexpr std::array<std::string_view, 3> not_numbers = {".nan", ".NaN", ".NAN"};

std::string_view without_sign(std::string_view text) noexcept {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  return text;
}

// The whole of `text` as a number; std::from_chars knows no "+", and takes "inf" and "nan", which the first character excludes.
template <class Number, class... Format>
bool parse_whole(std::string_view text, Number& number, Format... format) noexcept {
  const std::string_view digits = without_sign(text);
  if (digits.empty() || !(digits.front() == '.' || (digits.front() >= '0' && digits.front() <= '9'))) return false;
  if (text.starts_with('+')) text = digits;
  const char* const last = text.data() + text.size();
  const auto [end, failure] = std::from_chars(text.data(), last, number, format...);
  return failure == std::errc() && end == last;
}

bool parse_integer(std::string_view text, std::int64_t& integer) noexcept {
  const bool is_octal = text.starts_with("0o");
  if (!is_octal && !text.starts_with("0x")) return parse_whole(text, integer, 10);
  const std::string_view digits = text.substr(2);
  if (digits.empty() || digits.front() == '-') return false;
  const char* const last = digits.data() + digits.size();
  const auto [end, failure] = std::from_chars(digits.data(), last, integer, is_octal ? 8 : 16);
  return failure == std::errc() && end == last;
}

bool parse_number(std::string_view text, double& number) noexcept {
  using Limits = std::numeric_limits<double>;
  if (is_one_of(without_sign(text), infinities)) {
    number = text.starts_with('-') ? -Limits::infinity() : Limits::infinity();
    return true;
  }
  if (is_one_of(text, not_numbers)) {
    number = Limits::quiet_NaN();
    return true;
  }
  return parse_whole(text, number, std::chars_format::general);
}

}  // namespace

void resolve_plain(YamlNode& node) noexcept {
  const std::string_view text = node.text;
  node.kind = YamlKind::Text;
  if (is_one_of(text, nulls)) {
    node.kind = YamlKind::Null;
  } else if (is_one_of(text, trues) || is_one_of(text, falses)) {
    node.kind = YamlKind::Bool;
    node.truth = is_one_of(text, trues);
  } else if (parse_integer(text, node.integer)) {
    node.kind = YamlKind::Integer;
    node.number = static_cast<double>(node.integer);
  } else if (parse_number(text, node.number)) {
    node.kind = YamlKind::Number;
  }
}

}  // namespace segue::detail
