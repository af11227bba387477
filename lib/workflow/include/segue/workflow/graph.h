// Graph: a bot's workflow as nodes and edges; every node is traced because it is in the graph.
//
//   segue::Graph<LeadState> graph("lead_bot");
//   graph.add_node("analyze_intent", [&](LeadState state) { return analyze(std::move(state)); });
//   graph.add_node("score", &score, {.retry = {.max_attempts = 3}}).add_node("match", &match).add_node("decide", &decide);
//   graph.add_edge(segue::graph_start, "analyze_intent");
//   graph.add_parallel_edges("analyze_intent", {"score", "match"}, "decide", &merge).add_edge("score", "decide");
//   graph.add_edge("match", "decide");
//   graph.add_conditional_edges("decide", [](const LeadState& s) { return s.unsure ? "again" : "done"; },
//                               {{"again", "analyze_intent"}, {"done", segue::graph_end}});
//   auto workflow = graph.compile({.name = "process_lead_conversation"});   // checks the whole graph
//   auto state = workflow->run({.lead_id = "c-1"});
//
// A node takes the state and gives the next one. With `Graph<State, Awaitable<State>>` nodes are coroutines, and so is `run`.
// Thread safety: a graph is built by one thread; what `compile` gives is immutable. Errors: `compile` names what is wrong.
#pragma once

#include <concepts>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "segue/workflow/workflow.h"

namespace segue {

inline constexpr std::string_view graph_start = detail::start_name;
inline constexpr std::string_view graph_end = detail::end_name;

template <class State, class Outcome = State>
class Graph {
  static constexpr bool awaits = detail::Coroutine<detail::RunResult<State, Outcome>>;

 public:
  /// What a fork's branches left, in the order of the branches, made into one state; `before` is what they all began with.
  using Reducer = std::function<State(State before, std::vector<State> branches)>;
  /// A label and the node it leads to.
  using Targets = std::vector<std::pair<std::string, std::string_view>>;

  explicit Graph(std::string bot) { topology_.bot = std::move(bot); }

  /// Adds a function, lambda or other callable `Outcome(State)`.
  template <std::invocable<State> Callable>  // NOLINTNEXTLINE(performance-unnecessary-value-param): it is moved from
  Graph& add_node(std::string name, Callable&& callable, NodeOptions options = {}) {
    nodes_.push_back({.call = std::forward<Callable>(callable), .retry = std::move(options.retry)});
    topology_.nodes.push_back(std::move(name));
    return *this;
  }

  /// Adds a member function of `object`, which must outlive the workflow.
  template <class Object, class Member>
    requires std::is_member_function_pointer_v<Member>
  Graph& add_node(std::string name, Member member, Object* object, NodeOptions options = {}) {
    return add_node(
        std::move(name), [member, object](State state) { return std::invoke(member, object, std::move(state)); },
        std::move(options));
  }

  /// Adds a whole workflow as a node. Its root span, or with RootSpan::Enclosing its nodes, are children of the node's span. Its
  /// nodes count against its own recursion limit. Its error is this run's.
  Graph& add_subgraph(std::string name, Workflow<State, Outcome> workflow) {
    topology_.subgraphs.push_back({name, workflow.content_->topology});
    nodes_.push_back({.subgraph = [workflow = std::move(workflow)](State state, detail::Path<State> path) {
      return workflow.run_inside(std::move(state), std::move(path));
    }});
    topology_.nodes.push_back(std::move(name));
    return *this;
  }

  Graph& add_edge(std::string_view from, std::string_view to) {
    topology_.edges.push_back({.from = std::string(from), .to = std::string(to)});
    return *this;
  }

  /// After `from`, `route(state)` gives one of `targets`' labels. Cycles are made of these.
  template <class Callable>
  Graph& add_conditional_edges(std::string_view from, Callable&& route, const Targets& targets) {
    for (const auto& [label, target] : targets) {
      topology_.edges.push_back(
          {std::string(from), std::string(target), label, detail::Topology::EdgeKind::Conditional});
    }
    topology_.routed.emplace_back(from);
    routes_.push_back([call = std::forward<Callable>(route)](const State& state) { return std::string(call(state)); });
    return *this;
  }

