#include "segue/base/clock.h"

#include <pthread.h>

#include <chrono>
#include <ctime>
#include <fstream>
#include <mutex>
#include <string>

namespace segue {
namespace {

// A pair of readings of both clocks taken as close together as possible.
struct Anchor {
  Ticks ticks;
  std::uint64_t unix_nanos;
};

bool kernel_trusts_tsc() {
#if defined(__x86_64__)
  std::ifstream file("/sys/devices/system/clocksource/clocksource0/current_clocksource");
  std::string source;
  return file >> source && source == "tsc";
#else
  return false;
#endif
}

std::uint64_t read_clock(clockid_t clock) noexcept {
  timespec time;
  clock_gettime(clock, &time);
  return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000U + static_cast<std::uint64_t>(time.tv_nsec);
}

// The narrowest of a few brackets: an interrupt between the readings must not shift the anchor.
Anchor take_anchor() noexcept {
  Anchor best{};
  Ticks narrowest = ~Ticks{0};
  for (int attempt = 0; attempt < 8; ++attempt) {
    const Ticks before = now_ticks();
    const std::uint64_t nanos = read_clock(CLOCK_REALTIME);
    const Ticks after = now_ticks();
    if (after - before >= narrowest) continue;
    narrowest = after - before;
    best = Anchor{before + (after - before) / 2, nanos};
  }
  return best;
}

// A fork waits for it, lest the child find a calibration half published by a thread that it does not have.
constinit std::mutex calibration_mutex;
const int fork_hook = pthread_atfork([] { calibration_mutex.lock(); }, [] { calibration_mutex.unlock(); },
                                     [] { calibration_mutex.unlock(); });

class Calibration {
 public:
  Calibration() {
    first_ = take_anchor();
    first_steady_ = read_clock(CLOCK_MONOTONIC);
    if (detail::clock_uses_tsc) {  // a first estimate of the rate, improved by each recalibration
      while (read_clock(CLOCK_MONOTONIC) - first_steady_ < 2'000'000) {
      }
    }
    update();
  }

  void update() noexcept {
    (void)fork_hook;
    const std::lock_guard lock(calibration_mutex);
    const Anchor anchor = take_anchor();
    // The rate comes from the monotonic clock: a stepped wall clock must not bend it.
    const std::uint64_t steady = read_clock(CLOCK_MONOTONIC);
    double nanos_per_tick = 1.0;
    if (detail::clock_uses_tsc && anchor.ticks > first_.ticks) {
      nanos_per_tick = static_cast<double>(steady - first_steady_) / static_cast<double>(now_ticks() - first_.ticks);
    }
    publish({anchor.ticks, anchor.unix_nanos, nanos_per_tick});
  }

 private:
  static void publish(const ClockConversion& next) noexcept {
    detail::PublishedConversion& published = detail::published_conversion;
    published.sequence.fetch_add(1, std::memory_order_acq_rel);
    published.base_ticks.store(next.base_ticks, std::memory_order_release);
    published.base_unix_nanos.store(next.base_unix_nanos, std::memory_order_release);
    published.nanos_per_tick.store(next.nanos_per_tick, std::memory_order_release);
    published.sequence.fetch_add(1, std::memory_order_release);
  }

  Anchor first_{};
  std::uint64_t first_steady_ = 0;
};

// Leaked on purpose: spans may end while static objects are being destroyed.
Calibration& calibration() {
  static Calibration* instance = new Calibration;
  return *instance;
}

}  // namespace

namespace detail {
const bool clock_uses_tsc = kernel_trusts_tsc();
Ticks realtime_ticks() noexcept { return read_clock(CLOCK_REALTIME); }
constinit PublishedConversion published_conversion;
void calibrate_clock() noexcept { calibration(); }
}  // namespace detail

void recalibrate_clock() noexcept { calibration().update(); }
std::uint64_t unix_nanos_now() noexcept { return read_clock(CLOCK_REALTIME); }

}  // namespace segue
