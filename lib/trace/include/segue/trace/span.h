// Span: one timed operation of a trace; ScopedSpan: a span that is the current one until it ends.
//
//   segue::ScopedSpan span = tracer.start_scoped_span("qualify_buyer");
//   span.set("buyer.budget", 650'000).set("buyer.financing", "pre_approved");
//   if (!qualified) span.set_status(segue::StatusCode::Error, "no budget given");
//   // spans started from here on are its children; it ends with the scope
//
// A span keeps what it is told in OpenTelemetry's wire form, encoded as it is set. Destroying a span
// ends it. All calls on an ended, unsampled or disabled span do nothing.
// Thread safety: a span is used by one thread at a time; it may be moved to another, and a
// ScopedSpan may follow its coroutine across threads. Errors: none, every call is noexcept; attributes,
// events and links over SpanLimits are dropped and counted inside the span, a key set twice keeps its last value.
#pragma once

#if defined(SEGUE_NO_TRACING)
#include "segue/trace/no_tracing.h"
#else

#include <cstdint>
#include <exception>
#include <optional>
#include <string_view>
#include <utility>

#include "segue/base/clock.h"
#include "segue/model/span_context.h"
#include "segue/model/span_view.h"
#include "segue/trace/attribute.h"

namespace segue {

namespace detail {
class FixedAttributes;
struct SpanSlot;
}  // namespace detail

class Span {
 public:
  /// Records nothing and has an invalid context.
  Span() noexcept = default;
  Span(Span&& other) noexcept : slot_(std::exchange(other.slot_, nullptr)) {}
  Span& operator=(Span&&) = delete;  // it would have to end a span in passing
  ~Span() {
    if (slot_ != nullptr) end();
  }

  /// Sets an attribute; the last value of a key wins.
  Span& set(std::string_view key, std::string_view value) noexcept {
    if (slot_ != nullptr) set_string(key, value);
    return *this;
  }
  Span& set(std::string_view key, const char* value) noexcept { return set(key, std::string_view(value)); }
  Span& set(std::string_view key, bool value) noexcept {
    if (slot_ != nullptr) set_bool(key, value);
    return *this;
  }
  Span& set(std::string_view key, double value) noexcept {
    if (slot_ != nullptr) set_double(key, value);
    return *this;
  }
  template <std::integral T>
    requires(!std::same_as<T, bool>)
  Span& set(std::string_view key, T value) noexcept {
    if (slot_ != nullptr) set_int(key, static_cast<std::int64_t>(value));
    return *this;
  }
  Span& set(const Attribute& attribute) noexcept;
  /// Sets several, in their order; quicker than one by one.
  Span& set_all(Attributes attributes) noexcept;
  Span& set(const detail::FixedAttributes& fixed) noexcept;

  /// Ok is final; Error replaces Unset and an earlier Error; Unset is ignored. `message` counts for Error only.
  void set_status(StatusCode code, std::string_view message = {}) noexcept;

  /// Adds an event, now or at `unix_nanos`.
  void add_event(std::string_view name, Attributes attributes = {},
                 std::optional<std::uint64_t> unix_nanos = {}) noexcept;

  /// Adds a link; one to an invalid context is ignored.
  void add_link(const SpanContext& to, Attributes attributes = {}) noexcept;

  /// One "exception" event with type (demangled), message and, as exception.causes, what `std::throw_with_nested` wrapped;
  /// the status stays as it is. An exception in flight becomes one event however often it is given. `more` goes onto the
  /// event and wins over what it repeats. There is no exception.stacktrace: a C++ exception does not carry one, and that
  /// of the handler would mislead.
  void record_exception(const std::exception& exception, Attributes more = {}) noexcept;
  /// The same for whatever was thrown, e.g. `std::current_exception()`; null is ignored.
  void record_exception(const std::exception_ptr& exception, Attributes more = {}) noexcept;

  void update_name(std::string_view name) noexcept;

  /// Ends the span now, or at `unix_nanos`; a second call does nothing.
  void end() noexcept;
  void end(std::uint64_t unix_nanos) noexcept;

  bool is_recording() const noexcept;
  /// What `set_status` has made of it; Unset where nothing is recorded.
  StatusCode status() const noexcept;
  /// Invalid after the end and for a disabled span.
  const SpanContext& context() const noexcept;
  /// When it started, nanoseconds since the Unix epoch; 0 where nothing is recorded.
  std::uint64_t start_unix_nanos() const noexcept;
  /// Time since the start in nanoseconds; 0 where nothing is recorded.
  std::uint64_t elapsed_nanos() const noexcept;

 protected:
  explicit Span(detail::SpanSlot* slot) noexcept : slot_(slot) {}

  /// The attributes by which a span says at its end how its work went.
  struct OutcomeKeys {
    std::string_view success;      ///< bool
    std::string_view duration_ms;  ///< double, two decimals
    bool sets_ok_status = false;   ///< Status Ok on success; else it stays unset.
  };
  /// Says it, with success unless the status is Error or the work `failed`, and ends the span.
  void end_with_outcome(const OutcomeKeys& keys, bool failed) noexcept;

 private:
  friend class Tracer;
  friend class SpanScope;
  void set_string(std::string_view key, std::string_view value) noexcept;
  void set_bool(std::string_view key, bool value) noexcept;
  void set_int(std::string_view key, std::int64_t value) noexcept;
  void set_double(std::string_view key, double value) noexcept;

  detail::SpanSlot* slot_ = nullptr;
};

/// A span that is current, and so the parent of what starts, from its start to its end. Ends in reverse order of starting.
class ScopedSpan : public Span {
 public:
  ScopedSpan() noexcept = default;

 private:
  friend class Tracer;
  using Span::Span;
};

}  // namespace segue

#endif
