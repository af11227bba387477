// RetrySchedule: how long to wait before a batch is sent again, and when to give it up.
//
//   RetrySchedule schedule(options, Clock::now(), 30s);
//   while (result.outcome == ExportOutcome::Retryable) {
//     const auto delay = schedule.next_delay(Clock::now(), random_fraction(), result.retry_after);
//     if (!delay || !wait_unless_stopped(*delay)) break;
//     result = exporter.export_spans(batch);
//   }
//
// Exponential backoff with jitter; it neither sleeps nor reads a clock: the caller does both.
// One schedule per batch. Thread safety: a plain value. Errors: none; when time is up it answers "give up".
#pragma once

#include <chrono>
#include <optional>

namespace segue {

struct RetryOptions {
  /// Before the first retry. More spares a struggling receiver, less recovers sooner.
  std::chrono::milliseconds initial_delay = std::chrono::seconds(1);
  /// The longest wait, unless the receiver asks for more.
  std::chrono::milliseconds max_delay = std::chrono::seconds(5);
  /// Each wait is this many times as long as the one before, from 1.
  double multiplier = 1.5;
  /// Waits are spread evenly by this share of themselves in both directions, 0..1, lest clients return in step.
  double jitter = 0.2;
};

class RetrySchedule {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  /// A wait that would end more than `max_elapsed` after the first attempt is not begun.
  RetrySchedule(const RetryOptions& options, TimePoint first_attempt, std::chrono::milliseconds max_elapsed) noexcept;

  /// The wait after one more failure at `now`, or nothing: give up. `random_fraction`, in [0, 1), picks the jitter.
  /// Never shorter than `retry_after`.
  std::optional<std::chrono::milliseconds> next_delay(
      TimePoint now, double random_fraction, std::optional<std::chrono::milliseconds> retry_after = {}) noexcept;

 private:
  using Milliseconds = std::chrono::duration<double, std::milli>;

  RetryOptions options_;
  TimePoint deadline_;
  Milliseconds backoff_;  // the next wait, before jitter
};

}  // namespace segue
