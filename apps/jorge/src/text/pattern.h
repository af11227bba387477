// A text pattern, compiled once: a case-insensitive regular expression over ASCII words.
//
//   static const PatternList buyer({R"(\bi\s+want\s+to\s+buy\b)", R"(\bpre[- ]?approv)"});
//   const int found = buyer.count_found(message);      // each pattern counts once
//
// The syntax is Perl's; \b, \w and letter case are ASCII, whatever the locale. Patterns are program
// text, so a malformed one is a defect and ends the program where it is built.
// Thread safety: matching is const and may run on any number of threads.
// Errors: none; a text too tangled for the matcher's step limit counts as "not found".
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/regex.hpp>

namespace jorge {

class Pattern {
 public:
  explicit Pattern(std::string_view expression);

  /// Whether the pattern occurs anywhere in `text`.
  bool is_found_in(std::string_view text) const noexcept;

  /// The text of capture group `group` (0: the whole match) of the first match, if there is one.
  std::optional<std::string> first_capture(std::string_view text, std::size_t group = 1) const;

  /// Capture group `group` of every match, left to right; empty where the group took no part.
  std::vector<std::string> all_captures(std::string_view text, std::size_t group = 1) const;

 private:
  boost::regex expression_;
};

class PatternList {
 public:
  PatternList(std::initializer_list<std::string_view> expressions);

  /// How many of the patterns occur in `text`; one that occurs twice counts once.
  int count_found(std::string_view text) const noexcept;

  bool any_found(std::string_view text) const noexcept { return count_found(text) > 0; }

 private:
  std::vector<Pattern> patterns_;
};

}  // namespace jorge
