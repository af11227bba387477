#include <iostream>
#include <map>
#include <string>

#include <segue/segue.h>

using Metadata = std::map<std::string, std::string>;

struct Handoff {
  bool executed = false;
  std::string trace_id;
  Metadata metadata;
};

Handoff hand_over(const std::string& contact_id, double confidence) {
  segue::HandoffSpan span =
      segue::create_handoff_span("lead", "buyer", contact_id, confidence, "buyer_intent_detected");
  segue::add_workflow_event("handoff_initiated", {{"confidence", confidence}});
  Handoff handoff;
  handoff.trace_id = segue::get_trace_id();
  if (confidence < 0.7) {
    span.set_blocked("threshold");  // neither a success nor an error
    return handoff;
  }
  handoff.metadata = {{"contact_id", contact_id}, {"source_bot", "lead"}, {"target_bot", "buyer"}};
  segue::propagate_trace_context(handoff.metadata);  // adds traceparent: the id of the handoff's own span
  segue::add_workflow_event("handoff_completed", {{"success", true}});
  handoff.executed = true;
  return handoff;
}

int main() {
  auto tracing = segue::setup_observability({.service_name = "bots", .enabled = true});
  const Handoff blocked = hand_over("maria", 0.4);
  const Handoff executed = hand_over("maria", 0.9);
  std::cout << executed.metadata.at("traceparent") << "\n";
  return executed.executed && !blocked.executed ? 0 : 1;
}
