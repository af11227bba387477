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

#include <exception>
#include <memory>
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
    return start({.state = std::move(state), .at = {.node = content_->plan.first}}, std::move(checkpointer));
  }

  /// Goes on behind the node that `checkpoint` was taken after. The run has a root span of its own, in the current trace or a new
  /// one, with a link to the earlier root. InvalidArgument if the graph has no such node.
  Run resume(Checkpoint<State> checkpoint, Checkpointer<State> checkpointer = nullptr) const {
    Start begin{
        .state = std::move(checkpoint.state), .traceparent = std::move(checkpoint.traceparent), .resumes = true};
    begin.at.step = checkpoint.step;
    if (checkpoint.execution_id != 0) begin.at.previous = {checkpoint.execution_id};
    if (auto node = content_->plan.find(checkpoint.node)) begin.at.node = *node;
    return start(std::move(begin), std::move(checkpointer));
  }

  /// The graph as a Mermaid flowchart, subgraphs included.
  std::string to_mermaid() const { return detail::to_mermaid(*content_->topology); }

 private:
  friend class Graph<State, Outcome>;
  using Content = detail::GraphContent<State, Outcome>;

  /// Where a run begins.
  struct Start {
    State state;
    detail::Position at = {};
    std::string traceparent = {};
    bool resumes = false;
  };

  explicit Workflow(Content content) : content_(std::make_shared<const Content>(std::move(content))) {}

  Run start(Start begin, Checkpointer<State> checkpointer) const {
    if constexpr (detail::Coroutine<Run>) {
      return run_coroutine(content_, std::move(begin), std::move(checkpointer));
    } else {
      return run_plain(*content_, std::move(begin), std::move(checkpointer));
    }
  }

  static detail::RunTrace open_trace(const Content& content, const Start& begin) {
    const bool has_own_span = content.options.root_span == RootSpan::Own || begin.resumes;
    return {has_own_span, content.announcement, detail::fields_to_record(begin.state), begin.traceparent};
  }

  static Error no_such_node() {
    return Error{Errc::InvalidArgument, "the checkpoint names a node that is not in the graph"};
  }

  static Result<State> run_plain(const Content& content, Start begin, Checkpointer<State> checkpointer) {
    detail::RunTrace trace = open_trace(content, begin);
    if (begin.at.node == detail::Plan::none) return trace.failed(no_such_node());
    detail::PlainRun<State> run(content, trace, std::move(checkpointer));
    try {
      auto result = run.run(std::move(begin.state), std::move(begin.at), begin.resumes);
      if (!result) return trace.failed(result.error());
      return result;
    } catch (const std::exception& exception) {
      trace.failed(exception);
      throw;
    }
  }

  // A coroutine keeps the content alive: the workflow may be a temporary.
  static Run run_coroutine(std::shared_ptr<const Content> content, Start begin, Checkpointer<State> checkpointer) {
    detail::RunTrace trace = open_trace(*content, begin);
    if (begin.at.node == detail::Plan::none) co_return trace.failed(no_such_node());
    detail::CoroutineRun<State, Outcome> run(*content, trace, std::move(checkpointer));
    try {
      auto result = co_await run.run(std::move(begin.state), std::move(begin.at), begin.resumes);
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
