// Checkpoints inside subgraphs and parallel branches.
#include <mutex>
#include <stdexcept>

#include "graph_fixture.h"

namespace segue {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::UnorderedElementsAreArray;

/// Nodes that note that they run; one may be told to fail.
class Resuming : public Traced {
 protected:
  auto node(std::string name) {
    return [this, name = std::move(name)](State state) {
      const std::lock_guard lock(mutex_);
      if (name == failing_) throw std::runtime_error(name + " fails");
      executed_.push_back(name);
      state.path.push_back(name);
      return state;
    };
  }

  /// Nodes of other branches may be running.
  std::vector<std::string> executed_so_far() {
    const std::lock_guard lock(mutex_);
    return executed_;
  }

  Graph<State> chain(const std::string& bot, const std::vector<std::string>& names) {
    Graph<State> graph(bot);
    std::string_view last = graph_start;
    for (const std::string& name : names) {
      graph.add_node(name, node(name)).add_edge(last, name);
      last = name;
    }
    graph.add_edge(last, graph_end);
    return graph;
  }

  /// deep > { d1, deep2 } > deepest, where "d1" is a subgraph of "x" and "y".
  Workflow<State> forking_subgraph() {
    Graph<State> graph("deep");
    graph.add_node("deep", node("deep")).add_node("deep2", node("deep2")).add_node("deepest", node("deepest"));
    graph.add_subgraph("d1", *chain("deeper", {"x", "y"}).compile()).add_edge(graph_start, "deep");
    graph.add_parallel_edges("deep", {"d1", "deep2"}, "deepest", &append_paths);
    graph.add_edge("d1", "deepest").add_edge("deep2", "deepest").add_edge("deepest", graph_end);
    return *graph.compile();
  }

  /// sub { s1 > s2 } > split > { a > a2, forks { ... } } > join > end: subgraphs first, in a branch, and forks in them.
  Workflow<State> everything(ParallelExecutor executor = nullptr) {
    Graph<State> graph("bot");
    for (const char* name : {"split", "a", "a2", "join", "end"}) graph.add_node(name, node(name));
    graph.add_subgraph("sub", *chain("sub", {"s1", "s2"}).compile()).add_subgraph("forks", forking_subgraph());
    graph.add_edge(graph_start, "sub").add_edge("sub", "split");
    graph.add_parallel_edges("split", {"a", "forks"}, "join", &append_paths);
    graph.add_edge("a", "a2").add_edge("a2", "join").add_edge("forks", "join");
    graph.add_edge("join", "end").add_edge("end", graph_end);
    const auto workflow = graph.compile({.name = "process", .executor = std::move(executor)});
    EXPECT_TRUE(workflow) << workflow.error().message;
    return *workflow;
  }

  Checkpointer<State> save() {
    return [this](const Checkpoint<State>& checkpoint) {
      saved_.push_back({checkpoint, executed_so_far()});
      return Result<void>();
    };
  }

  /// Runs until `name` is to run, which fails; then it would succeed.
  void fail_at(const Workflow<State>& workflow, const std::string& name) {
    failing_ = name;
    EXPECT_THROW((void)workflow.run({}, save()), std::runtime_error);
    failing_.clear();
    executed_.clear();
  }

  struct Saved {
    Checkpoint<State> checkpoint;
    std::vector<std::string> executed;  ///< Before it was taken.
  };

