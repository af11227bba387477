// ThreadState: a recording thread's pool of span slots and its recorders, one per tracer it used.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "provider_state.h"
#include "recorder.h"
#include "span_slot.h"

namespace segue::detail {

class ThreadState {
 public:
  ThreadState() = default;
  ~ThreadState();
  ThreadState(const ThreadState&) = delete;
  ThreadState& operator=(const ThreadState&) = delete;

  /// A slot that still holds its previous span's content; null when memory is short.
  SpanSlot* take_slot() noexcept {
    SpanSlot* slot = free_slots_;
    if (slot == nullptr) [[unlikely]]
      return refill();
    take(slot);
    return slot;
  }

  /// The slot to take next, or null.
  SpanSlot* first_free_slot() const noexcept { return free_slots_; }
  void take(const SpanSlot* first) noexcept {
    free_slots_ = first->next_free;
    --free_count_;
  }

  void give_back(SpanSlot* slot) noexcept {
    slot->next_free = free_slots_;
    free_slots_ = slot;
    if (++free_count_ > max_free_slots) [[unlikely]]
      spill();
  }

  /// `with_sampling` for a span without trace state. The last one is kept: most spans of a thread get the same.
  const TraceState& first_trace_state(const SamplingResult& result) noexcept;

  friend void abandon_parents_spans() noexcept;

  /// This thread's recorder for `tracer`; null when memory is short.
  Recorder* recorder(const TracerState& tracer) noexcept {
    if (Recorder* known = known_recorder(tracer)) [[likely]]
      return known;
    return find_recorder(tracer);
  }
  /// The recorder if `tracer` was the last one used, else null.
  Recorder* known_recorder(const TracerState& tracer) const noexcept {
    return last_tracer_ == &tracer ? last_recorder_ : nullptr;
  }

 private:
  static constexpr std::uint32_t max_free_slots = 64;
  SpanSlot* refill() noexcept;
  void spill() noexcept;
  Recorder* find_recorder(const TracerState& tracer) noexcept;
  void forget_closed_providers();
  void forget_recorders() noexcept;

  SpanSlot* free_slots_ = nullptr;
  std::uint32_t free_count_ = 0;
  const TracerState* last_tracer_ = nullptr;
  Recorder* last_recorder_ = nullptr;
  std::vector<std::pair<const TracerState*, std::shared_ptr<Recorder>>> recorders_;
  std::uint64_t last_threshold_ = UINT64_MAX;
  TraceState last_trace_state_;
};

extern constinit thread_local ThreadState* thread_state_pointer [[gnu::tls_model("initial-exec")]];  // as random_state
ThreadState* create_thread_state() noexcept;

/// The calling thread's state; null once the thread's storage is being destroyed, or when memory is short.
inline ThreadState* this_thread_state() noexcept {
  ThreadState* state = thread_state_pointer;
  return state != nullptr ? state : create_thread_state();
}

/// In the child of a fork, on its only thread: spans that are open are the parent's. They stay valid parents of new
/// spans, but record nothing. Recorders are looked up anew.
void abandon_parents_spans() noexcept;

/// For a slot whose thread has no state any more.
void give_back_to_all(SpanSlot* slot) noexcept;

}  // namespace segue::detail
