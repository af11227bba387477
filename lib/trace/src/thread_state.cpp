#include "thread_state.h"

#include <atomic>
#include <new>

#include "ot_trace_state.h"

namespace segue::detail {

constinit thread_local ThreadState* thread_state_pointer = nullptr;

namespace {

// Slots that no thread keeps at present. Taking takes the whole list, so that a slot can't be taken and returned
// in the middle of somebody else's exchange. Never freed, and reachable from here until the process ends.
constinit std::atomic<SpanSlot*> spare_slots = nullptr;

void add_spare_slots(SpanSlot* first, SpanSlot* last) noexcept {
  SpanSlot* head = spare_slots.load(std::memory_order_relaxed);
  do {
    last->next_free = head;
  } while (!spare_slots.compare_exchange_weak(head, first, std::memory_order_release, std::memory_order_relaxed));
}

constinit std::atomic<SpanSlot*> all_slots = nullptr;

SpanSlot* allocate_slot() noexcept {
  auto* slot = new (std::nothrow) SpanSlot;
  if (slot == nullptr) return nullptr;
  slot->next_of_all = all_slots.load(std::memory_order_relaxed);
  while (
      !all_slots.compare_exchange_weak(slot->next_of_all, slot, std::memory_order_release, std::memory_order_relaxed)) {
  }
  return slot;
}

SpanSlot* end_of(SpanSlot* first) noexcept {
  while (first->next_free != nullptr) first = first->next_free;
  return first;
}

constinit thread_local bool thread_has_ended = false;

// Destroys the thread's state with the thread.
struct ThreadStateGuard {
  ThreadState* state = nullptr;
  ~ThreadStateGuard() {
    thread_has_ended = true;
    thread_state_pointer = nullptr;
    delete state;
  }
};

}  // namespace

ThreadState* create_thread_state() noexcept {
  if (thread_has_ended) return nullptr;
  thread_local ThreadStateGuard guard;
  guard.state = new (std::nothrow) ThreadState;
  thread_state_pointer = guard.state;
  return guard.state;
}

void abandon_parents_spans() noexcept {
  for (SpanSlot* slot = all_slots.load(std::memory_order_acquire); slot != nullptr; slot = slot->next_of_all) {
    slot->is_recording = false;
    slot->node.span = nullptr;
  }
  if (thread_state_pointer != nullptr) thread_state_pointer->forget_recorders();
}

void give_back_to_all(SpanSlot* slot) noexcept { add_spare_slots(slot, slot); }

ThreadState::~ThreadState() {
  for (const auto& [tracer, recorder] : recorders_) recorder->retire();
  if (free_slots_ != nullptr) add_spare_slots(free_slots_, end_of(free_slots_));
}

SpanSlot* ThreadState::refill() noexcept {
  SpanSlot* taken = spare_slots.exchange(nullptr, std::memory_order_acquire);
  if (taken == nullptr) return allocate_slot();
  free_slots_ = taken->next_free;
  free_count_ = 0;
  SpanSlot* last_kept = nullptr;
  for (SpanSlot* slot = free_slots_; slot != nullptr && free_count_ < max_free_slots / 2; slot = slot->next_free) {
    last_kept = slot;
    ++free_count_;
  }
  if (last_kept != nullptr && last_kept->next_free != nullptr) {
    SpanSlot* rest = last_kept->next_free;
    last_kept->next_free = nullptr;
    add_spare_slots(rest, end_of(rest));
  }
  return taken;
}

void ThreadState::spill() noexcept {
  SpanSlot* first = free_slots_;
  SpanSlot* last = first;
  for (std::uint32_t i = 1; i < max_free_slots / 2; ++i) last = last->next_free;
  free_slots_ = last->next_free;
  free_count_ -= max_free_slots / 2;
  add_spare_slots(first, last);
}

const TraceState& ThreadState::first_trace_state(const SamplingResult& result) noexcept {
  if (result.threshold != last_threshold_ || result.randomness) {
    last_trace_state_ = with_sampling(TraceState(), result);
    last_threshold_ = result.randomness ? UINT64_MAX : result.threshold;
  }
  return last_trace_state_;
}

Recorder* ThreadState::find_recorder(const TracerState& tracer) noexcept {
  Recorder* found = nullptr;
  for (const auto& [known, recorder] : recorders_) {
    if (known == &tracer) found = recorder.get();
  }
  if (found == nullptr) {
    try {
      forget_closed_providers();
      recorders_.emplace_back(&tracer, tracer.provider->add_recorder(tracer));
      found = recorders_.back().second.get();
    } catch (...) {
      return nullptr;
    }
  }
  last_tracer_ = &tracer;
  last_recorder_ = found;
  return found;
}

void ThreadState::forget_recorders() noexcept {
  last_tracer_ = nullptr;
  recorders_.clear();
}

void ThreadState::forget_closed_providers() {
  std::erase_if(recorders_, [](const auto& entry) {
    if (!entry.first->provider->closed.load(std::memory_order_relaxed)) return false;
    entry.second->retire();
    return true;
  });
  last_tracer_ = nullptr;
}

}  // namespace segue::detail
