#include "segue/workflow/parallel.h"

#include <atomic>
#include <latch>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>

#include "graph_fixture.h"

namespace segue {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

using Parallel = Traced;

/// start > split > { a > a2, b } > join > end, where `a` and `b` may be anything.
template <class A, class B>
Graph<State> forked(A a, B b) {
  Graph<State> graph("lead_bot");
  graph.add_node("split", step("split")).add_node("a", a).add_node("a2", step("a2")).add_node("b", b);
  graph.add_node("join", step("join")).add_edge(graph_start, "split");
  graph.add_parallel_edges("split", {"a", "b"}, "join", &append_paths);
  graph.add_edge("a", "a2").add_edge("a2", "join").add_edge("b", "join").add_edge("join", graph_end);
  return graph;
}

TEST_F(Parallel, BranchesRunOnCopiesAndAreReducedInTheirOrder) {
  const auto workflow = forked(step("a"), step("b")).compile();
  ASSERT_TRUE(workflow) << workflow.error().message;
  EXPECT_THAT(workflow->run({})->path, ElementsAre("split", "a", "a2", "b", "join"));
}

TEST_F(Parallel, BranchesShareTheirStepAndTheJoinNamesAllPredecessors) {
  EXPECT_TRUE(forked(step("a"), step("b")).compile()->run({}));
  const SpanList list = drain(provider);
  const auto step_of = [&](std::string_view name) {
    return value_of<std::int64_t>(span_named(list, name), "workflow.step");
  };
  EXPECT_EQ(step_of("lead_bot.split"), 1);
  EXPECT_EQ(step_of("lead_bot.a"), 2);
  EXPECT_EQ(step_of("lead_bot.b"), 2);
  EXPECT_EQ(step_of("lead_bot.a2"), 3);
  EXPECT_EQ(step_of("lead_bot.join"), 4);
  const auto id_of = [&](std::string_view name) { return text_of(span_named(list, name), "workflow.execution.id"); };
  EXPECT_THAT(strings_of(span_named(list, "lead_bot.join"), "workflow.execution.previous_ids"),
              ElementsAre(id_of("lead_bot.a2"), id_of("lead_bot.b")));
  EXPECT_THAT(strings_of(span_named(list, "lead_bot.b"), "workflow.execution.previous_ids"),
              ElementsAre(id_of("lead_bot.split")));
  EXPECT_THAT(strings_of(span_named(list, "lead_bot.run"), "workflow.edges"),
              ElementsAre("__start__ -> split", "split -> a", "split -> b", "a -> a2", "a2 -> join", "b -> join",
                          "join -> __end__"));
}

TEST_F(Parallel, BranchesOnThreadsAreChildrenOfTheRoot) {
  std::latch both_run(2);  // each waits for the other: they must be on two threads
  std::mutex mutex;
  std::set<std::thread::id> threads;
  const auto meet = [&](State state) {
    {
      const std::lock_guard lock(mutex);
      threads.insert(std::this_thread::get_id());
    }
    both_run.arrive_and_wait();
    return state;
  };
  ASSERT_TRUE(forked(meet, meet).compile({.executor = thread_executor()})->run({}));
  EXPECT_THAT(threads, SizeIs(2));
  const SpanList list = drain(provider);
  const SpanView& root = span_named(list, "lead_bot.run");
  for (const char* name : {"lead_bot.a", "lead_bot.a2", "lead_bot.b"}) {
    EXPECT_EQ(span_named(list, name).parent_span_id, root.span_id) << name;
    EXPECT_EQ(span_named(list, name).trace_id, root.trace_id) << name;
  }
}

TEST_F(Parallel, AnExecutorThatNeverRunsOrThrowsCannotBlockARun) {
  const auto never = [](const std::function<void()>&) {};
  EXPECT_TRUE(forked(step("a"), step("b")).compile({.executor = never})->run({}));
  const auto throws = [](const std::function<void()>&) { throw std::runtime_error("stopped"); };
  EXPECT_TRUE(forked(step("a"), step("b")).compile({.executor = throws})->run({}));
}

TEST_F(Parallel, ATaskRunAfterTheEndDoesNothing) {
  std::vector<std::function<void()>> kept;
  const auto keep = [&](std::function<void()> task) { kept.push_back(std::move(task)); };
  std::atomic<int> calls = 0;
  detail::run_all(keep, 3, [&](std::size_t) { ++calls; });
  EXPECT_EQ(calls, 3);
  for (const auto& task : kept) task();
  EXPECT_EQ(calls, 3);
}

TEST_F(Parallel, TheFirstFailureDecidesAndTheOthersAreEvents) {
  const auto fails = [](const char* message) {
    return [message](State) -> State { throw std::runtime_error(message); };
  };
  try {
    (void)forked(fails("first"), fails("second")).compile()->run({});
    FAIL() << "nothing was thrown";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "first");
  }
  const SpanList list = drain(provider);
  EXPECT_EQ(span_named(list, "lead_bot.a").status, StatusCode::Error);
  EXPECT_EQ(span_named(list, "lead_bot.b").status, StatusCode::Error);
  const SpanView& root = span_named(list, "lead_bot.run");
  EXPECT_EQ(root.status_message, "first");
  ASSERT_EQ(root.events.size(), 1U);
  EXPECT_EQ(root.events[0].name, "branch_failed");
  EXPECT_EQ(find_string(root.events[0].attributes, "workflow.node_name"), "b");
  EXPECT_EQ(find_string(root.events[0].attributes, "exception.message"), "second");
}

