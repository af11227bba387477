// Handoffs: control of a contact passes from one bot to another.
//
//   segue::HandoffSpan handoff = segue::create_handoff_span("lead", "buyer", contact.id, 0.9, "buyer_intent_detected");
//   const Decision decision = service.evaluate(contact);           // a child of the handoff
//   if (!decision) { handoff.set_blocked("threshold"); return; }
//   segue::propagate_trace_context(conversation.metadata);          // the handoff's own id travels
//
// The span is named `handoff.{source}_to_{target}`, is current for its scope and ends on every path. Its outcome is
// `executed` unless something else was said, and `failed` if an exception destroys it.
// Thread safety: as any scoped span. Errors: none.
#pragma once

#if defined(SEGUE_NO_TRACING)
#include "segue/workflow/no_tracing.h"
#else

#include <cstdint>
#include <exception>
#include <string_view>
#include <utility>

#include "segue/trace/tracer.h"

namespace segue {

enum class HandoffOutcome : std::uint8_t { Executed, Deferred, Blocked, Failed };

/// "executed", ... as in the attribute handoff.outcome.
std::string_view to_string(HandoffOutcome outcome) noexcept;

class HandoffSpan : public ScopedSpan {
 public:
  HandoffSpan(HandoffSpan&&) noexcept = default;
  ~HandoffSpan() { end(); }

  /// It did not happen; `blocked_by` is a short name such as "circular", "rate_limit" or "threshold".
  void set_blocked(std::string_view blocked_by) noexcept;
  /// It is to be tried again later.
  void set_deferred(std::string_view reason) noexcept;
  /// It was tried and went wrong: status Error.
  void set_failed(std::string_view message) noexcept;

  /// Records the outcome and ends the span.
  void end() noexcept;

 private:
  HandoffSpan(ScopedSpan span) noexcept
      : ScopedSpan(std::move(span)), exceptions_at_start_(std::uncaught_exceptions()) {}
  friend HandoffSpan create_handoff_span(std::string_view, std::string_view, std::string_view, double,
                                         std::string_view) noexcept;

  HandoffOutcome outcome_ = HandoffOutcome::Executed;
  int exceptions_at_start_;
};

/// `confidence` is within 0..1; `source_bot` and `target_bot` are short names, "lead", "buyer".
HandoffSpan create_handoff_span(std::string_view source_bot, std::string_view target_bot, std::string_view contact_id,
                                double confidence, std::string_view reason) noexcept;

}  // namespace segue

#endif
