// WorkerControl: what application threads ask of the back-end thread, flushes and a stop with a deadline, and how that
// thread waits without missing either. Thread safety: all members.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>

#include "segue/trace/record_queue.h"

namespace segue::detail {

class WorkerControl {
 public:
  using Clock = std::chrono::steady_clock;

  explicit WorkerControl(RecordQueue& queue) noexcept : queue_(queue) {}

  // For application threads.

  /// True once the worker has answered; false at `timeout` or when it stops first.
  bool flush(std::chrono::milliseconds timeout);
  void request_stop(std::chrono::milliseconds timeout);

  // For the worker.

  bool is_stopping() const;
  bool is_past_deadline() const;
  /// The flushes asked for so far; `answer_flushes` says which of them are done.
  std::uint64_t flushes_requested() const;
  bool has_flush_request() const;
  void answer_flushes(std::uint64_t count);
  /// Flushes are not answered any more.
  void finish();

  enum class PauseEnd : std::uint8_t { Over, NoTimeLeft, QueueHalfFull };
  enum class GiveWay : std::uint8_t { Never, WhenQueueHalfFull };
  /// Waits for `delay`, unless a stop leaves no time for it or, if wanted, the queue becomes half full.
  PauseEnd pause(std::chrono::milliseconds delay, GiveWay give_way);

 private:
  RecordQueue& queue_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t flushes_requested_ = 0;
  std::uint64_t flushes_done_ = 0;
  bool is_stopping_ = false;
  bool is_finished_ = false;
  Clock::time_point deadline_ = {};
};

}  // namespace segue::detail
