#include "data_folder.h"

#include <cstdlib>
#include <string_view>

namespace segue::server {
namespace {

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

}  // namespace

Result<std::filesystem::path> default_data_folder() {
  // The specification has relative paths ignored.
  const std::filesystem::path data_home = environment("XDG_DATA_HOME");
  if (data_home.is_absolute()) return data_home / "segue";
  const std::filesystem::path home = environment("HOME");
  if (home.is_absolute()) return home / ".local/share/segue";
  return Error{Errc::FailedPrecondition, "neither XDG_DATA_HOME nor HOME is set: name a folder with --data"};
}

}  // namespace segue::server