  /// After `from`, all of `branches` run on a copy of the state each, along their own edges until these lead to `join`. When
  /// all have arrived, `reducer` makes one state of theirs, with which `join` runs. If branches fail, the run ends with the
  /// failure of the first; those of the others are events "branch_failed" on the root span.
  Graph& add_parallel_edges(std::string_view from, std::vector<std::string> branches, std::string_view join,
                            Reducer reducer)
    requires std::copy_constructible<State>
  {
    for (const std::string& branch : branches) {
      topology_.edges.push_back({std::string(from), branch, {}, detail::Topology::EdgeKind::Parallel});
    }
    topology_.forks.push_back({std::string(from), std::move(branches), std::string(join)});
    reducers_.push_back(std::move(reducer));
    return *this;
  }

  /// How to wait between attempts: a function of a duration, a coroutine where nodes are. Default: the thread sleeps; with
  /// coroutines there is none, and a backoff needs one.
  Graph& set_sleep(detail::Sleep<State, Outcome> sleep) {
    sleep_ = std::move(sleep);
    return *this;
  }

  /// How to await parallel branches together, which only a coroutine's own library knows: a coroutine that takes a vector of
  /// coroutines that give nothing, for Boost.Asio `segue::await_all`. Default: they are awaited one after another.
  Graph& set_await_all(detail::AwaitAll<State, Outcome> await_all)
    requires awaits
  {
    await_all_ = std::move(await_all);
    return *this;
  }

  /// Checks that every edge's ends exist, every node can be reached and left, branches join, and nothing is ambiguous.
  Result<Workflow<State, Outcome>> compile(GraphOptions options = {}) const {
    auto plan = detail::plan_of(topology_, options.recursion_limit);
    if (!plan) return plan.error();
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      if (auto checked = check_retry(i); !checked) return checked.error();
    }
    auto topology = std::make_shared<detail::Topology>(topology_);
    topology->name = options.name;
    return Workflow<State, Outcome>({topology, *std::move(plan), nodes_, routes_, reducers_, sleep_, await_all_,
                                     std::move(options), detail::Announcement(*topology)});
  }

 private:
  Result<void> check_retry(std::size_t node) const {
    const RetryPolicy& retry = nodes_[node].retry;
    const std::string where = "graph '" + topology_.bot + "': node '" + topology_.nodes[node] + "': ";
    if (retry.max_attempts == 0) return Error{Errc::InvalidArgument, where + "it is never tried"};
    if (retry.max_attempts > 1 && !std::copy_constructible<State>)
      return Error{Errc::InvalidArgument, where + "a state that cannot be copied cannot be tried again"};
    if (retry.max_attempts > 1 && retry.backoff && !sleep_)
      return Error{Errc::InvalidArgument, where + "its backoff needs set_sleep"};
    return {};
  }

  static detail::Sleep<State, Outcome> default_sleep() {
    if constexpr (awaits) {
      return nullptr;
    } else {
      return [](std::chrono::nanoseconds delay) {
        if (delay.count() > 0) std::this_thread::sleep_for(delay);
      };
    }
  }

  static detail::AwaitAll<State, Outcome> default_await_all() {
    if constexpr (awaits) {
      return &detail::one_after_another<typename detail::OutcomeWith<State, Outcome, void>::type>;
    } else {
      return {};
    }
  }

  detail::Topology topology_;
  std::vector<detail::GraphNode<State, Outcome>> nodes_;
  std::vector<std::function<std::string(const State&)>> routes_;
  std::vector<Reducer> reducers_;
  detail::Sleep<State, Outcome> sleep_ = default_sleep();
  detail::AwaitAll<State, Outcome> await_all_ = default_await_all();
};

}  // namespace segue
