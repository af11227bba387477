// OutcomeSpan: a current span that says at its end whether its work succeeded and how long it took.
//
// The common part of nodes and service operations; applications use `workflow_span` and `trace_operation`.
// Thread safety and errors: those of ScopedSpan.
#pragma once

#if defined(SEGUE_NO_TRACING)
#include "segue/workflow/no_tracing.h"
#else

#include <exception>
#include <string_view>

#include "segue/trace/tracer.h"

namespace segue {

class OutcomeSpan : public ScopedSpan {
 public:
  using Span::OutcomeKeys;
  OutcomeSpan(OutcomeSpan&& other) noexcept = default;
  ~OutcomeSpan() { end(); }

  /// The work failed with `exception`: status Error with its message, error.type, and one exception event on the innermost of
  /// the nested spans that it leaves. (A span of another kind between two of these breaks the chain: one event each.)
  void fail(const std::exception& exception) noexcept;
  /// The work failed for a reason that is not an exception: status Error. `error_type` is a short name, "timeout".
  void fail(std::string_view message, std::string_view error_type = "_OTHER") noexcept;

  /// Records outcome and duration, then ends the span. A span destroyed by an exception on its way up, with no call to
  /// `fail`, counts as failed.
  void end() noexcept;

 protected:
  /// `parent` is the id of the span's parent, as it was before `span` became current.
  OutcomeSpan(ScopedSpan span, const SpanId& parent, const OutcomeKeys& keys) noexcept
      : ScopedSpan(std::move(span)), keys_(&keys), parent_(parent), exceptions_at_start_(std::uncaught_exceptions()) {}

 private:
  const OutcomeKeys* keys_;
  SpanId parent_;
  int exceptions_at_start_;
  bool failed_ = false;
};

}  // namespace segue

#endif
