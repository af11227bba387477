// Tracer: starts spans under one instrumentation scope.
//
//   const segue::Tracer tracer = provider.tracer("acme.bots", "1.4.0");
//   segue::ScopedSpan span = tracer.start_scoped_span("GET /health", {.kind = segue::SpanKind::Server});
//
// A small value, copied freely; a default-constructed one is disabled and starts spans that do nothing.
// Thread safety: any thread. Errors: none. Names and meanings follow the OpenTelemetry trace API.
#pragma once

#if defined(SEGUE_NO_TRACING)
#include "segue/trace/no_tracing.h"
#else

#include <atomic>
#include <optional>
#include <string_view>

#include "segue/propagation/context.h"
#include "segue/trace/link.h"
#include "segue/trace/span.h"

namespace segue {

namespace detail {
struct TracerState;
extern constinit std::atomic<const TracerState*> default_tracer_state;
}  // namespace detail

struct SpanOptions {
  SpanKind kind = SpanKind::Internal;
  /// The parent; null: the current context. An invalid context starts a new trace.
  const Context* parent = nullptr;
  /// When it started, nanoseconds since the Unix epoch. Default: now.
  std::optional<std::uint64_t> start_unix_nanos = {};
  /// Attributes known at start: the sampler sees them.
  Attributes attributes = {};
  /// Links known at start: the sampler sees them.
  Links links = {};
};

namespace detail {
inline constexpr SpanOptions default_span_options;  // nothing to construct for most spans
}

class Tracer {
 public:
  Tracer() noexcept = default;

  /// A span that does not become current: it may be kept, moved and ended anywhere.
  Span start_span(std::string_view name, const SpanOptions& options = detail::default_span_options) const noexcept {
    if (state_ == nullptr) [[unlikely]]
      return Span();
    return Span(start(name, options));
  }

  /// A span that is current until it ends.
  ScopedSpan start_scoped_span(std::string_view name,
                               const SpanOptions& options = detail::default_span_options) const noexcept {
    if (state_ == nullptr) [[unlikely]]
      return ScopedSpan();
    return ScopedSpan(start_scoped(name, options));
  }

  /// True while its spans record or carry context: it is not the default-constructed one, and its provider not closed.
  bool is_enabled() const noexcept { return state_ != nullptr && is_open(); }

 private:
  friend class TracerProvider;
  friend Tracer default_tracer() noexcept;
  friend void set_default_tracer(Tracer tracer) noexcept;
  explicit Tracer(const detail::TracerState* state) noexcept : state_(state) {}
  detail::SpanSlot* start(std::string_view name, const SpanOptions& options) const noexcept;
  detail::SpanSlot* start_scoped(std::string_view name, const SpanOptions& options) const noexcept;
  bool is_open() const noexcept;

  const detail::TracerState* state_ = nullptr;
};

/// The tracer that workflows and instrumentation use; disabled until `set_default_tracer`.
inline Tracer default_tracer() noexcept { return Tracer(detail::default_tracer_state.load(std::memory_order_acquire)); }

/// Replaces it for spans started from now on; `Tracer()` disables tracing.
void set_default_tracer(Tracer tracer) noexcept;

}  // namespace segue

#endif
