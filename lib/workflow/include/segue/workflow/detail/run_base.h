// Running a compiled graph: what runs of plain nodes and of coroutines have in common. For graph.h only.
#pragma once

#include <algorithm>
#include <atomic>
#include <concepts>
#include <cstdint>
#include <exception>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "segue/workflow/detail/branch.h"
#include "segue/workflow/detail/graph_content.h"
#include "segue/workflow/detail/run_trace.h"

namespace segue::detail {

/// One run of a graph: everything that needs no waiting for a node. Branches share it; each has its own `Position`.
template <class State, class Outcome>
class RunBase {
 public:
  RunBase(const GraphContent<State, Outcome>& content, RunTrace& trace, Path<State> path)
      : content_(content), trace_(trace), path_(std::move(path)) {}

 protected:
  using Branches = std::vector<Branch<State>>;

  /// Where the run's own path starts or goes on.
  Position first_position() const {
    return path_.place != nullptr ? position_at(*path_.place) : Position{.node = content_.plan.first};
  }

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

  /// The node at `at` has run and left `state`. An error is the checkpointer's.
  Result<void> finish(Position& at, const State& state) const {
    at.has_run = true;
    if constexpr (std::copy_constructible<State>) {
      if (is_reported(at)) return path_.progress->finish(*at.place, reached(Place::Mark::Behind, at, state));
    }
    at.place = nullptr;
    return {};
  }

  /// The path of the subgraph at `at`: where a resumed run finds it, or from its start.
  Path<State> enter(const Position& at, const State& state) const {
    if constexpr (std::copy_constructible<State>) {
      if (at.place == nullptr) return {};
      const bool goes_on = at.place->mark == Place::Mark::Before && !at.place->inside.empty();
      if (!goes_on && !is_reported(at)) return {};
      if (!goes_on) {
        Place entered = reached(Place::Mark::Before, at, state);
        entered.inside.push_back({.state = entered.state});
        path_.progress->enter(*at.place, std::move(entered));
      }
      return {path_.progress, &at.place->inside.front()};
    }
    return {};
  }

  /// To the next node, for nodes that do not fork.
  Result<void> move_on(Position& at, const State& state) const {
    const Plan::Step& step = step_at(at);
    ++at.step;
    at.has_run = false;
    if (step.route == Plan::none) {
      at.node = step.next;
      return {};
    }
    auto next = content_.plan.follow(at.node, content_.routes[step.route](state));
    if (!next) return next.error();
    at.node = *next;
    return {};
  }

  /// From their starts, or where a resumed run finds them.
  Branches branches_from(const Position& at) const {
    const bool goes_on = at.place != nullptr && !at.place->inside.empty();
    if (!goes_on && is_reported(at)) {
      std::vector<Place> places;
      for (const std::size_t node : fork_at(at).branches) {
        places.push_back({.node = content_.plan.steps[node].name,
                          .step = at.step + 1,
                          .previous = at.previous,
                          .state = at.place->state});
      }
      path_.progress->fork(*at.place, std::move(places));
    }
    Branches branches(fork_at(at).branches.size());
    for (std::size_t i = 0; i < branches.size(); ++i) {
      if (goes_on || is_reported(at)) {
        branches[i].at = position_at(at.place->inside[i]);
      } else {
        branches[i].at = {fork_at(at).branches[i], at.step + 1, at.previous};
      }
    }
    return branches;
  }

  /// What a branch goes on with, where `state` is what the fork began with.
  const State& state_of(const Branch<State>& branch, const State& state) const {
    return branch.at.place != nullptr ? state_in<State>(branch.at.place->state) : state;
  }

  /// What the branches make of the state they started with, or the failure of the first one that failed.
  Result<State> join(State state, Branches& branches, Position& at, std::size_t first_failed) const {
    if (first_failed != Plan::none) return fail(branches, fork_at(at), first_failed);
    const std::size_t reducer = step_at(at).fork;
    at.node = fork_at(at).join;
    at.has_run = false;
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
  bool is_reported(const Position& at) const { return at.place != nullptr && path_.progress->saves(); }

  Position position_at(Place& place) const {
    return {.node = place.node.empty() ? content_.plan.first : *content_.plan.find(place.node),
            .step = place.step,
            .previous = place.previous,
            .has_run = place.mark == Place::Mark::Behind,
            .place = &place};
  }

  Place reached(Place::Mark mark, const Position& at, const State& state) const {
    return {.mark = mark,
            .node = step_at(at).name,
            .step = at.step,
            .previous = at.previous,
            .state = std::make_shared<const State>(state)};
  }

  Result<State> fail(const Branches& branches, const Plan::Fork& fork, std::size_t first_failed) const {
    for (std::size_t i = 0; i < branches.size(); ++i) {
      if (i == first_failed || !branches[i].has_failed()) continue;
      trace_.branch_failed(content_.plan.steps[fork.branches[i]].name, branches[i].failure());
    }
    const Branch<State>& decisive = branches[first_failed];
    if (decisive.exception) std::rethrow_exception(decisive.exception);
    return decisive.result->error();
  }

  const GraphContent<State, Outcome>& content_;
  RunTrace& trace_;
  Path<State> path_;
  std::atomic<std::uint32_t> executed_ = 0;
};

}  // namespace segue::detail
