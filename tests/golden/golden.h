// Golden files: text compared as a whole, with what depends on the clock masked.
//
//   expect_golden(mask_times(tree), "lead_to_buyer.trace.txt");
//
// With SEGUE_UPDATE_GOLDEN=1 in the environment the files are written instead; read the diff before committing it.
// Thread safety: any thread. Errors: a file that is missing or differs fails the test and shows both.
#pragma once

#include <string>
#include <string_view>

namespace segue::test {

/// Durations ("350ms", "62µs", "12.5s") after "Duration: " and in parentheses at the end of a span, and UTC times, as "*".
std::string mask_times(std::string_view tree);

/// `name` is a file of tests/golden.
void expect_golden(const std::string& text, const std::string& name);

/// The bytes of a file of tests/golden.
std::string read_golden(const std::string& name);

}  // namespace segue::test
