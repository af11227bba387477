// Finds the budget in what a buyer writes: "$500k", "650,000 dollars", "between 400 and 500k".
//
//   const auto budget = find_budget("Somewhere between $400k and $500k");  // 400000 to 500000
//
// Thread safety: pure functions. Errors: none; amounts below 100 are ignored, a bare 100 to 999 means
// thousands, and a single amount stands for a range from four fifths of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace jorge {

struct BudgetRange {
  std::int64_t lowest = 0;   ///< dollars
  std::int64_t highest = 0;  ///< dollars
};

std::optional<BudgetRange> find_budget(std::string_view message);

/// "400000 to 500000"
std::string to_string(const BudgetRange& budget);

}  // namespace jorge