  std::mutex mutex_;
  std::vector<std::string> executed_;
  std::string failing_;
  std::vector<Saved> saved_;
};

TEST_F(Resuming, FromAnyCheckpointRepeatsNoNodeAndEndsTheSame) {
  const auto workflow = everything();
  const auto whole = workflow.run({}, save());
  ASSERT_TRUE(whole);
  const std::vector<std::string> all = executed_;
  EXPECT_THAT(all, ElementsAre("s1", "s2", "split", "a", "a2", "deep", "x", "y", "deep2", "deepest", "join", "end"));
  ASSERT_EQ(saved_.size(), all.size() + 3);  // the ends of the subgraphs are saved, too
  for (const Saved& saved : saved_) {
    executed_ = saved.executed;
    const auto state = workflow.resume(saved.checkpoint);
    ASSERT_TRUE(state) << state.error().message;
    EXPECT_EQ(state->path, whole->path) << saved.checkpoint.position;
    EXPECT_THAT(executed_, UnorderedElementsAreArray(all)) << saved.checkpoint.position;
  }
}

TEST_F(Resuming, CanBeInterruptedAfterEveryNode) {
  const auto workflow = everything();
  const auto whole = workflow.run({});
  executed_.clear();
  Checkpoint<State> last;
  const auto one_more = [&](const Checkpoint<State>& checkpoint) {
    last = checkpoint;
    return Result<void>(Error{Errc::Unavailable, "enough"});
  };
  auto state = workflow.run({}, one_more);
  for (int turns = 1; !state; ++turns) {
    ASSERT_LT(turns, 30);
    EXPECT_EQ(state.error().message, "enough");
    state = workflow.resume(last, one_more);
  }
  EXPECT_EQ(state->path, whole->path);
}

TEST_F(Resuming, GoesOnInsideASubgraphUnderItsNode) {
  Graph<State> graph("bot");
  graph.add_node("first", node("first")).add_subgraph("sub", *chain("inner", {"s1", "s2"}).compile());
  graph.add_edge(graph_start, "first").add_edge("first", "sub").add_edge("sub", graph_end);
  const auto workflow = *graph.compile();
  fail_at(workflow, "s2");
  const Checkpoint<State> checkpoint = saved_.back().checkpoint;
  EXPECT_EQ(checkpoint.node, "first");
  EXPECT_THAT(checkpoint.state.path, ElementsAre("first"));
  EXPECT_THAT(checkpoint.inner_states.at(0).path, ElementsAre("first"));
  EXPECT_THAT(checkpoint.inner_states.at(1).path, ElementsAre("first", "s1"));
  const SpanList before = drain(provider);
  EXPECT_THAT(workflow.resume(checkpoint)->path, ElementsAre("first", "s1", "s2"));
  EXPECT_THAT(executed_, ElementsAre("s2"));
  const SpanList list = drain(provider);
  ASSERT_EQ(list.spans.size(), 4U);  // s2, the subgraph's root, its node, the root
  EXPECT_EQ(span_named(list, "inner.s2").parent_span_id, span_named(list, "inner.run").span_id);
  EXPECT_EQ(span_named(list, "inner.run").parent_span_id, span_named(list, "bot.sub").span_id);
  EXPECT_EQ(value_of<std::int64_t>(span_named(list, "inner.s2"), "workflow.step"), 2);
  EXPECT_THAT(strings_of(span_named(list, "inner.s2"), "workflow.execution.previous_ids"),
              ElementsAre(text_of(span_named(before, "inner.s1"), "workflow.execution.id")));
  const SpanView& root = span_named(list, "bot.run");
  ASSERT_EQ(root.links.size(), 1U);
  EXPECT_EQ(root.links[0].span_id, span_named(before, "bot.run").span_id);
  EXPECT_TRUE(span_named(list, "inner.run").links.empty());
}

TEST_F(Resuming, RepeatsOnlyTheBranchesThatHaveNotFinished) {
  const auto workflow = everything();
  fail_at(workflow, "deep2");  // "a" is through, "forks" is inside a fork of its own
  const SpanList before = drain(provider);
  EXPECT_TRUE(workflow.resume(saved_.back().checkpoint));
  EXPECT_THAT(executed_, ElementsAre("deep2", "deepest", "join", "end"));
  const SpanList list = drain(provider);
  EXPECT_THAT(strings_of(span_named(list, "deep.deepest"), "workflow.execution.previous_ids"),
              ElementsAre(text_of(span_named(before, "deep.d1"), "workflow.execution.id"),
                          text_of(span_named(list, "deep.deep2"), "workflow.execution.id")));
}

TEST_F(Resuming, WithoutThePositionRepeatsTheForkAsAWhole) {
  const auto workflow = everything();
  fail_at(workflow, "deep2");
  Checkpoint<State> old = saved_.back().checkpoint;
  old.position.clear();
  old.inner_states.clear();
  EXPECT_EQ(old.node, "split");
  EXPECT_TRUE(workflow.resume(old));
  EXPECT_THAT(executed_, ElementsAre("a", "a2", "deep", "x", "y", "deep2", "deepest", "join", "end"));
}

TEST_F(Resuming, FromBeforeTheFirstNodeOfTheRunItself) {
  const auto workflow = everything();
  fail_at(workflow, "s2");
  Checkpoint<State> checkpoint = saved_.back().checkpoint;
  EXPECT_EQ(checkpoint.node, graph_start);
  EXPECT_EQ(checkpoint.step, 0U);
  EXPECT_THAT(workflow.resume(checkpoint)->path.front(), "s1");
  EXPECT_EQ(executed_.front(), "s2");
  executed_.clear();
  checkpoint.position.clear();
  EXPECT_TRUE(workflow.resume(checkpoint));
  EXPECT_EQ(executed_.front(), "s1");
}

TEST_F(Resuming, IsAsGoodWhereBranchesRunOnThreads) {
  const auto whole = everything().run({});
  const auto workflow = everything(thread_executor());
  ASSERT_TRUE(workflow.run({}, save()));  // one call at a time: nothing else guards `saved_`
  ASSERT_EQ(saved_.size(), 15U);
  for (const Saved& saved : saved_) {
    const auto state = workflow.resume(saved.checkpoint);
    ASSERT_TRUE(state) << state.error().message;
    EXPECT_EQ(state->path, whole->path) << saved.checkpoint.position;
  }
}

TEST_F(Resuming, FromADamagedPositionIsAnErrorOrARunButNeverACrash) {
  const auto workflow = everything();
  fail_at(workflow, "y");
  const Checkpoint<State> good = saved_.back().checkpoint;
  std::size_t refused = 0;
  const auto try_position = [&](std::string position) {
    Checkpoint<State> damaged = good;
    damaged.position = std::move(position);
    const auto state = workflow.resume(damaged);
    if (state) return;
    ++refused;
    EXPECT_EQ(state.error().code, Errc::InvalidArgument) << damaged.position << state.error().message;
  };
  for (std::size_t i = 0; i < good.position.size(); ++i) {
    if (i > 0) try_position(good.position.substr(0, i));
    for (const char other : std::string_view("0:(,)>@\\x\0", 10)) {
      std::string position = good.position;
      position[i] = other;
      try_position(std::move(position));
    }
  }
  EXPECT_GT(refused, good.position.size());
}

TEST_F(Resuming, NeedsTheInnerStates) {
  const auto workflow = everything();
  fail_at(workflow, "deep2");
  Checkpoint<State> checkpoint = saved_.back().checkpoint;
  checkpoint.inner_states.pop_back();
  const auto state = workflow.resume(checkpoint);
  ASSERT_FALSE(state);
  EXPECT_EQ(state.error().code, Errc::InvalidArgument);
  EXPECT_THAT(state.error().message, HasSubstr("inner states"));
  EXPECT_TRUE(executed_.empty());
}

}  // namespace
}  // namespace segue
