// A bot's work with the spans, handoffs and contexts that the library offers, built with tracing and with SEGUE_NO_TRACING.
// What the program itself finds out goes to standard error and must be the same, traced, switched off, or built without.
#include <cstdio>
#include <map>
#include <stdexcept>
#include <string>

#include "segue/segue.h"

namespace {

struct Lead {
  std::string contact_id;
  std::string current_step = "greeting";
  int turns = 0;
  double score = 0;
};

Lead analyze(Lead lead) {
  segue::add_workflow_event("analyzed", {{"turns", lead.turns}, {"bot", "lead_bot"}});
  segue::CurrentSpan().set({"score", lead.score});
  ++lead.turns;
  lead.score = 0.25 * lead.turns;
  return lead;
}

struct Desk {
  long tickets = 0;
  Lead take(Lead lead) {
    ++tickets;
    lead.current_step = "taken";
    return lead;
  }
};

Lead hand_over(Lead lead, std::map<std::string, std::string>& metadata) {
  auto handoff = segue::create_handoff_span("lead", "buyer", lead.contact_id, 0.9, "buyer_intent");
  handoff.set("turns", lead.turns).set("text", std::string("x")).set("sure", true);
  segue::propagate_trace_context(metadata);
  auto operation = segue::trace_operation("jorge.handoff", "execute_handoff");
  if (lead.turns < 2) handoff.set_blocked("threshold");
  return lead;
}

Lead accept(Lead lead, const std::map<std::string, std::string>& metadata) {
  const auto scope = segue::extract_trace_context(metadata);
  auto span = segue::workflow_span("buyer_bot", "greet", {.contact_id = lead.contact_id});
  span.fail("no answer");
  lead.current_step = "greeted";
  return lead;
}

int record_by_hand(int value) {
  segue::Span span = segue::default_tracer().start_span("by hand", {.attributes = {{"value", value}}});
  const segue::SpanScope scope(span);
  const segue::ScopedSpan inner = segue::default_tracer().start_scoped_span("inner");
  span.add_link(inner.context(), {{"why", "test"}});
  span.add_event("counted", {{"value", value}});
  span.update_name("by hand, renamed");
  span.set_status(segue::StatusCode::Error, "as told");
  return value * 2;
}

std::string thrown_by_node(const Lead& lead) {
  try {
    segue::trace_workflow_node("lead_bot", "fails", [](const Lead&) -> int { throw std::runtime_error("boom"); })(lead);
  } catch (const std::exception& exception) {
    segue::ScopedSpan span = segue::default_tracer().start_scoped_span("handler");
    span.record_exception(exception);
    return exception.what();
  }
  return "";
}

}  // namespace

int main() {
  const auto ready = segue::setup_observability({.service_name = "flow", .sampler = segue::always_on()});
  std::map<std::string, std::string> metadata = {{"kept", "yes"}};
  Desk desk;
  Lead lead = segue::trace_workflow_node("lead_bot", "analyze", analyze)(Lead{.contact_id = "c-1"});
  lead = segue::trace_workflow_node("desk", "take", &Desk::take)(desk, lead);
  lead = accept(hand_over(lead, metadata), metadata);
  const std::string thrown = thrown_by_node(lead);
  std::fprintf(stderr, "ready=%d turns=%d score=%.2f step=%s tickets=%ld kept=%s doubled=%d thrown=%s\n", ready ? 1 : 0,
               lead.turns, lead.score, lead.current_step.c_str(), desk.tickets, metadata.at("kept").c_str(),
               record_by_hand(21), thrown.c_str());
  return segue::flush_observability() && segue::shutdown_observability() ? 0 : 1;
}
