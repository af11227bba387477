// WakeSignal: lets recording threads wake the back end at the cost of one atomic instruction while it is awake.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

namespace segue::detail {

class WakeSignal {
 public:
  /// Announces that the back end is about to look for work for the last time before it sleeps.
  void prepare_wait() noexcept { state_.exchange(waiting, std::memory_order_seq_cst); }
  void cancel_wait() noexcept { state_.store(awake, std::memory_order_relaxed); }
  /// Sleeps until `wake` was called since `prepare_wait` (true), or `timeout` has passed.
  bool wait(std::chrono::milliseconds timeout) noexcept;

  void wake() noexcept {
    // Pairs with prepare_wait: either this sees `waiting`, or the back end sees what was published before. A fence would
    // do, but the thread sanitizer does not know fences.
    if (state_.fetch_add(0, std::memory_order_seq_cst) == waiting) wake_sleeper();
  }

  /// A wake that is remembered until the back end next looks, should it be awake now.
  void request() noexcept {
    requested_.store(true, std::memory_order_seq_cst);
    wake();
  }
  /// In the child of a fork, which has no sleeper.
  void reset() noexcept {
    state_.store(awake, std::memory_order_relaxed);
    requested_.store(false, std::memory_order_relaxed);
  }
  bool take_request() noexcept { return requested_.exchange(false, std::memory_order_seq_cst); }

 private:
  static constexpr std::uint32_t awake = 0;
  static constexpr std::uint32_t waiting = 1;
  void wake_sleeper() noexcept;

  std::atomic<std::uint32_t> state_ = awake;
  std::atomic<bool> requested_ = false;
};

}  // namespace segue::detail
