// Reads the files that people write for set-up.
#pragma once

#include <string>

#include "segue/base/result.h"

namespace segue::detail {

/// NotFound where there is no such file or it cannot be read, LimitExceeded above 1 MiB.
Result<std::string> read_small_file(const std::string& path);

}  // namespace segue::detail
