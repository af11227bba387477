// The current context: which span is the parent of the next one, and the baggage that travels along.
//
//   segue::ContextScope scope(propagator.extract(headers));  // the caller's span is current now
//   CurrentSpan().add_event("cache_hit");
//
// It belongs to the thread; an executor adaptor (segue::asio) carries it along with a coroutine. Scopes nest and end in
// reverse order. Thread safety: each thread has its own. Errors: none; without a span the context is invalid.
#pragma once

#if defined(SEGUE_NO_TRACING)
#include "segue/trace/no_tracing.h"
#else

#include "segue/propagation/context.h"
#include "segue/trace/detail/context_node.h"
#include "segue/trace/span.h"

namespace segue {

/// The innermost span's context, or an invalid one. Valid until the innermost scope ends.
const SpanContext& current_span_context() noexcept;

/// Span context and baggage, copied: what is injected, stored or handed to another thread.
Context current_context() noexcept;

/// Makes a context from elsewhere current for a scope; an invalid span context lets new spans start new traces.
class ContextScope {
 public:
  explicit ContextScope(Context context) noexcept;
  ~ContextScope();
  ContextScope(const ContextScope&) = delete;
  ContextScope& operator=(const ContextScope&) = delete;

 private:
  detail::ContextNode node_;
};

/// Makes a span that is not scoped current for a scope that ends before the span does.
class SpanScope {
 public:
  explicit SpanScope(const Span& span) noexcept;
  ~SpanScope();
  SpanScope(const SpanScope&) = delete;
  SpanScope& operator=(const SpanScope&) = delete;

 private:
  detail::ContextNode node_;
};

/// The innermost span of this thread or coroutine, for adding to it; does nothing where there is none.
class CurrentSpan {
 public:
  CurrentSpan() noexcept;
  void set(const Attribute& attribute) noexcept;
  void set(const detail::FixedAttributes& fixed) noexcept;
  void add_event(std::string_view name, Attributes attributes = {}) noexcept;
  bool is_recording() const noexcept { return slot_ != nullptr; }

 private:
  detail::SpanSlot* slot_;
};

}  // namespace segue

#endif
