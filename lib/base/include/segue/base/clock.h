// Time for spans: ticks that cost as little as the machine allows, converted to Unix time later.
//
//   const Ticks start = now_ticks();          // on the recording path: one rdtsc
//   ...
//   const ClockConversion convert = clock_conversion();
//   record(convert.to_unix_nanos(start), convert.to_unix_nanos(now_ticks()));
//
// Ticks are the CPU's time-stamp counter where the kernel says it is invariant and synchronised
// (its clock source is "tsc"), else CLOCK_REALTIME nanoseconds. `recalibrate_clock()` ties the counter to the
// realtime clock again; the back end calls it about once a second, so that stepped or slewed
// wall clocks are followed. Thread safety: all functions, from any thread. Errors: none.
#pragma once

#include <atomic>
#include <cstdint>

#if defined(__x86_64__)
#include <x86intrin.h>
#endif

namespace segue {

using Ticks = std::uint64_t;

/// A linear map from ticks to nanoseconds since the Unix epoch; use one map for both ends of a span.
struct ClockConversion {
  Ticks base_ticks = 0;
  std::uint64_t base_unix_nanos = 0;
  double nanos_per_tick = 1.0;

  std::uint64_t to_unix_nanos(Ticks ticks) const noexcept {
    const auto delta = static_cast<std::int64_t>(ticks - base_ticks);
    const auto nanos = static_cast<std::int64_t>(static_cast<double>(delta) * nanos_per_tick);
    return base_unix_nanos + static_cast<std::uint64_t>(nanos);
  }

  /// The other way round, for times given by a caller.
  Ticks to_ticks(std::uint64_t unix_nanos) const noexcept {
    const auto delta = static_cast<double>(static_cast<std::int64_t>(unix_nanos - base_unix_nanos));
    return base_ticks + static_cast<Ticks>(static_cast<std::int64_t>(delta / nanos_per_tick));
  }
};

namespace detail {
extern const bool clock_uses_tsc;
Ticks realtime_ticks() noexcept;

// The present map behind a sequence lock: the number is odd while a writer is at work, and 0 before the first one was.
struct PublishedConversion {
  std::atomic<std::uint32_t> sequence = 0;
  std::atomic<Ticks> base_ticks = 0;
  std::atomic<std::uint64_t> base_unix_nanos = 0;
  std::atomic<double> nanos_per_tick = 1.0;
};
extern constinit PublishedConversion published_conversion;
/// Publishes the first map, if nobody has.
void calibrate_clock() noexcept;
}  // namespace detail

/// The counter's present value.
inline Ticks now_ticks() noexcept {
#if defined(__x86_64__)
  if (detail::clock_uses_tsc) [[likely]]
    return __rdtsc();
#endif
  return detail::realtime_ticks();
}

/// The present map; consistent even while another thread recalibrates. A few nanoseconds.
inline ClockConversion clock_conversion() noexcept {
  const detail::PublishedConversion& published = detail::published_conversion;
  for (;;) {
    const std::uint32_t before = published.sequence.load(std::memory_order_acquire);
    const ClockConversion copy{published.base_ticks.load(std::memory_order_acquire),
                               published.base_unix_nanos.load(std::memory_order_acquire),
                               published.nanos_per_tick.load(std::memory_order_acquire)};
    const std::uint32_t after = published.sequence.load(std::memory_order_relaxed);
    if (before == after && (before & 1U) == 0 && before != 0) [[likely]]
      return copy;
    if (before == 0) detail::calibrate_clock();
  }
}

/// Measures the counter against the realtime clock again.
void recalibrate_clock() noexcept;

/// CLOCK_REALTIME in nanoseconds since the Unix epoch.
std::uint64_t unix_nanos_now() noexcept;

}  // namespace segue
