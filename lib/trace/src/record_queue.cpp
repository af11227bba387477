#include "segue/trace/record_queue.h"

#include <algorithm>

#include "provider_registry.h"
#include "provider_state.h"

namespace segue {

namespace {

// The tags and lengths around a request's resource and the whole, at most.
constexpr std::size_t request_overhead = 24;

// Recorders of threads that are gone are folded into the totals once nothing of them is left to read.
void forget_finished(detail::ProviderState& state) {
  std::erase_if(state.recorders, [&state](const auto& recorder) {
    if (!recorder->is_finished()) return false;
    detail::add_counts(state.finished, *recorder);
    return true;
  });
}

}  // namespace

RecordBatch RecordQueue::collect(std::uint64_t max_spans, std::size_t max_bytes) {
  RecordBatch batch;
  batch.byte_count = state_.resource.size() + request_overhead;
  const std::lock_guard lock(state_.mutex);
  forget_finished(state_);
  const std::size_t count = state_.recorders.size();
  for (std::size_t i = 0; i < count; ++i) {
    detail::Recorder& recorder = *state_.recorders[(state_.next_recorder + i) % count];
    if (!recorder.collect(batch, max_spans, max_bytes)) break;
  }
  state_.next_recorder = count == 0 ? 0 : (state_.next_recorder + 1) % count;
  return batch;
}

void RecordQueue::mark() noexcept {
  const std::lock_guard lock(state_.mutex);
  for (const auto& recorder : state_.recorders) recorder->mark();
}

bool RecordQueue::is_behind_mark() const noexcept {
  const std::lock_guard lock(state_.mutex);
  return std::ranges::any_of(state_.recorders, [](const auto& recorder) { return recorder->is_behind_mark(); });
}

std::uint64_t RecordQueue::unread() const noexcept {
  const std::lock_guard lock(state_.mutex);
  std::uint64_t unread = 0;
  for (const auto& recorder : state_.recorders) unread += recorder->unread();
  return unread;
}

bool RecordQueue::is_half_full() const noexcept { return state_.chunks.is_half_full() || state_.budget.is_half_full(); }

void RecordQueue::release(RecordBatch batch) noexcept {
  for (const RecordRegion& region : batch.regions) region.recorder->release_read();
  state_.budget.give_back(batch.span_count);
}

bool RecordQueue::wait(std::chrono::milliseconds timeout, std::uint32_t wake_spans) noexcept {
  state_.wake_spans.store(std::max<std::uint32_t>(1, wake_spans), std::memory_order_relaxed);
  state_.signal.prepare_wait();
  if (state_.signal.take_request() || unread() >= wake_spans) {
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

void RecordQueue::set_fork_listener(ForkListener* listener) noexcept { detail::set_fork_listener(state_, listener); }

std::string_view RecordQueue::resource() const noexcept { return state_.resource; }

void RecordQueue::count_exported(std::uint64_t spans) noexcept {
  const std::lock_guard lock(state_.mutex);
  state_.finished.exported += spans;
}

void RecordQueue::count_dropped(DropReason reason, std::uint64_t spans) noexcept {
  const std::lock_guard lock(state_.mutex);
  state_.finished.dropped[static_cast<std::size_t>(reason)] += spans;
}

void RecordQueue::count_spooled(std::uint64_t spans) noexcept {
  const std::lock_guard lock(state_.mutex);
  state_.finished.spooled += spans;
}

void RecordQueue::count_unspooled(std::uint64_t spans) noexcept {
  const std::lock_guard lock(state_.mutex);
  state_.finished.spooled -= spans;
}

void RecordQueue::count_recovered(std::uint64_t delivered, std::uint64_t lost) noexcept {
  const std::lock_guard lock(state_.mutex);
  state_.finished.recovered += delivered;
  state_.finished.recovered_lost += lost;
}

}  // namespace segue
