#include "bots/budget.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <vector>

#include "text/pattern.h"
#include "text/text.h"

namespace jorge {
namespace {

/// An amount is written with "$", with "k" or "m", or as at least six digits or digit groups.
const Pattern& amount_pattern() {
  static const Pattern pattern(
      R"((\$\s?\d[\d,]*(?:\.\d+)?\s?(?:k|m|million|thousand)?\b|\b\d+(?:\.\d+)?\s?(?:k|m|million|thousand)\b|\b\d{1,3},\d{3}(?:,\d{3})*\b|\b\d{6,8}\b))");
  return pattern;
}

std::optional<std::int64_t> dollars_of(std::string_view amount) {
  std::string digits;
  double unit = 1;
  for (const char c : lower_ascii(amount)) {
    if ((c >= '0' && c <= '9') || c == '.') digits += c;
    if (c == 'k' || c == 't') unit = 1e3;
    if (c == 'm') unit = 1e6;
    if (c == 'k' || c == 't' || c == 'm') break;
  }
  double value = 0;
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (parsed.ec != std::errc{} || value * unit > 1e9) return std::nullopt;
  if (unit == 1 && value < 100) return std::nullopt;
  if (unit == 1 && value < 1000) unit = 1e3;
  return static_cast<std::int64_t>(std::llround(value * unit));
}

}  // namespace

std::optional<BudgetRange> find_budget(std::string_view message) {
  std::vector<std::int64_t> amounts;
  for (const std::string& amount : amount_pattern().all_captures(message)) {
    if (const auto dollars = dollars_of(amount)) amounts.push_back(*dollars);
  }
  if (amounts.empty()) return std::nullopt;
  const auto [lowest, highest] = std::minmax_element(amounts.begin(), amounts.end());
  if (amounts.size() == 1) return BudgetRange{*highest * 4 / 5, *highest};
  return BudgetRange{*lowest, *highest};
}

std::string to_string(const BudgetRange& budget) {
  return std::to_string(budget.lowest) + " to " + std::to_string(budget.highest);
}

}  // namespace jorge
