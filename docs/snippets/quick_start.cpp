#include <iostream>
#include <string>

#include <segue/segue.h>

struct Lead {
  std::string contact_id, message;
};

Lead analyze_intent(Lead lead) {
  segue::add_workflow_event("intent_analyzed", {{"message.length", lead.message.size()}});
  return lead;
}

Lead hand_over(Lead lead) {
  auto handoff = segue::create_handoff_span("lead", "buyer", lead.contact_id, 0.9, "buyer_intent_detected");
  return lead;  // whatever runs before this line is a child of the handoff
}

int main() {
  if (auto tracing = segue::setup_observability({.service_name = "bots", .enabled = true}); !tracing) {
    std::cerr << tracing.error().message << "\n";  // the program works without
  }
  segue::Graph<Lead> graph("lead_bot");
  graph.add_node("analyze_intent", analyze_intent).add_node("hand_over", hand_over);
  graph.add_edge(segue::graph_start, "analyze_intent").add_edge("analyze_intent", "hand_over");
  graph.add_edge("hand_over", segue::graph_end);
  const auto workflow = graph.compile({.name = "process_message"});
  return workflow && workflow->run({"maria", "We want to buy a house"}) ? 0 : 1;
}
