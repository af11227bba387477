#include "segue/trace/record_queue.h"

#include <algorithm>

#include "provider_state.h"

namespace segue {

namespace {

std::uint64_t unread_spans(detail::ProviderState& state) {
  const std::lock_guard lock(state.mutex);
  std::uint64_t unread = 0;
  for (const auto& recorder : state.recorders) unread += recorder->unread();
  return unread;
}

// Recorders of threads that are gone are folded into the totals once nothing of them is left to read.
void forget_finished(detail::ProviderState& state) {
  std::erase_if(state.recorders, [&state](const auto& recorder) {
    if (!recorder->is_finished()) return false;
    detail::add_counts(state.finished, *recorder);
    return true;
  });
}

}  // namespace

RecordBatch RecordQueue::collect(std::uint64_t max_spans) {
  RecordBatch batch;
  const std::lock_guard lock(state_.mutex);
  forget_finished(state_);
  const std::size_t count = state_.recorders.size();
  for (std::size_t i = 0; i < count && batch.span_count < max_spans; ++i) {
    detail::Recorder& recorder = *state_.recorders[(state_.next_recorder + i) % count];
    recorder.collect(batch, max_spans - batch.span_count);
  }
  state_.next_recorder = count == 0 ? 0 : (state_.next_recorder + 1) % count;
  return batch;
}

void RecordQueue::release(RecordBatch batch) noexcept {
  for (const RecordRegion& region : batch.regions) region.recorder->release_read();
}

bool RecordQueue::wait(std::chrono::milliseconds timeout, std::uint32_t wake_spans) noexcept {
  state_.wake_spans.store(std::max<std::uint32_t>(1, wake_spans), std::memory_order_relaxed);
  state_.signal.prepare_wait();
  if (state_.signal.take_request() || unread_spans(state_) >= wake_spans) {
    state_.signal.cancel_wait();
    return true;
  }
  if (timeout.count() <= 0) {
    state_.signal.cancel_wait();
    return false;
  }
  const bool was_woken = state_.signal.wait(timeout);
  return state_.signal.take_request() || was_woken;
}

void RecordQueue::wake() noexcept { state_.signal.request(); }

void RecordQueue::finish() noexcept { state_.abandoned.store(true, std::memory_order_relaxed); }

std::string_view RecordQueue::resource() const noexcept { return state_.resource; }

void RecordQueue::count_exported(std::uint64_t spans) noexcept {
  const std::lock_guard lock(state_.mutex);
  state_.finished.exported += spans;
}

void RecordQueue::count_dropped(DropReason reason, std::uint64_t spans) noexcept {
  const std::lock_guard lock(state_.mutex);
  state_.finished.dropped[static_cast<std::size_t>(reason)] += spans;
}

}  // namespace segue
