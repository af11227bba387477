// What a compiled graph consists of. For graph.h only.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

#include "segue/base/result.h"
#include "segue/workflow/detail/progress.h"
#include "segue/workflow/detail/run_trace.h"
#include "segue/workflow/detail/topology.h"
#include "segue/workflow/parallel.h"
#include "segue/workflow/retry.h"

namespace segue {

enum class RootSpan : std::uint8_t {
  Own,        ///< A run has a span `{bot}.{name}` of its own, parent of its nodes.
  Enclosing,  ///< Nodes are children of whatever is current, which also gets the topology.
};

struct GraphOptions {
  /// The workflow's name, e.g. "process_buyer_conversation".
  std::string name = "run";
  RootSpan root_span = RootSpan::Own;
  /// Nodes one run may execute, from 1, parallel ones included. Cycles end here. Default 25, as in LangGraph.
  std::uint32_t recursion_limit = 25;
  /// Where parallel branches run; default: one after another on the calling thread. For coroutines see
  /// `Graph::set_await_all`.
  ParallelExecutor executor = nullptr;
};

namespace detail {

/// `Outcome` with `Value` in place of the state: the node's coroutine type of it, or itself.
template <class State, class Outcome, class Value>
struct OutcomeWith;
template <class State, class Value>
struct OutcomeWith<State, State, Value> {
  using type = Value;
};
template <class State, template <class, class...> class Awaitable, class... Rest, class Value>
struct OutcomeWith<State, Awaitable<State, Rest...>, Value> {
  using type = Awaitable<Value, Rest...>;
};

/// What `run` gives: Result<State>, or the node's coroutine type of that.
template <class State, class Outcome>
using RunResult = typename OutcomeWith<State, Outcome, Result<State>>::type;

/// Waits between two attempts; a coroutine where nodes are.
template <class State, class Outcome>
using Sleep = std::function<typename OutcomeWith<State, Outcome, void>::type(std::chrono::nanoseconds)>;

template <class Void>
struct AwaitAllOf {
  using type = std::function<Void(std::vector<Void>)>;
};
/// Plain nodes have a ParallelExecutor.
template <>
struct AwaitAllOf<void> {
  using type = std::monostate;
};

/// Runs coroutines that give nothing, and ends when all have ended; a coroutine where nodes are.
template <class State, class Outcome>
using AwaitAll = typename AwaitAllOf<typename OutcomeWith<State, Outcome, void>::type>::type;

template <class State, class Outcome>
struct GraphNode {
  std::function<Outcome(State)> call = nullptr;
  std::function<RunResult<State, Outcome>(State, Path<State>)> subgraph = nullptr;  ///< In place of `call`.
  RetryPolicy retry = {};
};

template <class State, class Outcome>
struct GraphContent {
  std::shared_ptr<const Topology> topology;
  Plan plan;
  std::vector<GraphNode<State, Outcome>> nodes;
  std::vector<std::function<std::string(const State&)>> routes;
  std::vector<std::function<State(State, std::vector<State>)>> reducers;  ///< One for each fork.
  Sleep<State, Outcome> sleep;
  AwaitAll<State, Outcome> await_all;
  GraphOptions options;
  Announcement announcement;
};

}  // namespace detail
}  // namespace segue
