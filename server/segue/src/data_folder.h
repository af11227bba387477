// Where traces are kept when nobody says otherwise, by the XDG base directory specification.
#pragma once

#include <filesystem>

#include "segue/base/result.h"

namespace segue::server {

/// $XDG_DATA_HOME/segue, or ~/.local/share/segue. FailedPrecondition where the environment has neither.
Result<std::filesystem::path> default_data_folder();

}  // namespace segue::server
