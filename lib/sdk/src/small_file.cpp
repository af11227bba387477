#include "small_file.h"

#include <fstream>

namespace segue::detail {

Result<std::string> read_small_file(const std::string& path) {
  constexpr std::size_t max_bytes = std::size_t{1} << 20;
  std::ifstream file(path, std::ios::binary);
  std::string text(max_bytes + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!file.is_open() || file.bad()) return Error{Errc::NotFound, "cannot read " + path};
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (text.size() > max_bytes) return Error{Errc::LimitExceeded, path + " is larger than 1 MiB"};
  return text;
}

}  // namespace segue::detail
