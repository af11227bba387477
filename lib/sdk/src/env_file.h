// The .env file: variables in a file, for development.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "segue/base/result.h"

namespace segue::detail {

using EnvFile = std::map<std::string, std::string, std::less<>>;

/// Lines of NAME=value, blank lines and comments from "#" on. "export " before a name is skipped. A value may stand in single
/// quotes, which keep everything, or in double quotes, in which \n \t \" \\ \$ mean what they do in a shell; without quotes it
/// ends before " #". Nothing is expanded. The last of several lines with one name counts. InvalidArgument names the line.
Result<EnvFile> parse_env_file(std::string_view text);

/// NotFound where there is no such file, LimitExceeded above 1 MiB.
Result<EnvFile> read_env_file(const std::string& path);

}  // namespace segue::detail
