#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdio>

#include "segue/trace/rule_sampler.h"

namespace segue {
namespace {

constexpr double longest_nanos = 1e18;  // some thirty years: sums of a few stay within 64 bits

std::uint64_t as_nanos(double nanos) noexcept {
  return static_cast<std::uint64_t>(std::clamp(nanos, 0.0, longest_nanos));
}

std::uint64_t steady_nanos() {
  return static_cast<std::uint64_t>(
      std::chrono::nanoseconds(std::chrono::steady_clock::now().time_since_epoch()).count());
}

// A token bucket written as one time (the generic cell rate algorithm): when the bucket will be full again. Each
// span taken moves it on by the interval; a span may be taken while it is no further ahead than the burst allows.
class RateLimitedSampler final : public Sampler {
 public:
  explicit RateLimitedSampler(RateLimit limit)
      : clock_(limit.clock ? std::move(limit.clock) : steady_nanos),
        per_second_(limit.per_second > 0 ? limit.per_second : 0),
        burst_(limit.burst >= 1 ? limit.burst : std::max(1.0, per_second_)),
        interval_(as_nanos(1e9 / per_second_)),
        allowance_(as_nanos((burst_ - 1) * (1e9 / per_second_))) {}

  SamplingResult sample(const SamplingInput&) const noexcept override {
    const bool takes = per_second_ > 0 && take();
    return {.decision = takes ? SamplingDecision::RecordAndSample : SamplingDecision::Drop,
            .probability = Probability::Unknown};
  }

  std::string description() const override {
    char text[96];
    std::snprintf(text, sizeof text, "RateLimited{%.6g/s,burst=%.6g}", per_second_, burst_);
    return text;
  }

 private:
  bool take() const noexcept {
    const std::uint64_t now = clock_();
    std::uint64_t full_at = full_at_.load(std::memory_order_relaxed);
    for (;;) {
      const std::uint64_t from = std::max(full_at, now);
      if (from - now > allowance_) return false;
      if (full_at_.compare_exchange_weak(full_at, from + interval_, std::memory_order_relaxed)) return true;
    }
  }

  std::function<std::uint64_t()> clock_;
  double per_second_;
  double burst_;
  std::uint64_t interval_;
  std::uint64_t allowance_;
  mutable std::atomic<std::uint64_t> full_at_ = 0;
};

}  // namespace

SamplerPointer rate_limited(RateLimit limit) { return std::make_shared<RateLimitedSampler>(std::move(limit)); }

}  // namespace segue
