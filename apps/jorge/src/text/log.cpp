#include "text/log.h"

#include <cstdio>

namespace jorge {

void log_warning(std::string_view message) noexcept {
  std::fprintf(stderr, "jorge: %.*s\n", static_cast<int>(message.size()), message.data());
}

}  // namespace jorge
