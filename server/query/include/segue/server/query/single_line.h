// to_single_line(): text from strangers' programs, made safe to show on one line of a terminal.
//
//   std::cout << to_single_line(span.name) << '\n';
//
// Pure function, safe from any thread. Errors: none.
#pragma once

#include <string>
#include <string_view>

namespace segue::server {

/// `text` as valid UTF-8 with each control character replaced by a space: no new lines, no escape sequences.
std::string to_single_line(std::string_view text);

}  // namespace segue::server
