// SpanBudget: how many finished spans may wait for the back end, over all threads. Recorders take credits in blocks, so
// that recording a span costs a decrement; a credit returns when its span has left the queue.
//
// The bound is exact: there are never more spans than credits. A thread that is idle may hold a block of them, which is
// why blocks are small.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>

namespace segue::detail {

class SpanBudget {
 public:
  /// 0: no bound.
  explicit SpanBudget(std::uint64_t max_spans) noexcept
      : max_(max_spans), block_(std::clamp<std::uint64_t>(max_spans / 512, 1, 64)) {}

  /// Credits for some more spans; 0 at the bound.
  std::uint32_t take() noexcept {
    if (max_ == 0) return UINT32_MAX;
    std::uint64_t taken = taken_.load(std::memory_order_relaxed);
    for (;;) {
      const std::uint64_t grant = std::min(block_, max_ - taken);
      if (grant == 0) return 0;
      if (taken_.compare_exchange_weak(taken, taken + grant, std::memory_order_relaxed)) {
        return static_cast<std::uint32_t>(grant);
      }
    }
  }

  void give_back(std::uint64_t spans) noexcept {
    if (max_ != 0) taken_.fetch_sub(spans, std::memory_order_relaxed);
  }

  bool is_half_full() const noexcept { return max_ != 0 && taken_.load(std::memory_order_relaxed) > max_ / 2; }

  /// In the child of a fork: what is out belongs to the parent.
  void reset() noexcept { taken_.store(0, std::memory_order_relaxed); }

 private:
  const std::uint64_t max_;
  const std::uint64_t block_;
  std::atomic<std::uint64_t> taken_ = 0;
};

}  // namespace segue::detail
