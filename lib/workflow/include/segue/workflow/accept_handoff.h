// The target's side of a handoff: where the work goes on, in the same trace or in one that links to it.
//
//   segue::WorkflowSpan work = segue::accept_handoff(conversation.metadata, "buyer_bot",
//                                                    {.contact_id = id, .age = now - conversation.handed_over_at});
//
// opens `buyer_bot.receive_handoff`, kind Consumer. While the handoff is fresh the span is its child, so both bots are one trace;
// after that it begins a trace of its own, or stays under the span that is current, with a link of workflow.link.type=handoff:
// traces of many days are hard to read and to sample. The server shows one journey either way.
// Whoever has a span already, such as an HTTP server's, asks `place_after_handoff` where it belongs.
// Thread safety: as any scoped span. Errors: none; without a handoff's context the span starts like any other.
#pragma once

#include <chrono>
#include <concepts>
#include <cstdint>
#include <string_view>

#include "segue/model/attributes.h"
#include "segue/propagation/context.h"
#include "segue/workflow/handoff_words.h"
#include "segue/workflow/propagation.h"
#include "segue/workflow/workflow_span.h"

namespace segue {

enum class StaleHandoff : std::uint8_t {
  NewTrace,   ///< A new trace with a link.
  SameTrace,  ///< The same trace, and a link as well.
};

struct HandoffFreshness {
  /// How old a handoff may get and still be continued as the same trace. Default 15 minutes; 0: never.
  std::chrono::nanoseconds limit = std::chrono::minutes(15);
  StaleHandoff when_stale = StaleHandoff::NewTrace;
};

/// Where work that answers a handoff belongs.
struct HandoffPlace {
  Context parent;    ///< Invalid span: a new trace, which still carries the handoff's baggage.
  SpanContext link;  ///< Valid where the new span should link to the handoff.
};

struct AcceptOptions {
  std::string_view contact_id = {};
  std::string_view conversation_id = {};
  /// How long ago the handoff was. Default: just now. Clocks of two machines may make it negative, which is fresh.
  std::chrono::nanoseconds age{0};
  HandoffFreshness freshness = {};
  HandoffCarrier carrier = HandoffCarrier::Metadata;
};

#if defined(SEGUE_NO_TRACING)
inline HandoffPlace place_after_handoff(const Context&, std::chrono::nanoseconds,
                                        const HandoffFreshness& = {}) noexcept {
  return {};
}
inline WorkflowSpan accept_handoff(const Context&, std::string_view, const AcceptOptions& = {}) noexcept { return {}; }
#else
/// The rule: younger than the limit, parent; else a link.
HandoffPlace place_after_handoff(const Context& handoff, std::chrono::nanoseconds age,
                                 const HandoffFreshness& freshness = {}) noexcept;

/// Opens the receiving span of `bot` and makes it current. A span that is current already is linked where it is not the parent.
WorkflowSpan accept_handoff(const Context& handoff, std::string_view bot, const AcceptOptions& options = {}) noexcept;
#endif

/// Adds the link of `place`, if it has one, to a span of the application's own.
inline void link_handoff(Span& span, const HandoffPlace& place) noexcept {
  span.add_link(place.link, {{attributes::workflow_link_type, "handoff"}});
}

/// The same for what `propagate_trace_context` has written to: a map, columns, a lookup function.
template <class Carrier>
  requires(!std::convertible_to<const Carrier&, const Context&>)
WorkflowSpan accept_handoff(const Carrier& carrier, std::string_view bot, const AcceptOptions& options = {}) {
  return accept_handoff(read_trace_context(carrier), bot, options);
}

}  // namespace segue
