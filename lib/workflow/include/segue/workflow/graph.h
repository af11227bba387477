// Graph: a bot's workflow as nodes and edges; every node is traced because it is in the graph.
//
//   segue::Graph<LeadState> graph("lead_bot");
//   graph.add_node("analyze_intent", [&](LeadState state) { return analyze(std::move(state)); });
//   graph.add_node("determine_path", &determine_path);
//   graph.add_edge(segue::graph_start, "analyze_intent");
//   graph.add_conditional_edges("analyze_intent", [](const LeadState& s) { return s.handoff ? "handoff" : "stay"; },
//                               {{"handoff", segue::graph_end}, {"stay", "determine_path"}});
//   graph.add_edge("determine_path", segue::graph_end);
//   auto workflow = graph.compile({.name = "process_lead_conversation"});   // checks the whole graph
//   auto state = workflow->run({.lead_id = "c-1"});
//
// A node takes the state and gives the next one. With `Graph<State, Awaitable<State>>` nodes are coroutines, and so is `run`.
// The compiled workflow announces its nodes and edges on its root span. Thread safety: a compiled workflow is immutable
// and runs on any number of threads if its nodes do. Errors: `compile` names what is wrong with the graph; `run` answers
// LimitExceeded at the recursion limit and FailedPrecondition for a route that has no edge; what a node throws passes through.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "segue/base/result.h"
#include "segue/workflow/detail/topology.h"
#include "segue/workflow/node.h"

namespace segue {

inline constexpr std::string_view graph_start = detail::start_name;
inline constexpr std::string_view graph_end = detail::end_name;

enum class RootSpan : std::uint8_t {
  Own,        ///< A run has a span `{bot}.{name}` of its own, parent of its nodes.
  Enclosing,  ///< Nodes are children of whatever is current, which also gets the topology.
};

struct GraphOptions {
  /// The workflow's name, e.g. "process_buyer_conversation".
  std::string name = "run";
  RootSpan root_span = RootSpan::Own;
  /// Nodes one run may execute, from 1. Cycles end here. Default 25, as in LangGraph.
  std::uint32_t recursion_limit = 25;
};

template <class State, class Outcome = State>
class Workflow;

template <class State, class Outcome = State>
class Graph {
 public:
  using Node = std::function<Outcome(State)>;
  using Route = std::function<std::string(const State&)>;

  explicit Graph(std::string bot) : topology_{.bot = std::move(bot)} {}

  /// Adds a function, lambda or other callable `Outcome(State)`.
  template <std::invocable<State> Callable>
  Graph& add_node(std::string name, Callable&& callable) {
    nodes_.push_back(trace_workflow_node(topology_.bot, name, Node(std::forward<Callable>(callable))));
    topology_.nodes.push_back(std::move(name));
    return *this;
  }

  /// Adds a member function of `object`, which must outlive the workflow.
  template <class Object, class Member>
    requires std::is_member_function_pointer_v<Member>
  Graph& add_node(std::string name, Member member, Object* object) {
    return add_node(std::move(name),
                    [member, object](State state) { return std::invoke(member, object, std::move(state)); });
  }

  Graph& add_edge(std::string_view from, std::string_view to) {
    topology_.edges.push_back({std::string(from), std::string(to), {}});
    return *this;
  }

  /// After `from`, `route` names one of `targets`' labels. `targets`: {label, node} pairs.
  template <class Callable>
  Graph& add_conditional_edges(std::string_view from, Callable&& route,
                               std::vector<std::pair<std::string, std::string>> targets) {
    for (auto& [label, target] : targets) topology_.edges.push_back({std::string(from), target, label});
    topology_.routed.emplace_back(from);
    routes_.push_back([call = std::forward<Callable>(route)](const State& state) { return std::string(call(state)); });
    return *this;
  }

  /// Checks that every edge's ends exist, every node can be reached and left, and nothing is ambiguous.
  Result<Workflow<State, Outcome>> compile(GraphOptions options = {}) const {
    auto plan = detail::plan_of(topology_, options.recursion_limit);
    if (!plan) return plan.error();
    return Workflow<State, Outcome>(*std::move(plan), topology_, nodes_, routes_, std::move(options));
  }

 private:
  detail::Topology topology_;
  std::vector<TracedNode<Node>> nodes_;
  std::vector<Route> routes_;
};

template <class State, class Outcome>
class Workflow {
 public:
  using Run = detail::RunResult<State, Outcome>;

  /// Runs from START to END and gives the last state.
  Run run(State state) const {
    if constexpr (detail::Coroutine<Run>) {
      return run_coroutine(content_, std::move(state));
    } else {
      return run_here(std::move(state));
    }
  }

  /// The graph as a Mermaid flowchart.
  std::string to_mermaid() const { return detail::to_mermaid(content_->topology); }

 private:
  friend class Graph<State, Outcome>;
  using Nodes = std::vector<TracedNode<typename Graph<State, Outcome>::Node>>;
  using Routes = std::vector<typename Graph<State, Outcome>::Route>;

  struct Content {
    detail::Plan plan;
    detail::Topology topology;
    Nodes nodes;
    Routes routes;
    GraphOptions options;
    detail::Announcement announcement;

    detail::RootScope open_root(const State& state) const {
      const bool own = options.root_span == RootSpan::Own;
      return detail::RootScope(own, topology.bot, options.name,
                               is_tracing_enabled() ? state_fields(state) : StateFields{}, announcement);
    }

    Result<std::size_t> next_of(std::size_t node, const State& state) const {
      const detail::Plan::Step& step = plan.steps[node];
      if (step.route == detail::Plan::none) return step.next;
      return plan.follow(node, routes[step.route](state));
    }
  };

  Workflow(detail::Plan plan, detail::Topology topology, Nodes nodes, Routes routes, GraphOptions options) {
    detail::Announcement announcement(topology, options.name);
    content_ = std::make_shared<const Content>(Content{std::move(plan), std::move(topology), std::move(nodes),
                                                       std::move(routes), std::move(options), std::move(announcement)});
  }

  Result<State> run_here(State state) const {
    const Content& content = *content_;
    detail::RootScope root = content.open_root(state);
    try {
      std::size_t node = content.plan.first;
      for (std::uint32_t executed = 0; node != detail::Plan::end; ++executed) {
        if (executed == content.options.recursion_limit)
          return root.failed(detail::recursion_error(content.options.recursion_limit));
        state = content.nodes[node](std::move(state));
        auto next = content.next_of(node, state);
        if (!next) return root.failed(next.error());
        node = *next;
      }
    } catch (const std::exception& exception) {
      root.failed(exception);
      throw;
    }
    return state;
  }

  // The same loop; a coroutine keeps the content alive and awaits each node.
  static Run run_coroutine(std::shared_ptr<const Content> content, State state) {
    detail::RootScope root = content->open_root(state);
    try {
      std::size_t node = content->plan.first;
      for (std::uint32_t executed = 0; node != detail::Plan::end; ++executed) {
        if (executed == content->options.recursion_limit) {
          co_return root.failed(detail::recursion_error(content->options.recursion_limit));
        }
        state = co_await content->nodes[node](std::move(state));
        auto next = content->next_of(node, state);
        if (!next) co_return root.failed(next.error());
        node = *next;
      }
    } catch (const std::exception& exception) {
      root.failed(exception);
      throw;
    }
    co_return Result<State>(std::move(state));
  }

  std::shared_ptr<const Content> content_;
};

}  // namespace segue
