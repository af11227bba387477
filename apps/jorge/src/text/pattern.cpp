#include "text/pattern.h"

#include <algorithm>
#include <stdexcept>

namespace jorge {

Pattern::Pattern(std::string_view expression)
    : expression_(expression.begin(), expression.end(), boost::regex::perl | boost::regex::icase) {}

bool Pattern::is_found_in(std::string_view text) const noexcept {
  try {
    return boost::regex_search(text.begin(), text.end(), expression_);
  } catch (const std::runtime_error&) {  // the matcher's step limit
    return false;
  }
}

std::optional<std::string> Pattern::first_capture(std::string_view text, std::size_t group) const {
  auto captures = all_captures(text, group);
  if (captures.empty()) return std::nullopt;
  return std::move(captures.front());
}

std::vector<std::string> Pattern::all_captures(std::string_view text, std::size_t group) const {
  using Matches = boost::regex_iterator<std::string_view::const_iterator>;
  std::vector<std::string> captures;
  try {
    for (Matches match(text.begin(), text.end(), expression_), end; match != end; ++match) {
      captures.push_back((*match)[static_cast<int>(group)].str());
    }
  } catch (const std::runtime_error&) {  // the matcher's step limit
  }
  return captures;
}

PatternList::PatternList(std::initializer_list<std::string_view> expressions) {
  patterns_.reserve(expressions.size());
  for (const std::string_view expression : expressions) patterns_.emplace_back(expression);
}

int PatternList::count_found(std::string_view text) const noexcept {
  return static_cast<int>(std::count_if(patterns_.begin(), patterns_.end(),
                                        [&](const Pattern& pattern) { return pattern.is_found_in(text); }));
}

}  // namespace jorge
