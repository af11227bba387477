// Running a compiled graph whose nodes are plain functions. For graph.h only.
#pragma once

#include <atomic>
#include <concepts>
#include <cstdint>
#include <exception>
#include <optional>
#include <thread>
#include <utility>

#include "segue/trace/current.h"
#include "segue/workflow/detail/run_base.h"

namespace segue::detail {

/// A run whose nodes are plain functions.
template <class State>
class PlainRun : private RunBase<State, State> {
  using Base = RunBase<State, State>;
  using typename Base::Branches;

 public:
  using Base::Base;

  /// From where the path is to END.
  Result<State> run(State state) {
    Position at = this->first_position();
    return follow(std::move(state), at, Plan::end);
  }

 private:
  Result<State> follow(State state, Position& at, std::size_t stop) {
    while (at.node != stop) {
      if (!at.has_run) {
        if (auto counted = this->count_execution(); !counted) return counted.error();
        auto done = execute(std::move(state), at);
        if (!done) return done;
        state = *std::move(done);
        if (auto saved = this->finish(at, state); !saved) return saved.error();
      }
      if (auto left = leave(state, at); !left) return left.error();
    }
    return state;
  }

  Result<void> leave(State& state, Position& at) {
    if (this->step_at(at).fork == Plan::none) return this->move_on(at, state);
    if constexpr (std::copy_constructible<State>) {
      auto joined = fork(std::move(state), at);
      if (!joined) return joined.error();
      state = *std::move(joined);
    }
    return {};
  }

  Result<State> execute(State state, Position& at) {
    const RetryPolicy& retry = this->node_at(at).retry;
    std::uint32_t number = 1;
    if constexpr (std::copy_constructible<State>) {
      for (; number < retry.max_attempts; ++number) {
        try {
          return attempt(State(state), at, number);
        } catch (const std::exception& exception) {
          if (!retry.allows(exception)) throw;
        }
        this->sleep()(retry.delay_after(number));
      }
    }
    return attempt(std::move(state), at, number);
  }

  Result<State> attempt(State state, Position& at, std::uint32_t number) {
    const std::uint64_t execution_id = new_execution_id();
    WorkflowSpan span = this->open(at, number, execution_id, state);
    try {
      const auto& node = this->node_at(at);
      Result<State> done = Error{};
      if (node.subgraph) {
        Path<State> path = this->enter(at, state);
        done = node.subgraph(std::move(state), std::move(path));
      } else {
        done = node.call(std::move(state));
      }
      if (!done) span.fail(done.error().message, to_string(done.error().code));
      at.previous.assign(1, execution_id);
      return done;
    } catch (const std::exception& exception) {
      span.fail(exception);
      throw;
    }
  }

  Result<State> fork(State state, Position& at) {
    Branches branches = this->branches_from(at);
    const std::size_t join = this->fork_at(at).join;
    std::atomic<std::size_t> first_failed = Plan::none;
    const Context context = current_context();
    const std::thread::id home = std::this_thread::get_id();
    run_all(this->executor(), branches.size(), [&](std::size_t number) {
      std::optional<ContextScope> scope;
      if (std::this_thread::get_id() != home) scope.emplace(context);
      auto& branch = branches[number];
      try {
        branch.result = follow(this->state_of(branch, state), branch.at, join);
      } catch (...) {
        branch.exception = std::current_exception();
      }
      if (branch.has_failed()) note_failure(number, first_failed);
    });
    return this->join(std::move(state), branches, at, first_failed);
  }
};

}  // namespace segue::detail
