#include "segue/workflow/retry.h"

#include <algorithm>

#include "segue/base/random.h"

namespace segue {

Backoff exponential_backoff(std::chrono::nanoseconds first, std::chrono::nanoseconds most) {
  return [first, most](std::uint32_t failed_attempts) {
    std::chrono::nanoseconds delay = std::min(first, most);
    for (std::uint32_t i = 1; i < failed_attempts && delay < most; ++i) delay = delay > most / 2 ? most : delay * 2;
    const auto half = static_cast<std::uint64_t>(std::max<std::int64_t>(delay.count(), 0)) / 2;
    return delay - std::chrono::nanoseconds(half == 0 ? 0 : random_bits() % (half + 1));
  };
}

}  // namespace segue
