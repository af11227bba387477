// Running a compiled graph whose nodes are coroutines. For graph.h only.
#pragma once

#include <atomic>
#include <concepts>
#include <cstdint>
#include <exception>
#include <utility>
#include <vector>

#include "segue/workflow/detail/run_base.h"

namespace segue::detail {

/// Awaits coroutines of any library, but not at the same time.
template <class Void>
Void one_after_another(std::vector<Void> coroutines) {
  for (Void& coroutine : coroutines) co_await std::move(coroutine);
}

/// The same as PlainRun, step for step; a language without colours for functions would need only one of them.
template <class State, class Outcome>
class CoroutineRun : private RunBase<State, Outcome> {
  using Base = RunBase<State, Outcome>;
  using typename Base::Branches;
  template <class Value>
  using Awaitable = typename OutcomeWith<State, Outcome, Value>::type;

 public:
  using Base::Base;

  Awaitable<Result<State>> run(State state) {
    Position at = this->first_position();
    co_return co_await follow(std::move(state), at, Plan::end);
  }

 private:
  Awaitable<Result<State>> follow(State state, Position& at, std::size_t stop) {
    while (at.node != stop) {
      if (!at.has_run) {
        if (auto counted = this->count_execution(); !counted) co_return counted.error();
        auto done = co_await execute(std::move(state), at);
        if (!done) co_return done;
        state = *std::move(done);
        if (auto saved = this->finish(at, state); !saved) co_return saved.error();
      }
      auto left = co_await leave(std::move(state), at);
      if (!left) co_return left;
      state = *std::move(left);
    }
    co_return Result<State>(std::move(state));
  }

  Awaitable<Result<State>> leave(State state, Position& at) {
    if (this->step_at(at).fork == Plan::none) {
      if (auto moved = this->move_on(at, state); !moved) co_return moved.error();
    } else if constexpr (std::copy_constructible<State>) {
      co_return co_await fork(std::move(state), at);
    }
    co_return Result<State>(std::move(state));
  }

  Awaitable<Result<State>> execute(State state, Position& at) {
    const RetryPolicy& retry = this->node_at(at).retry;
    std::uint32_t number = 1;
    if constexpr (std::copy_constructible<State>) {
      for (; number < retry.max_attempts; ++number) {
        try {
          co_return co_await attempt(State(state), at, number);
        } catch (const std::exception& exception) {
          if (!retry.allows(exception)) throw;
        }
        if (this->sleep()) co_await this->sleep()(retry.delay_after(number));
      }
    }
    co_return co_await attempt(std::move(state), at, number);
  }

  Awaitable<Result<State>> attempt(State state, Position& at, std::uint32_t number) {
    const std::uint64_t execution_id = new_execution_id();
    WorkflowSpan span = this->open(at, number, execution_id, state);
    try {
      const auto& node = this->node_at(at);
      Result<State> done = Error{};
      if (node.subgraph) {
        Path<State> path = this->enter(at, state);
        done = co_await node.subgraph(std::move(state), std::move(path));
      } else {
        done = co_await node.call(std::move(state));
      }
      if (!done) span.fail(done.error().message, to_string(done.error().code));
      at.previous.assign(1, execution_id);
      co_return done;
    } catch (const std::exception& exception) {
      span.fail(exception);
      throw;
    }
  }

  // What the graph was given to await them with may stop early, when it is cancelled; then some have not run.
  Awaitable<Result<State>> fork(State state, Position& at) {
    Branches branches = this->branches_from(at);
    std::atomic<std::size_t> first_failed = Plan::none;
    std::exception_ptr stopped;
    try {
      std::vector<Awaitable<void>> coroutines;
      for (std::size_t number = 0; number < branches.size(); ++number) {
        const State& own = this->state_of(branches[number], state);
        coroutines.push_back(run_branch(own, branches, number, first_failed, this->fork_at(at).join));
      }
      co_await this->await_all()(std::move(coroutines));
    } catch (...) {
      stopped = std::current_exception();
    }
    fail_unfinished(branches, stopped, first_failed);
    co_return this->join(std::move(state), branches, at, first_failed);
  }

  Awaitable<void> run_branch(State state, Branches& branches, std::size_t number,
                             std::atomic<std::size_t>& first_failed, std::size_t join) {
    auto& branch = branches[number];
    try {
      branch.result = co_await follow(std::move(state), branch.at, join);
    } catch (...) {
      branch.exception = std::current_exception();
    }
    if (branch.has_failed()) note_failure(number, first_failed);
  }
};

}  // namespace segue::detail
