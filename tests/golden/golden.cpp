#include "golden.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <sstream>

namespace segue::test {
namespace {

std::string path_of(const std::string& name) { return std::string(SEGUE_GOLDEN_FOLDER) + "/" + name; }

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// The length of the duration at the front of `text`; 0 if there is none.
std::size_t duration_length(std::string_view text) {
  const auto number = std::find_if(text.begin(), text.end(), [](char c) { return !is_digit(c) && c != '.'; });
  const auto digits = static_cast<std::size_t>(number - text.begin());
  if (digits == 0) return 0;
  for (const std::string_view unit : {"ms", "µs", "s"}) {
    if (text.substr(digits).starts_with(unit)) return digits + unit.size();
  }
  return 0;
}

/// The length of "2025-05-12T09:14:02Z" at the front of `text`; 0 if there is none.
std::size_t utc_length(std::string_view text) {
  constexpr std::string_view pattern = "0000-00-00T00:00:00Z";
  const auto fits = [](char expected, char given) { return expected == '0' ? is_digit(given) : expected == given; };
  const bool is_utc = text.size() >= pattern.size() && std::equal(pattern.begin(), pattern.end(), text.begin(), fits);
  return is_utc ? pattern.size() : 0;
}

}  // namespace

std::string mask_times(std::string_view tree) {
  std::string masked;
  for (std::size_t at = 0; at < tree.size();) {
    std::size_t time = utc_length(tree.substr(at));
    const bool may_be_duration = masked.ends_with("(") || masked.ends_with("\nDuration: ");
    if (time == 0 && may_be_duration) time = duration_length(tree.substr(at));
    masked += time > 0 ? '*' : tree[at];
    at += std::max(time, std::size_t{1});
  }
  return masked;
}

std::string read_golden(const std::string& name) {
  std::ifstream file(path_of(name), std::ios::binary);
  EXPECT_TRUE(file) << "no file tests/golden/" << name;
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

void expect_golden(const std::string& text, const std::string& name) {
  if (std::getenv("SEGUE_UPDATE_GOLDEN") != nullptr) std::ofstream(path_of(name), std::ios::binary) << text;
  EXPECT_EQ(text, read_golden(name)) << "differs from tests/golden/" << name;
}

}  // namespace segue::test
