// A bot as a graph, built with tracing and with SEGUE_NO_TRACING. The graph runs either way: that part of it is no tracing.
#include <cstdio>
#include <stdexcept>
#include <string>

#include "segue/segue.h"

namespace {

struct Lead {
  std::string contact_id;
  std::string current_step = "greeting";
  int turns = 0;
};

segue::Result<segue::Workflow<Lead>> make_workflow() {
  segue::Graph<Lead> graph("lead_bot");
  graph.add_node("analyze", [](Lead lead) {
    segue::add_workflow_event("analyzed", {{"turns", lead.turns}});
    ++lead.turns;
    return lead;
  });
  graph.add_node("leave", [](Lead lead) {
    if (lead.contact_id.empty()) throw std::invalid_argument("nobody");
    lead.current_step = "left";
    return lead;
  });
  graph.add_edge(segue::graph_start, "analyze");
  graph.add_conditional_edges("analyze", [](const Lead& lead) { return lead.turns < 4 ? "again" : "enough"; },
                              {{"again", "analyze"}, {"enough", "leave"}});
  graph.add_edge("leave", segue::graph_end);
  return graph.compile({.name = "process_message"});
}

std::string outcome_of(const segue::Workflow<Lead>& workflow, Lead lead) {
  try {
    const auto state = workflow.run(std::move(lead));
    return state ? state->current_step + " after " + std::to_string(state->turns) : state.error().message;
  } catch (const std::exception& exception) {
    return exception.what();
  }
}

}  // namespace

int main() {
  const auto ready = segue::setup_observability({.service_name = "graph_flow"});
  const auto workflow = make_workflow();
  if (!ready || !workflow) return 1;
  std::fprintf(stderr, "%s; %s; %s\n", outcome_of(*workflow, {.contact_id = "c-1"}).c_str(),
               outcome_of(*workflow, {}).c_str(), outcome_of(*workflow, {.contact_id = "c-2", .turns = -100}).c_str());
  return segue::shutdown_observability() ? 0 : 1;
}
