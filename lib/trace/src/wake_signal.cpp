#include "wake_signal.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <climits>
#include <ctime>

namespace segue::detail {

bool WakeSignal::wait(std::chrono::milliseconds timeout) noexcept {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(timeout);
  const std::chrono::nanoseconds rest = timeout - seconds;
  timespec time;
  time.tv_sec = seconds.count();
  time.tv_nsec = rest.count();
  syscall(SYS_futex, &state_, FUTEX_WAIT_PRIVATE, waiting, &time, nullptr, 0);
  return state_.exchange(awake, std::memory_order_relaxed) == awake;  // a waker has reset it
}

void WakeSignal::wake_sleeper() noexcept {
  state_.store(awake, std::memory_order_relaxed);
  syscall(SYS_futex, &state_, FUTEX_WAKE_PRIVATE, INT_MAX, nullptr, nullptr, 0);
}

}  // namespace segue::detail
