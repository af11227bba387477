#include "segue/workflow/accept_handoff.h"

#include "span_start.h"

namespace segue {

HandoffPlace place_after_handoff(const Context& handoff, std::chrono::nanoseconds age,
                                 const HandoffFreshness& freshness) noexcept {
  if (age < freshness.limit || !handoff.span.is_valid()) return {.parent = handoff, .link = {}};
  if (freshness.when_stale == StaleHandoff::SameTrace) return {.parent = handoff, .link = handoff.span};
  return {.parent = {.span = {}, .baggage = handoff.baggage}, .link = handoff.span};
}

WorkflowSpan accept_handoff(const Context& handoff, std::string_view bot, const AcceptOptions& options) noexcept {
  HandoffPlace place = place_after_handoff(handoff, options.age, options.freshness);
  const SpanContext surrounding = current_span_context();
  const bool continues_handoff = place.parent.span.is_valid();
  if (!continues_handoff) place.parent.span = surrounding;
  const Attribute handoff_link[] = {{attributes::workflow_link_type, "handoff"}};
  // Links to an invalid context are ignored; one to the parent would say nothing new.
  const bool leaves_surrounding = continues_handoff && surrounding.span_id != handoff.span.span_id;
  const Link links[] = {{place.link, handoff_link}, {leaves_surrounding ? surrounding : SpanContext(), {}}};
  WorkflowSpan span =
      detail::SpanStart{.bot = bot,
                        .node = "receive_handoff",
                        .fields = {.contact_id = options.contact_id, .conversation_id = options.conversation_id},
                        .kind = SpanKind::Consumer,
                        .parent = &place.parent,
                        .links = links}
          .open();
  span.set(attributes::handoff_carrier, to_string(options.carrier));
  return span;
}

}  // namespace segue
