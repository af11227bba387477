// Retries and checkpoints.
#include <stdexcept>

#include "graph_fixture.h"

namespace segue {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

using Retries = Traced;
using Checkpoints = Traced;

/// Fails `failures` times, then succeeds.
auto flaky(int failures) {
  return [failures, calls = std::make_shared<int>(0)](State state) {
    state.path.push_back("flaky");
    if (++*calls <= failures) throw std::runtime_error("busy");
    return state;
  };
}

Graph<State> retrying(int failures, RetryPolicy policy) {
  Graph<State> graph("b");
  graph.add_node("first", step("first")).add_node("flaky", flaky(failures), {.retry = std::move(policy)});
  graph.add_edge(graph_start, "first").add_edge("first", "flaky").add_edge("flaky", graph_end);
  return graph;
}

TEST_F(Retries, GiveEachAttemptASpanAndTheStateAsItWas) {
  const auto state = retrying(2, {.max_attempts = 3}).compile()->run({});
  ASSERT_TRUE(state);
  EXPECT_THAT(state->path, ElementsAre("first", "flaky"));
  const SpanList list = drain(provider);
  ASSERT_EQ(list.spans.size(), 5U);
  EXPECT_FALSE(has(list.spans[0], "workflow.attempt"));
  for (std::size_t i = 1; i <= 3; ++i) {
    const SpanView& attempt = list.spans[i];
    EXPECT_EQ(value_of<std::int64_t>(attempt, "workflow.attempt"), static_cast<std::int64_t>(i));
    EXPECT_EQ(value_of<std::int64_t>(attempt, "workflow.step"), 2);
    EXPECT_EQ(attempt.events.size(), i < 3 ? 1U : 0U);
    EXPECT_EQ(attempt.status, i < 3 ? StatusCode::Error : StatusCode::Ok);
    EXPECT_THAT(strings_of(attempt, "workflow.execution.previous_ids"),
                ElementsAre(text_of(list.spans[0], "workflow.execution.id")));
  }
  EXPECT_EQ(list.spans[4].status, StatusCode::Ok);
}

TEST_F(Retries, EndWithTheLastException) {
  EXPECT_THROW((void)retrying(9, {.max_attempts = 2}).compile()->run({}), std::runtime_error);
  EXPECT_EQ(drain(provider).spans.size(), 4U);
}

TEST_F(Retries, AskWhetherAnExceptionMayPass) {
  const auto never = [](const std::exception& exception) { return std::string(exception.what()) != "busy"; };
  EXPECT_THROW((void)retrying(1, {.max_attempts = 5, .retry_if = never}).compile()->run({}), std::runtime_error);
  EXPECT_EQ(drain(provider).spans.size(), 3U);
}

TEST_F(Retries, WaitAsLongAsTheBackoffSays) {
  std::vector<std::chrono::nanoseconds> waits;
  Graph<State> graph = retrying(2, {.max_attempts = 3, .backoff = [](std::uint32_t failed) { return failed * 10ms; }});
  graph.set_sleep([&waits](std::chrono::nanoseconds delay) { waits.push_back(delay); });
  EXPECT_TRUE(graph.compile()->run({}));
  EXPECT_THAT(waits, ElementsAre(10ms, 20ms));
}

TEST(ExponentialBackoff, DoublesUpToItsLimitAndVariesByAHalf) {
  const Backoff backoff = exponential_backoff(100ms, 1s);
  const std::chrono::nanoseconds longest[] = {100ms, 200ms, 400ms, 800ms, 1s, 1s};
  for (std::uint32_t failed = 1; failed <= 6; ++failed) {
    for (int i = 0; i < 100; ++i) {
      EXPECT_LE(backoff(failed), longest[failed - 1]);
      EXPECT_GE(backoff(failed), longest[failed - 1] / 2);
    }
  }
  EXPECT_LE(backoff(4'000'000'000U), 1s);
  EXPECT_EQ(exponential_backoff(0ms, 0ms)(3), 0ms);
}

Graph<State> three_steps() {
  Graph<State> graph("lead_bot");
  graph.add_node("ask", step("ask")).add_node("score", step("score")).add_node("reply", step("reply"));
  graph.add_edge(graph_start, "ask").add_edge("ask", "score").add_edge("score", "reply").add_edge("reply", graph_end);
  return graph;
}

/// Runs the three steps and keeps what was saved.
std::vector<Checkpoint<State>> checkpoints_of_a_run() {
  std::vector<Checkpoint<State>> saved;
  EXPECT_TRUE(three_steps().compile({.name = "process"})->run({}, [&](const Checkpoint<State>& checkpoint) {
    saved.push_back(checkpoint);
    return Result<void>();
  }));
  return saved;
}

TEST_F(Checkpoints, AreTakenAfterEachNode) {
  const auto saved = checkpoints_of_a_run();
  ASSERT_EQ(saved.size(), 3U);
  EXPECT_EQ(saved[1].step, 2U);
  EXPECT_EQ(saved[1].node, "score");
  EXPECT_THAT(saved[1].state.path, ElementsAre("ask", "score"));
  const SpanList list = drain(provider);
  EXPECT_THAT(saved[1].traceparent, HasSubstr(list.spans.at(3).span_id.to_hex()));
}

TEST_F(Checkpoints, LetARunGoOnAndLinkToTheEarlierOne) {
  const auto saved = checkpoints_of_a_run();
  const SpanList before = drain(provider);
  const auto state = three_steps().compile({.name = "process"})->resume(saved.at(1));
  ASSERT_TRUE(state);
  EXPECT_THAT(state->path, ElementsAre("ask", "score", "reply"));
  const SpanList list = drain(provider);
  ASSERT_EQ(list.spans.size(), 2U);
  EXPECT_EQ(list.spans[0].name, "lead_bot.reply");
  EXPECT_EQ(value_of<std::int64_t>(list.spans[0], "workflow.step"), 3);
  EXPECT_THAT(strings_of(list.spans[0], "workflow.execution.previous_ids"),
              ElementsAre(text_of(before.spans.at(1), "workflow.execution.id")));
  ASSERT_EQ(list.spans[1].links.size(), 1U);
  EXPECT_EQ(list.spans[1].links[0].span_id, before.spans.at(3).span_id);
  EXPECT_EQ(find_string(list.spans[1].links[0].attributes, "workflow.link.type"), "resume");
}

TEST_F(Checkpoints, OfTheLastNodeResumeToTheEnd) {
  const auto state = three_steps().compile()->resume({.step = 3, .node = "reply", .state = {.path = {"x"}}});
  ASSERT_TRUE(state);
  EXPECT_THAT(state->path, ElementsAre("x"));
}

TEST_F(Checkpoints, OfAnotherGraphAreRefused) {
  const auto result = three_steps().compile()->resume({.step = 1, .node = "renamed"});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Errc::InvalidArgument);
  EXPECT_EQ(drain(provider).spans.at(0).status, StatusCode::Error);
}

TEST_F(Checkpoints, ThatCannotBeSavedEndTheRun) {
  const auto full = [](const Checkpoint<State>&) { return Result<void>(Error{Errc::IoError, "disk full"}); };
  const auto result = three_steps().compile()->run({}, full);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().message, "disk full");
  EXPECT_EQ(drain(provider).spans.size(), 2U);
}

TEST_F(Checkpoints, NameTheNodeBeforeTheForkUntilItsBranchesHaveJoined) {
  Graph<State> graph("b");
  for (const char* name : {"split", "l", "r", "join"}) graph.add_node(name, step(name));
  graph.add_edge(graph_start, "split").add_parallel_edges("split", {"l", "r"}, "join", &append_paths);
  graph.add_edge("l", "join").add_edge("r", "join").add_edge("join", graph_end);
  std::vector<std::string> nodes;
  const auto workflow = graph.compile();
  EXPECT_TRUE(workflow->run({}, [&](const Checkpoint<State>& checkpoint) {
    nodes.push_back(checkpoint.node);
    return Result<void>();
  }));
  EXPECT_THAT(nodes, ElementsAre("split", "split", "split", "join"));
  EXPECT_THAT(workflow->resume({.step = 1, .node = "split"})->path, ElementsAre("l", "r", "join"));
}

}  // namespace
}  // namespace segue
