#include "segue/trace/span.h"

#include <cxxabi.h>

#include <cstdlib>
#include <memory>
#include <typeinfo>

#include "segue/model/attributes.h"
#include "thread_state.h"

namespace segue {
namespace {

using detail::SpanSlot;

const SpanLimits& limits_of(const SpanSlot& slot) noexcept { return slot.tracer->provider->limits; }

bool records(const SpanSlot* slot) noexcept { return slot != nullptr && slot->is_recording; }

// Copies the finished span into its thread's chunk, or says why that could not be.
std::optional<DropReason> record(const SpanSlot& slot, detail::Recorder& recorder, std::uint64_t start,
                                 std::uint64_t end) noexcept {
  const detail::ProviderState& provider = *slot.tracer->provider;
  if (provider.closed.load(std::memory_order_relaxed)) return DropReason::AfterShutdown;
  const SpanSlot::RecordSize size = slot.record_size();
  if (size.field > provider.limits.max_span_bytes) return DropReason::TooLarge;
  char* out = recorder.reserve(size.field);
  if (out == nullptr) return DropReason::QueueFull;
  slot.write_record(out, size, start, end);
  recorder.commit(size.field);
  return std::nullopt;
}

void finish_recording(SpanSlot& slot, detail::ThreadState* thread, std::uint64_t given_end) noexcept {
  if (!slot.node.context.is_sampled()) return;
  const Ticks end_ticks = now_ticks();
  const ClockConversion clock = clock_conversion();
  const std::uint64_t start =
      slot.start_unix_nanos != 0 ? slot.start_unix_nanos : clock.to_unix_nanos(slot.start_ticks);
  const std::uint64_t end = given_end != 0 ? given_end : clock.to_unix_nanos(end_ticks);
  if (thread == nullptr) {
    slot.tracer->provider->queue.count_dropped(DropReason::ThreadEnding, 1);
    return;
  }
  detail::Recorder* recorder = thread->recorder(*slot.tracer);
  if (recorder == nullptr) {
    slot.tracer->provider->queue.count_dropped(DropReason::OutOfMemory, 1);
    return;
  }
  if (const auto reason = record(slot, *recorder, start, end)) recorder->count_dropped(*reason);
}

void end_slot(SpanSlot* slot, std::uint64_t given_end) noexcept {
  if (slot->is_scoped) detail::pop_node(slot->node);
  detail::ThreadState* thread = detail::this_thread_state();
  if (slot->is_recording) finish_recording(*slot, thread, given_end);
  if (thread != nullptr) {
    thread->give_back(slot);
  } else {
    detail::give_back_to_all(slot);
  }
}

const SpanContext no_context;

}  // namespace

Span& Span::set(std::string_view key, std::string_view value) noexcept {
  if (records(slot_)) slot_->set_string(key, value, limits_of(*slot_));
  return *this;
}

Span& Span::set(std::string_view key, bool value) noexcept {
  if (records(slot_)) slot_->set_bool(key, value, limits_of(*slot_));
  return *this;
}

Span& Span::set(std::string_view key, double value) noexcept {
  if (records(slot_)) slot_->set_double(key, value, limits_of(*slot_));
  return *this;
}

Span& Span::set_int(std::string_view key, std::int64_t value) noexcept {
  if (records(slot_)) slot_->set_int(key, value, limits_of(*slot_));
  return *this;
}

Span& Span::set(const Attribute& attribute) noexcept {
  if (records(slot_)) slot_->set(attribute, limits_of(*slot_));
  return *this;
}

void Span::set_status(StatusCode code, std::string_view message) noexcept {
  if (records(slot_)) slot_->set_status(code, message, limits_of(*slot_));
}

void Span::add_event(std::string_view name, Attributes attributes, std::optional<std::uint64_t> unix_nanos) noexcept {
  if (!records(slot_)) return;
  const std::uint64_t time = unix_nanos ? *unix_nanos : clock_conversion().to_unix_nanos(now_ticks());
  slot_->add_event(name, attributes, time, limits_of(*slot_));
}

void Span::add_link(const SpanContext& to, Attributes attributes) noexcept {
  if (records(slot_) && to.is_valid()) slot_->add_link(to, attributes, limits_of(*slot_));
}

void Span::record_exception(const std::exception& exception) noexcept {
  if (!records(slot_)) return;
  const char* mangled = typeid(exception).name();
  const std::unique_ptr<char, void (*)(void*)> readable(abi::__cxa_demangle(mangled, nullptr, nullptr, nullptr),
                                                        std::free);
  const char* type = readable != nullptr ? readable.get() : mangled;
  add_event("exception", {{attributes::exception_type, type}, {attributes::exception_message, exception.what()}});
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

bool Span::is_recording() const noexcept { return records(slot_); }

StatusCode Span::status() const noexcept { return records(slot_) ? slot_->status : StatusCode::Unset; }

const SpanContext& Span::context() const noexcept { return slot_ != nullptr ? slot_->node.context : no_context; }

std::uint64_t Span::elapsed_nanos() const noexcept {
  if (!records(slot_)) return 0;
  const ClockConversion clock = clock_conversion();
  const std::uint64_t start =
      slot_->start_unix_nanos != 0 ? slot_->start_unix_nanos : clock.to_unix_nanos(slot_->start_ticks);
  const std::uint64_t now = clock.to_unix_nanos(now_ticks());
  return now > start ? now - start : 0;
}

}  // namespace segue
