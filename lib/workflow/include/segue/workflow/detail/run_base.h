// Running a compiled graph: what runs of plain nodes and of coroutines have in common. For graph.h only.
#pragma once

#include <algorithm>
#include <atomic>
#include <concepts>
#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "segue/workflow/checkpoint.h"
#include "segue/workflow/detail/graph_content.h"
#include "segue/workflow/detail/run_trace.h"

namespace segue::detail {

/// Where a run is: the next node, its superstep, and the executions that led there.
struct Position {
  std::size_t node = Plan::none;
  std::uint32_t step = 1;
  std::vector<std::uint64_t> previous = {};
};

/// How one parallel branch ended: a state, an error or an exception.
template <class State>
struct Branch {
  Position at;
  std::optional<Result<State>> result = {};
  std::exception_ptr exception = nullptr;

  bool has_failed() const { return exception != nullptr || !result || !*result; }
};

/// One run of a graph: everything that needs no waiting for a node. Branches share it; each has its own `Position`.
template <class State, class Outcome>
class RunBase {
 public:
  RunBase(const GraphContent<State, Outcome>& content, RunTrace& trace, Checkpointer<State> checkpointer)
      : content_(content), trace_(trace), checkpointer_(std::move(checkpointer)) {}

 protected:
  using Branches = std::vector<Branch<State>>;
  enum class Path : std::uint8_t { Main, Branch };

  const GraphNode<State, Outcome>& node_at(const Position& at) const { return content_.nodes[at.node]; }
  const Plan::Step& step_at(const Position& at) const { return content_.plan.steps[at.node]; }
  const Plan::Fork& fork_at(const Position& at) const { return content_.plan.forks[step_at(at).fork]; }
  const ParallelExecutor& executor() const { return content_.options.executor; }
  const Sleep<State, Outcome>& sleep() const { return content_.sleep; }
  const AwaitAll<State, Outcome>& await_all() const { return content_.await_all; }

  /// An error once the run has executed as many nodes as it may.
  Result<void> count_execution() {
    const std::uint32_t limit = content_.options.recursion_limit;
    if (executed_.fetch_add(1, std::memory_order_relaxed) >= limit) return recursion_error(limit);
    return {};
  }

  /// The span of one attempt at the node.
  WorkflowSpan open(const Position& at, std::uint32_t attempt, std::uint64_t execution_id, const State& state) const {
    const bool may_repeat = node_at(at).retry.max_attempts > 1;
    return start_node_span(content_.topology->bot, step_at(at).name, fields_to_record(state),
                           {.step = at.step,
                            .attempt = may_repeat ? attempt : 0,
                            .execution_id = execution_id,
                            .previous_ids = at.previous});
  }

  Result<void> save(const Position& at, const State& state) const {
    if constexpr (std::copy_constructible<State>) {
      if (checkpointer_) {
        return checkpointer_(Checkpoint<State>{.step = at.step,
                                               .node = step_at(at).name,
                                               .state = state,
                                               .traceparent = trace_.traceparent(),
                                               .execution_id = at.previous.empty() ? 0 : at.previous.front()});
      }
    }
    return {};
  }

  /// To the next node, for nodes that do not fork.
  Result<void> move_on(Position& at, const State& state) const {
    const Plan::Step& step = step_at(at);
    ++at.step;
    if (step.route == Plan::none) {
      at.node = step.next;
      return {};
    }
    auto next = content_.plan.follow(at.node, content_.routes[step.route](state));
    if (!next) return next.error();
    at.node = *next;
    return {};
  }

  Branches branches_from(const Position& at) const {
    Branches branches;
    for (const std::size_t node : fork_at(at).branches) branches.push_back({.at = {node, at.step + 1, at.previous}});
    return branches;
  }

  /// Notes that `number` has failed; the first one decides the run.
  void note_failure(std::size_t number, std::atomic<std::size_t>& first_failed) const {
    std::size_t nobody = Plan::none;
    first_failed.compare_exchange_strong(nobody, number);
  }

  /// Those that have not come to an end failed with `stopped`, which is why.
  void fail_unfinished(Branches& branches, const std::exception_ptr& stopped,
                       std::atomic<std::size_t>& first_failed) const {
    for (std::size_t number = 0; number < branches.size(); ++number) {
      Branch<State>& branch = branches[number];
      if (branch.result || branch.exception) continue;
      branch.exception = stopped;
      if (!stopped) branch.result = Error{Errc::FailedPrecondition, "set_await_all: a branch was not awaited"};
      note_failure(number, first_failed);
    }
  }

  /// What the branches make of the state they started with, or the failure of the first one that failed.
  Result<State> join(State state, Branches& branches, Position& at, std::size_t first_failed) const {
    if (first_failed != Plan::none) return fail(branches, fork_at(at), first_failed);
    const std::size_t reducer = step_at(at).fork;
    at.node = fork_at(at).join;
    at.previous.clear();
    std::vector<State> states;
    for (Branch<State>& branch : branches) {
      at.step = std::max(at.step, branch.at.step);
      at.previous.insert(at.previous.end(), branch.at.previous.begin(), branch.at.previous.end());
      states.push_back(std::move(**branch.result));
    }
    return content_.reducers[reducer](std::move(state), std::move(states));
  }

 private:
  Result<State> fail(const Branches& branches, const Plan::Fork& fork, std::size_t first_failed) const {
    for (std::size_t i = 0; i < branches.size(); ++i) {
      if (i == first_failed || !branches[i].has_failed()) continue;
      trace_.branch_failed(content_.plan.steps[fork.branches[i]].name, message_of(branches[i]));
    }
    const Branch<State>& decisive = branches[first_failed];
    if (decisive.exception) std::rethrow_exception(decisive.exception);
    return decisive.result->error();
  }

  static std::string message_of(const Branch<State>& branch) {
    if (!branch.exception) return branch.result->error().message;
    try {
      std::rethrow_exception(branch.exception);
    } catch (const std::exception& exception) {
      return exception.what();
    } catch (...) {
      return "an exception that is no std::exception";
    }
  }

  const GraphContent<State, Outcome>& content_;
  RunTrace& trace_;
  Checkpointer<State> checkpointer_;
  std::atomic<std::uint32_t> executed_ = 0;
};

}  // namespace segue::detail