TEST_F(Parallel, ManyFailuresAreOneEventEach) {
  constexpr std::size_t count = 40;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < count; ++i) names.push_back("n" + std::to_string(i));
  Graph<State> graph("lead_bot");
  graph.add_node("split", step("split")).add_node("join", step("join"));
  for (const std::string& name : names) {
    graph.add_node(name, [name](State) -> State { throw std::runtime_error(name); }).add_edge(name, "join");
  }
  graph.add_edge(graph_start, "split").add_parallel_edges("split", names, "join", &append_paths);
  EXPECT_THROW((void)graph.add_edge("join", graph_end).compile({.recursion_limit = 100})->run({}), std::runtime_error);
  const SpanList list = drain(provider);
  const SpanView& root = span_named(list, "lead_bot.run");
  ASSERT_EQ(root.events.size(), count - 1);
  for (const auto& event : root.events) EXPECT_EQ(event.name, "branch_failed");
}

TEST_F(Parallel, BranchesCountAgainstOneRecursionLimit) {
  const auto result = forked(step("a"), step("b")).compile({.recursion_limit = 4})->run({});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Errc::LimitExceeded);
  EXPECT_TRUE(forked(step("a"), step("b")).compile({.recursion_limit = 5})->run({}));
}

TEST_F(Parallel, BranchesMayForkAgain) {
  Graph<State> graph("b");
  for (const char* name : {"split", "left", "l1", "l2", "inner", "right", "join"}) graph.add_node(name, step(name));
  graph.add_edge(graph_start, "split").add_parallel_edges("split", {"left", "right"}, "join", &append_paths);
  graph.add_parallel_edges("left", {"l1", "l2"}, "inner", &append_paths);
  graph.add_edge("l1", "inner").add_edge("l2", "inner").add_edge("inner", "join").add_edge("right", "join");
  graph.add_edge("join", graph_end);
  const auto workflow = graph.compile({.executor = thread_executor()});
  ASSERT_TRUE(workflow) << workflow.error().message;
  EXPECT_THAT(workflow->run({})->path, ElementsAre("split", "left", "l1", "l2", "inner", "right", "join"));
}

TEST(ParallelChecks, SayWhatIsWrong) {
  const auto why_not = [](const std::function<void(Graph<State>&)>& add) -> std::string {
    Graph<State> graph("g");
    for (const char* name : {"s", "a", "b", "j"}) graph.add_node(name, step(name));
    graph.add_edge(graph_start, "s").add_edge("j", graph_end);
    add(graph);
    const auto workflow = graph.compile();
    return workflow ? "" : workflow.error().message;
  };
  const auto fork_to = [](std::vector<std::string> branches) {
    return [branches](Graph<State>& graph) {
      graph.add_parallel_edges("s", branches, "j", &append_paths).add_edge("a", "j").add_edge("b", "j");
    };
  };
  EXPECT_EQ(why_not(fork_to({"a", "b"})), "");
  EXPECT_THAT(why_not(fork_to({})), HasSubstr("no branches"));
  EXPECT_THAT(why_not(fork_to({"a", "x"})), HasSubstr("leads to 'x'"));
  EXPECT_THAT(why_not(fork_to({"a", "a"})), HasSubstr("or there twice"));
  EXPECT_THAT(why_not(fork_to({"a", "j"})), HasSubstr("also the join"));
  EXPECT_THAT(why_not([](Graph<State>& graph) {
                graph.add_parallel_edges("s", {"a", "b"}, "j", &append_paths);
                graph.add_edge("a", "j").add_edge("b", graph_end);
              }),
              HasSubstr("'b' can end without joining at 'j'"));
  EXPECT_THAT(why_not([](Graph<State>& graph) {
                graph.add_parallel_edges("s", {"a", "b"}, "j", &append_paths);
                graph.add_edge("a", "j").add_edge("b", "b");
              }),
              HasSubstr("'b' never joins at 'j'"));
  EXPECT_THAT(why_not([](Graph<State>& graph) {
                graph.add_parallel_edges("s", {"a", "b"}, "nowhere", &append_paths);
                graph.add_edge("a", "j").add_edge("b", "j");
              }),
              HasSubstr("join at 'nowhere'"));
}

}  // namespace
}  // namespace segue
