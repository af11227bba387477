#include "worker_control.h"

namespace segue::detail {

using std::chrono::milliseconds;

bool WorkerControl::flush(milliseconds timeout) {
  std::unique_lock lock(mutex_);
  const std::uint64_t wanted = ++flushes_requested_;
  queue_.wake();
  changed_.wait_for(lock, timeout, [&] { return flushes_done_ >= wanted || is_finished_; });
  return flushes_done_ >= wanted;
}

void WorkerControl::request_stop(milliseconds timeout) {
  const std::lock_guard lock(mutex_);
  deadline_ = Clock::now() + timeout;
  is_stopping_ = true;
  queue_.wake();
}

bool WorkerControl::is_stopping() const {
  const std::lock_guard lock(mutex_);
  return is_stopping_;
}

bool WorkerControl::is_past_deadline() const {
  const std::lock_guard lock(mutex_);
  return is_stopping_ && Clock::now() >= deadline_;
}

std::uint64_t WorkerControl::flushes_requested() const {
  const std::lock_guard lock(mutex_);
  return flushes_requested_;
}

bool WorkerControl::has_flush_request() const {
  const std::lock_guard lock(mutex_);
  return flushes_requested_ > flushes_done_;
}

void WorkerControl::answer_flushes(std::uint64_t count) {
  const std::lock_guard lock(mutex_);
  flushes_done_ = count;
  changed_.notify_all();
}

void WorkerControl::finish() {
  const std::lock_guard lock(mutex_);
  is_finished_ = true;
  changed_.notify_all();
}

WorkerControl::PauseEnd WorkerControl::pause(milliseconds delay, GiveWay give_way) {
  const Clock::time_point until = Clock::now() + delay;
  while (Clock::now() < until) {
    {
      const std::lock_guard lock(mutex_);
      if (is_stopping_ && until >= deadline_) return PauseEnd::NoTimeLeft;
    }
    if (give_way == GiveWay::WhenQueueHalfFull && queue_.is_half_full()) return PauseEnd::QueueHalfFull;
    queue_.wait(std::chrono::ceil<milliseconds>(until - Clock::now()), UINT32_MAX);
  }
  return PauseEnd::Over;
}

}  // namespace segue::detail
