#include <chrono>
#include <iostream>
#include <string>
#include <vector>

#include <segue/asio/await_all.h>
#include <segue/asio/context_executor.h>
#include <segue/segue.h>
#include <boost/asio.hpp>

using namespace std::chrono_literals;
using boost::asio::awaitable;

struct BuyerState {
  std::string buyer_id;
  int matches = 0;
  bool can_afford = false;
};

awaitable<void> wait_for(std::chrono::nanoseconds delay) {
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, delay);
  co_await timer.async_wait(boost::asio::use_awaitable);
}

awaitable<BuyerState> greet(BuyerState state) { co_return state; }

awaitable<BuyerState> match_properties(BuyerState state) {
  co_await wait_for(1ms);  // whichever thread goes on, this node's span is still the current one
  segue::add_workflow_event("properties_matched", {{"matches", state.matches = 3}});
  co_return state;
}

awaitable<BuyerState> check_budget(BuyerState state) {
  co_await wait_for(1ms);
  state.can_afford = true;
  co_return state;
}

/// What the parallel branches found, in one state.
BuyerState merge(BuyerState before, std::vector<BuyerState> branches) {
  before.matches = branches[0].matches;
  before.can_afford = branches[1].can_afford;
  return before;
}

awaitable<BuyerState> schedule_showing(BuyerState state) {
  co_await segue::async_workflow_span("calendar", "find_slot", state.buyer_id,
                                      [](segue::WorkflowSpan& span) -> awaitable<int> {
                                        co_await wait_for(1ms);
                                        span.set("calendar.slots", 2);
                                        co_return 2;
                                      });
  co_return state;
}

int main() {
  auto tracing = segue::setup_observability({.service_name = "bots", .enabled = true});
  segue::Graph<BuyerState, awaitable<BuyerState>> graph("buyer_bot");
  graph.add_node("greet", greet).add_node("check_budget", check_budget);
  graph.add_node("match_properties", match_properties, {.retry = {.max_attempts = 2}});
  graph.add_node("schedule_showing", schedule_showing).add_edge(segue::graph_start, "greet");
  graph.add_parallel_edges("greet", {"match_properties", "check_budget"}, "schedule_showing", merge);
  graph.add_edge("match_properties", "schedule_showing").add_edge("check_budget", "schedule_showing");
  graph.add_edge("schedule_showing", segue::graph_end);
  graph.set_sleep(wait_for).set_await_all(segue::await_all);  // what only Asio knows
  const auto workflow = graph.compile({.name = "process_buyer_conversation"});
  if (!workflow) return std::cerr << workflow.error().message << "\n", 1;

  boost::asio::thread_pool pool(2);
  auto state = boost::asio::co_spawn(segue::with_current_context(pool.get_executor()),
                                     workflow->run({.buyer_id = "ben"}), boost::asio::use_future);
  const auto last = state.get();
  return last && last->matches == 3 && last->can_afford ? 0 : 1;
}
