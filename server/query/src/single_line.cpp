#include "segue/server/query/single_line.h"

#include <algorithm>
#include <cstddef>

#include "segue/base/utf8.h"

namespace segue::server {
namespace {

bool is_control(char c) noexcept { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

}  // namespace

std::string to_single_line(std::string_view text) {
  std::string line = to_valid_utf8(std::string(text));
  std::replace_if(line.begin(), line.end(), is_control, ' ');
  // The C1 controls U+0080..U+009F, which terminals obey too: 0xC2 followed by 0x80..0x9F.
  for (std::size_t at = 0; (at = line.find('\xC2', at)) != std::string::npos; ++at) {
    if (static_cast<unsigned char>(line[at + 1]) <= 0x9F) line.replace(at, 2, " ");
  }
  return line;
}

}  // namespace segue::server
