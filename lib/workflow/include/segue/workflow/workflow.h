// Workflow: a compiled graph, ready to run (graph.h makes them).
//
//   auto state = workflow.run({.lead_id = "c-1"});
//   if (!state) log(state.error().message);                  // recursion limit, or a route without an edge
//
// A run's root span announces nodes, edges and subgraphs; each node is a span with workflow.step, workflow.execution.id and
// the ids of the executions before it, so the way through the graph can be told from the trace alone.
// Thread safety: immutable; runs on any number of threads if its nodes do. Copies share everything. Errors: LimitExceeded at the
// recursion limit, FailedPrecondition for a route without an edge, what a checkpointer says; what a node throws passes through.
#pragma once

#include <concepts>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "segue/workflow/checkpoint.h"
#include "segue/workflow/detail/coroutine_run.h"
#include "segue/workflow/detail/plain_run.h"

namespace segue {

template <class State, class Outcome>
class Graph;

template <class State, class Outcome = State>
class Workflow {
 public:
  /// Result<State>; where nodes are coroutines, a coroutine of that.
  using Run = detail::RunResult<State, Outcome>;

  /// Runs from START to END and gives the last state. The workflow may be gone before a coroutine ends.
  Run run(State state, Checkpointer<State> checkpointer = nullptr) const {
    Start begin{.state = std::move(state)};
    if constexpr (std::copy_constructible<State>) {
      if (checkpointer) {
        begin.path.progress = std::make_shared<detail::Progress<State>>(std::move(checkpointer), begin.state);
        begin.path.place = &begin.path.progress->root();
      }
    }
    return start(std::move(begin));
  }

  /// Goes on where `checkpoint` was taken. The run has a root span of its own, in the current trace or a new one, with a link to
  /// the earlier root. InvalidArgument if the checkpoint cannot be one of this graph.
  Run resume(Checkpoint<State> checkpoint, Checkpointer<State> checkpointer = nullptr) const
    requires std::copy_constructible<State>
  {
    Start begin{.state = checkpoint.state, .traceparent = std::move(checkpoint.traceparent), .kind = Kind::Resumed};
    auto path = detail::path_from(std::move(checkpoint), std::move(checkpointer), *content_->topology, content_->plan);
    if (!path) begin.error = path.error();
    return start(path ? at(*std::move(path), std::move(begin)) : std::move(begin));
  }

  /// The graph as a Mermaid flowchart, subgraphs included.
  std::string to_mermaid() const { return detail::to_mermaid(*content_->topology); }

 private:
  friend class Graph<State, Outcome>;
  using Content = detail::GraphContent<State, Outcome>;

  enum class Kind : std::uint8_t { New, Resumed, Inside };

  /// Where a run begins.
  struct Start {
    State state;
    std::string traceparent = {};  ///< Of the run that it goes on with.
    Kind kind = Kind::New;
    detail::Path<State> path = {};
    std::optional<Error> error = {};  ///< Why it cannot begin.
  };

  explicit Workflow(Content content) : content_(std::make_shared<const Content>(std::move(content))) {}

  /// As a subgraph of another run, which knows how far this one is.
  Run run_inside(State state, detail::Path<State> path) const {
    Start begin{.state = std::move(state), .kind = Kind::Inside};
    if constexpr (std::copy_constructible<State>) {
      if (path.place != nullptr) begin = at(std::move(path), std::move(begin));
    }
    return start(std::move(begin));
  }

  /// `begin`, but where `path` is.
  static Start at(detail::Path<State> path, Start begin) {
    begin.state = path.state();
    begin.path = std::move(path);
    return begin;
  }

  Run start(Start begin) const {
    if constexpr (detail::Coroutine<Run>) {
      return run_coroutine(content_, std::move(begin));
    } else {
      return run_plain(*content_, std::move(begin));
    }
  }

  static detail::RunTrace open_trace(const Content& content, const Start& begin) {
    const bool has_own_span = content.options.root_span == RootSpan::Own || begin.kind == Kind::Resumed;
    return {has_own_span, content.announcement, detail::fields_to_record(begin.state), begin.traceparent};
  }

  static void tell_traceparent(const Start& begin, const detail::RunTrace& trace) {
    if (begin.path.progress && begin.kind != Kind::Inside) begin.path.progress->set_traceparent(trace.traceparent());
  }

  static Result<State> run_plain(const Content& content, Start begin) {
    detail::RunTrace trace = open_trace(content, begin);
    if (begin.error) return trace.failed(*std::move(begin.error));
    tell_traceparent(begin, trace);
    detail::PlainRun<State> run(content, trace, std::move(begin.path));
    try {
      auto result = run.run(std::move(begin.state));
      if (!result) return trace.failed(result.error());
      return result;
    } catch (const std::exception& exception) {
      trace.failed(exception);
      throw;
    }
  }

  // A coroutine keeps the content alive: the workflow may be a temporary.
  static Run run_coroutine(std::shared_ptr<const Content> content, Start begin) {
    detail::RunTrace trace = open_trace(*content, begin);
    if (begin.error) co_return trace.failed(*std::move(begin.error));
    tell_traceparent(begin, trace);
    detail::CoroutineRun<State, Outcome> run(*content, trace, std::move(begin.path));
    try {
      auto result = co_await run.run(std::move(begin.state));
      if (!result) co_return trace.failed(result.error());
      co_return result;
    } catch (const std::exception& exception) {
      trace.failed(exception);
      throw;
    }
  }

  std::shared_ptr<const Content> content_;
};

}  // namespace segue
