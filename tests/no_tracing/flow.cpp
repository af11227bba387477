// One small workflow, built twice: with tracing and with SEGUE_NO_TRACING. Both must print the same.
#include <cstdio>
#include <map>
#include <stdexcept>
#include <string>

#include "segue/workflow/handoff.h"
#include "segue/workflow/node.h"
#include "segue/workflow/operation.h"
#include "segue/workflow/propagation.h"
#include "segue/workflow/workflow_span.h"

namespace {

struct State {
  std::string contact_id;
  int turns = 0;
};

State analyze(State state) {
  segue::add_workflow_event("analyzed", {{"turns", state.turns}});
  ++state.turns;
  return state;
}

}  // namespace

int main() {
  const auto node = segue::trace_workflow_node("lead_bot", "analyze_intent", &analyze);
  State state = node(State{"c-1", 1});
  std::map<std::string, std::string> metadata = {{"kept", "yes"}};
  {
    segue::HandoffSpan handoff = segue::create_handoff_span("lead", "buyer", state.contact_id, 0.9, "buyer_intent");
    segue::propagate_trace_context(metadata);
    const segue::OperationSpan operation = segue::trace_operation("jorge.handoff", "execute_handoff");
    handoff.set("turns", state.turns).set("text", "x").set_status(segue::StatusCode::Ok);
  }
  const segue::ContextScope scope = segue::extract_trace_context(metadata);
  bool thrown = false;
  try {
    segue::trace_workflow_node("lead_bot", "fails", [](const State&) { throw std::runtime_error("boom"); })(state);
  } catch (const std::runtime_error&) {
    thrown = true;
  }
  segue::WorkflowSpan span = segue::workflow_span("buyer_bot", "greet", {.contact_id = state.contact_id});
  span.fail("no answer");
  std::printf("turns=%d metadata=%zu thrown=%d enabled=%d trace='%s'\n", state.turns, metadata.size(), thrown ? 1 : 0,
              segue::is_tracing_enabled() ? 1 : 0, segue::get_trace_id().c_str());
}
