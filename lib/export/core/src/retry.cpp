#include "segue/export/retry.h"

#include <algorithm>

namespace segue {

RetrySchedule::RetrySchedule(const RetryOptions& options, TimePoint first_attempt,
                             std::chrono::milliseconds max_elapsed) noexcept
    : options_(options), deadline_(first_attempt + max_elapsed), backoff_(options.initial_delay) {}

std::optional<std::chrono::milliseconds> RetrySchedule::next_delay(
    TimePoint now, double random_fraction, std::optional<std::chrono::milliseconds> retry_after) noexcept {
  const Milliseconds longest = options_.max_delay;
  const double spread = 1.0 + options_.jitter * (2.0 * random_fraction - 1.0);
  const Milliseconds jittered = std::min(backoff_ * spread, longest);
  backoff_ = std::min(backoff_ * options_.multiplier, longest);

  auto delay = std::chrono::duration_cast<std::chrono::milliseconds>(jittered);
  if (retry_after) delay = std::max(delay, *retry_after);
  // Compared as a difference, in the coarser unit: a receiver may ask for a wait so long that sums would overflow.
  if (delay > std::chrono::duration_cast<std::chrono::milliseconds>(deadline_ - now)) return std::nullopt;
  return delay;
}

}  // namespace segue
