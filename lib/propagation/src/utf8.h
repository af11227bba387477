// Repairs text that claims to be UTF-8.
#pragma once

#include <string>

namespace segue::detail {

/// `text` with every maximal invalid sequence replaced by U+FFFD; moved through unchanged when it is valid.
std::string to_valid_utf8(std::string text);

}  // namespace segue::detail
