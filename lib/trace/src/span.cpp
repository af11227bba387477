#include "segue/trace/span.h"

#include <algorithm>
#include <span>
#include <string_view>
#include <vector>

#include "exception_event.h"
#include "segue/otlp/wire.h"
#include "segue/trace/span_observer.h"
#include "thread_state.h"

namespace segue {
namespace {

namespace wire = otlp::wire;

using detail::SpanSlot;

bool records(const SpanSlot* slot) noexcept { return slot != nullptr && slot->is_recording; }

// Converted once, when first asked for.
std::uint64_t start_of(SpanSlot& slot, const ClockConversion& conversion) noexcept {
  if (slot.start_unix_nanos == 0) slot.start_unix_nanos = conversion.to_unix_nanos(slot.start_ticks);
  return slot.start_unix_nanos;
}

// Copies the finished span into its thread's chunk, or says why that could not be.
std::optional<DropReason> record(SpanSlot& slot, detail::Recorder& recorder, std::uint64_t start,
                                 std::uint64_t end) noexcept {
  const detail::ProviderState& provider = *slot.tracer->provider;
  if (provider.closed.load(std::memory_order_relaxed)) [[unlikely]]
    return DropReason::AfterShutdown;
  const std::string_view message = slot.finish();
  if (message.empty()) [[unlikely]]
    return DropReason::OutOfMemory;
  const std::size_t size = wire::length_field_size(message.size());
  if (size > provider.limits.max_span_bytes) [[unlikely]]
    return DropReason::TooLarge;
  char* out = recorder.reserve(size);
  if (out == nullptr) [[unlikely]]
    return DropReason::QueueFull;
  out = wire::write_length_prefix(out, wire::scope_spans_spans, message.size());
  wire::write_bytes(out, message);
  SpanSlot::write_times(out, start, end);
  if (recorder.commit(size) >= provider.wake_spans.load(std::memory_order_relaxed)) [[unlikely]]
    recorder.wake_back_end();
  return std::nullopt;
}

void notify(const SpanSlot& slot, const detail::ProviderState& provider, std::uint64_t start,
            std::uint64_t end) noexcept {
  const FinishedSpan span(slot, start, end);
  for (const auto& observer : provider.observers) observer->on_end(span);
}

inline void finish_recording(SpanSlot& slot, detail::ThreadState* thread, std::uint64_t given_end) noexcept {
  std::uint64_t start = slot.start_unix_nanos;
  std::uint64_t end = given_end;
  if (start == 0 || end == 0) [[likely]] {
    const ClockConversion conversion = clock_conversion();
    if (end == 0) end = conversion.to_unix_nanos(now_ticks());
    start = start_of(slot, conversion);
  }
  detail::ProviderState& provider = *slot.tracer->provider;
  if (!provider.observers.empty()) [[unlikely]]
    notify(slot, provider, start, end);
  if (!slot.node.context.is_sampled()) return;
  if (thread == nullptr) [[unlikely]]
    return provider.queue.count_dropped(DropReason::ThreadEnding, 1);
  detail::Recorder* recorder = thread->recorder(*slot.tracer);
  if (recorder == nullptr) [[unlikely]]
    return provider.queue.count_dropped(DropReason::OutOfMemory, 1);
  if (const auto reason = record(slot, *recorder, start, end)) [[unlikely]]
    recorder->count_dropped(*reason);
}

inline void give_back(SpanSlot* slot, detail::ThreadState* thread) noexcept {
  if (thread != nullptr) [[likely]]
    return thread->give_back(slot);
  detail::give_back_to_all(slot);
}

[[gnu::noinline]] void end_recording_slot(SpanSlot* slot, std::uint64_t given_end) noexcept {
  if (slot->is_scoped) detail::pop_node(slot->node);
  detail::ThreadState* thread = detail::this_thread_state();
  finish_recording(*slot, thread, given_end);
  if (slot->recorded_exception != nullptr) [[unlikely]]
    slot->recorded_exception = nullptr;
  give_back(slot, thread);
}

[[gnu::noinline]] void end_out_of_order(SpanSlot* slot) noexcept {
  detail::pop_inner_node(slot->node);
  give_back(slot, detail::thread_state_pointer);
}

// Recording or out of order, it ends elsewhere: without calls but in the last place, nothing has to be saved.
[[gnu::always_inline]] inline void end_slot(SpanSlot* slot, std::uint64_t given_end) noexcept {
  if (slot->is_recording) return end_recording_slot(slot, given_end);
  if (slot->is_scoped) {
    if (detail::current_node != &slot->node) [[unlikely]]
      return end_out_of_order(slot);
    detail::current_node = slot->node.previous;
  }
  give_back(slot, detail::thread_state_pointer);
}

void add_exception_event(SpanSlot& slot, const detail::ExceptionFacts& facts, Attributes more) {
  const std::vector<std::string_view> causes(facts.causes.begin(), facts.causes.end());
  slot.add_event("exception", detail::exception_attributes(facts, causes, more),
                 clock_conversion().to_unix_nanos(now_ticks()));
}

// In milliseconds, to two decimals.
double rounded_ms(std::uint64_t nanos) noexcept {
  const std::uint64_t hundredths = (nanos + 5'000) / 10'000;
  return static_cast<double>(hundredths) / 100;
}

const SpanContext no_context;

}  // namespace

void Span::set_string(std::string_view key, std::string_view value) noexcept {
  if (slot_->is_recording) slot_->set_string(key, value);
}

void Span::set_bool(std::string_view key, bool value) noexcept {
  if (slot_->is_recording) slot_->set_bool(key, value);
}

void Span::set_int(std::string_view key, std::int64_t value) noexcept {
  if (slot_->is_recording) slot_->set_int(key, value);
}

void Span::set_double(std::string_view key, double value) noexcept {
  if (slot_->is_recording) slot_->set_double(key, value);
}

Span& Span::set(const Attribute& attribute) noexcept { return set_all(std::span(&attribute, 1)); }

Span& Span::set_all(Attributes attributes) noexcept {
  if (records(slot_)) slot_->set(attributes);
  return *this;
}

Span& Span::set(const detail::FixedAttributes& fixed) noexcept {
  if (records(slot_)) slot_->set(fixed);
  return *this;
}

void Span::set_status(StatusCode code, std::string_view message) noexcept {
  if (records(slot_)) slot_->set_status(code, message);
}

void Span::add_event(std::string_view name, Attributes attributes, std::optional<std::uint64_t> unix_nanos) noexcept {
  if (!records(slot_)) return;
  const std::uint64_t time = unix_nanos ? *unix_nanos : clock_conversion().to_unix_nanos(now_ticks());
  slot_->add_event(name, attributes, time);
}

void Span::add_link(const SpanContext& to, Attributes attributes) noexcept {
  if (records(slot_) && to.is_valid()) slot_->add_link(to, attributes);
}

void Span::record_exception(const std::exception& exception, Attributes more) noexcept {
  if (!records(slot_)) return;
  const std::exception_ptr current = std::current_exception();
  if (detail::holds(current, exception)) return record_exception(current, more);
  try {
    add_exception_event(*slot_, detail::facts_of(exception), more);
  } catch (...) {
    ++slot_->dropped_events;  // no memory to describe it
  }
}

void Span::record_exception(const std::exception_ptr& exception, Attributes more) noexcept {
  if (!records(slot_) || exception == nullptr || exception == slot_->recorded_exception) return;
  slot_->recorded_exception = exception;
  try {
    add_exception_event(*slot_, detail::facts_of(exception), more);
  } catch (...) {
    ++slot_->dropped_events;
  }
}

void Span::update_name(std::string_view name) noexcept {
  if (records(slot_)) slot_->set_name(name);
}

void Span::end() noexcept {
  if (SpanSlot* slot = std::exchange(slot_, nullptr)) end_slot(slot, 0);
}

void Span::end(std::uint64_t unix_nanos) noexcept {
  if (SpanSlot* slot = std::exchange(slot_, nullptr)) end_slot(slot, unix_nanos);
}

void Span::end_with_outcome(const OutcomeKeys& keys, bool failed) noexcept {
  SpanSlot* slot = std::exchange(slot_, nullptr);
  if (slot == nullptr) return;
  std::uint64_t end = 0;
  if (slot->is_recording) {
    const ClockConversion conversion = clock_conversion();
    const std::uint64_t start = start_of(*slot, conversion);
    end = std::max(start, conversion.to_unix_nanos(now_ticks()));  // the clock may have been set back
    const bool succeeded = !failed && slot->status != StatusCode::Error;
    const Attribute outcome[] = {{keys.success, succeeded}, {keys.duration_ms, rounded_ms(end - start)}};
    slot->set(outcome);
    if (succeeded && keys.sets_ok_status) slot->set_status(StatusCode::Ok, {});
  }
  end_slot(slot, end);
}

bool Span::is_recording() const noexcept { return records(slot_); }

StatusCode Span::status() const noexcept { return records(slot_) ? slot_->status : StatusCode::Unset; }

const SpanContext& Span::context() const noexcept { return slot_ != nullptr ? slot_->node.context : no_context; }

std::uint64_t Span::start_unix_nanos() const noexcept {
  if (!records(slot_)) return 0;
  return slot_->start_unix_nanos != 0 ? slot_->start_unix_nanos : start_of(*slot_, clock_conversion());
}

std::uint64_t Span::elapsed_nanos() const noexcept {
  if (!records(slot_)) return 0;
  const ClockConversion conversion = clock_conversion();
  const std::uint64_t start = start_of(*slot_, conversion);
  const std::uint64_t now = conversion.to_unix_nanos(now_ticks());
  return now > start ? now - start : 0;
}

}  // namespace segue
