#include <chrono>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

#include <segue/segue.h>

using namespace std::chrono_literals;

struct SellerState {
  std::string contact_id;
  double frs = 0, pcs = 0;
  int questions = 0;
};

SellerState ask(SellerState state) {
  ++state.questions;
  return state;
}
SellerState score_frs(SellerState state) {
  static int calls = 0;
  if (++calls == 1) throw std::runtime_error("the model is busy");
  state.frs = 84;
  return state;
}
SellerState score_pcs(SellerState state) {
  state.pcs = 62;
  return state;
}
SellerState decide(SellerState state) { return state; }

/// What the parallel branches found, in one state.
SellerState merge(SellerState before, std::vector<SellerState> branches) {
  before.frs = branches[0].frs;
  before.pcs = branches[1].pcs;
  return before;
}

int main() {
  auto tracing = segue::setup_observability({.service_name = "bots", .enabled = true});
  segue::Graph<SellerState> graph("seller_bot");
  graph.add_node("ask", ask).add_node("score_pcs", score_pcs).add_node("decide", decide);
  graph.add_node("score_frs", score_frs,
                 {.retry = {.max_attempts = 3, .backoff = segue::exponential_backoff(1ms, 1s)}});
  graph.add_edge(segue::graph_start, "ask");
  graph.add_parallel_edges("ask", {"score_frs", "score_pcs"}, "decide", merge);
  graph.add_edge("score_frs", "decide").add_edge("score_pcs", "decide");
  graph.add_conditional_edges("decide", [](const SellerState& state) { return state.questions < 2 ? "more" : "done"; },
                              {{"more", "ask"}, {"done", segue::graph_end}});
  const auto workflow = graph.compile({.name = "qualify", .recursion_limit = 20, .executor = segue::thread_executor()});
  if (!workflow) return std::cerr << workflow.error().message << "\n", 1;
  std::cout << workflow->to_mermaid();

  std::vector<segue::Checkpoint<SellerState>> saved;  // a database, in earnest
  const auto state = workflow->run({.contact_id = "maria"}, [&](const segue::Checkpoint<SellerState>& checkpoint) {
    saved.push_back(checkpoint);
    return segue::Result<void>();
  });
  const auto again = workflow->resume(saved.front());  // from behind the first "ask"; its root links to the first run's
  return state && again && state->questions == 2 ? 0 : 1;
}
