// The tracing API with nothing behind it, for programs built with SEGUE_NO_TRACING: the same names, every body empty.
//
// Included by the headers whose names it stands in for; never by applications. Define SEGUE_NO_TRACING for the whole
// program or not at all. What these calls cost is what an empty inline function costs: nothing is left in the binary.
#pragma once

#if defined(SEGUE_NO_TRACING)

#include <cstdint>
#include <exception>
#include <optional>
#include <string_view>

#include "segue/model/span_context.h"
#include "segue/model/span_view.h"
#include "segue/propagation/context.h"
#include "segue/propagation/propagator.h"
#include "segue/trace/attribute.h"
#include "segue/trace/link.h"

namespace segue {

namespace detail {
inline const SpanContext& invalid_context() noexcept {
  static const SpanContext invalid;
  return invalid;
}
}  // namespace detail

class Span {
 public:
  Span() noexcept = default;
  Span(Span&&) noexcept {}
  Span& operator=(Span&&) = delete;
  ~Span() {}  // not trivial, so that an unused span warns no more than a real one

  template <class Value>
  Span& set(std::string_view, const Value&) noexcept {
    return *this;
  }
  Span& set(const Attribute&) noexcept { return *this; }
  Span& set_all(const Attributes&) noexcept { return *this; }
  void set_status(StatusCode, std::string_view = {}) noexcept {}
  void add_event(std::string_view, Attributes = {}, std::optional<std::uint64_t> = {}) noexcept {}
  void add_link(const SpanContext&, Attributes = {}) noexcept {}
  void record_exception(const std::exception&, Attributes = {}) noexcept {}
  void record_exception(const std::exception_ptr&, Attributes = {}) noexcept {}
  void update_name(std::string_view) noexcept {}
  void end() noexcept {}
  void end(std::uint64_t) noexcept {}
  bool is_recording() const noexcept { return false; }
  StatusCode status() const noexcept { return StatusCode::Unset; }
  const SpanContext& context() const noexcept { return detail::invalid_context(); }
  std::uint64_t start_unix_nanos() const noexcept { return 0; }
  std::uint64_t elapsed_nanos() const noexcept { return 0; }
};

class ScopedSpan : public Span {};

struct SpanOptions {
  SpanKind kind = SpanKind::Internal;
  const Context* parent = nullptr;
  std::optional<std::uint64_t> start_unix_nanos = {};
  Attributes attributes = {};
  Links links = {};
};

class Tracer {
 public:
  Span start_span(std::string_view, const SpanOptions& = {}) const noexcept { return {}; }
  ScopedSpan start_scoped_span(std::string_view, const SpanOptions& = {}) const noexcept { return {}; }
  bool is_enabled() const noexcept { return false; }
};

inline Tracer default_tracer() noexcept { return {}; }
inline void set_default_tracer(Tracer) noexcept {}

inline const SpanContext& current_span_context() noexcept { return detail::invalid_context(); }
inline Context current_context() noexcept { return {}; }

class ContextScope {
 public:
  explicit ContextScope(const Context&) noexcept {}
  ~ContextScope() {}
  ContextScope(const ContextScope&) = delete;
  ContextScope& operator=(const ContextScope&) = delete;
};

class SpanScope {
 public:
  explicit SpanScope(const Span&) noexcept {}
  ~SpanScope() {}
  SpanScope(const SpanScope&) = delete;
  SpanScope& operator=(const SpanScope&) = delete;
};

class CurrentSpan {
 public:
  void set(const Attribute&) noexcept {}
  void add_event(std::string_view, Attributes = {}) noexcept {}
  bool is_recording() const noexcept { return false; }
};

class FinishedSpan {
 public:
  std::string_view name() const noexcept { return {}; }
  SpanKind kind() const noexcept { return SpanKind::Internal; }
  StatusCode status() const noexcept { return StatusCode::Unset; }
  std::string_view status_message() const noexcept { return {}; }
  const SpanContext& context() const noexcept { return detail::invalid_context(); }
  const SpanId& parent_span_id() const noexcept { return detail::invalid_context().span_id; }
  std::string_view scope() const noexcept { return {}; }
  std::uint64_t start_unix_nanos() const noexcept { return 0; }
  std::uint64_t end_unix_nanos() const noexcept { return 0; }
  std::uint64_t duration_nanos() const noexcept { return 0; }
  ValueView attribute(std::string_view) const noexcept { return {}; }
};

class SpanObserver {
 public:
  virtual ~SpanObserver() = default;
  virtual void on_end(const FinishedSpan& span) noexcept = 0;
};

inline void inject_current_context(CarrierWriter&) noexcept {}
inline void inject_current_context(CarrierWriter&&) noexcept {}

}  // namespace segue

#endif
