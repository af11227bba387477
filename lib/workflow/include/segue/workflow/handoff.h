// Handoffs: control of a contact passes from one bot to another.
//
//   segue::HandoffSpan handoff = segue::create_handoff_span("lead", "buyer", contact.id, 0.9, "buyer_intent_detected");
//   const Decision decision = service.evaluate(contact);           // a child of the handoff
//   if (!decision) return handoff.set_blocked("threshold");
//   segue::propagate_trace_context(conversation.metadata);          // the handoff's own id travels
//
// The span is named `handoff.{source}_to_{target}`, is current for its scope and ends on every path. Its outcome is
// `executed` unless something else was said, and `failed` if an exception destroys it. Only an executed handoff has status Ok,
// only a failed one Error: a blocked or deferred one is neither a success nor an error. The target's side is accept_handoff.h.
// Thread safety: as any scoped span. Errors: none.
#pragma once

#include <exception>
#include <string_view>
#include <utility>

#include "segue/workflow/handoff_words.h"
#if defined(SEGUE_NO_TRACING)
#include "segue/trace/no_tracing.h"
#else
#include "segue/trace/tracer.h"
#endif

namespace segue {

struct HandoffOptions {
  /// Short names of the bots, "lead", "buyer".
  std::string_view source_bot;
  std::string_view target_bot;
  std::string_view contact_id = {};
  std::string_view conversation_id = {};
  /// Within 0..1.
  double confidence = 1.0;
  /// One of few, "buyer_intent_detected"; never free text.
  std::string_view reason = {};
  HandoffMode mode = HandoffMode::PassControl;
  HandoffTarget target_type = HandoffTarget::Agent;
  HandoffCarrier carrier = HandoffCarrier::Metadata;
  HandoffBaggage baggage = HandoffBaggage::None;
};

class HandoffSpan : public ScopedSpan {
 public:
#if defined(SEGUE_NO_TRACING)
  void set_outcome(HandoffOutcome, std::string_view = {}) noexcept {}
  void fail(const std::exception&) noexcept {}
#else
  HandoffSpan(HandoffSpan&&) noexcept = default;
  ~HandoffSpan() { end(); }

  /// How it ended; the last one counts. `reason` is a short name for Deferred and Blocked, a message for Failed.
  void set_outcome(HandoffOutcome outcome, std::string_view reason = {}) noexcept;
  /// It failed with `exception`, recorded as on any workflow span.
  void fail(const std::exception& exception) noexcept;

  /// Records the outcome and ends the span.
  void end() noexcept;
#endif

  /// It did not happen; `blocked_by` is a short name such as "circular", "rate_limit" or "threshold".
  void set_blocked(std::string_view blocked_by) noexcept { set_outcome(HandoffOutcome::Blocked, blocked_by); }
  /// It is to be tried again later.
  void set_deferred(std::string_view reason) noexcept { set_outcome(HandoffOutcome::Deferred, reason); }
  /// It was tried and went wrong: status Error.
  void set_failed(std::string_view message) noexcept { set_outcome(HandoffOutcome::Failed, message); }

#if !defined(SEGUE_NO_TRACING)
 private:
  HandoffSpan(ScopedSpan span, const SpanId& parent) noexcept
      : ScopedSpan(std::move(span)), parent_(parent), exceptions_at_start_(std::uncaught_exceptions()) {}
  friend HandoffSpan create_handoff_span(const HandoffOptions&) noexcept;

  HandoffOutcome outcome_ = HandoffOutcome::Executed;
  SpanId parent_;
  int exceptions_at_start_;
#endif
};

#if defined(SEGUE_NO_TRACING)
inline HandoffSpan create_handoff_span(const HandoffOptions&) noexcept { return {}; }
#else
HandoffSpan create_handoff_span(const HandoffOptions& options) noexcept;
#endif

/// The same for the usual case: another bot takes over.
inline HandoffSpan create_handoff_span(std::string_view source_bot, std::string_view target_bot,
                                       std::string_view contact_id, double confidence,
                                       std::string_view reason) noexcept {
  return create_handoff_span({.source_bot = source_bot,
                              .target_bot = target_bot,
                              .contact_id = contact_id,
                              .confidence = confidence,
                              .reason = reason});
}

}  // namespace segue
