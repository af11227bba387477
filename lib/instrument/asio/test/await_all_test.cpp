// Parallel branches of coroutines. Branches meet each other by waiting until all have come: one after another they never would.
#include "segue/asio/await_all.h"

#include <gmock/gmock.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>
#include <latch>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>

#include "segue/workflow/graph.h"
#include "trace_test_support.h"

namespace segue {
namespace {

using boost::asio::awaitable;
using boost::asio::use_awaitable;
using boost::asio::use_future;
using testing::ElementsAre;

struct State {
  std::string contact_id = "c-1";
  std::vector<std::string> path = {};
};

using CoroutineGraph = Graph<State, awaitable<State>>;
using Node = std::function<awaitable<State>(State)>;

awaitable<void> hop() { co_await boost::asio::post(co_await boost::asio::this_coro::executor, use_awaitable); }

/// Where coroutines wait for each other.
class Meeting {
 public:
  explicit Meeting(int expected) : missing_(expected) {}
  awaitable<void> wait() {
    --missing_;
    while (missing_ > 0) co_await hop();
  }

 private:
  std::atomic<int> missing_;
};

Node step(std::string name) {
  return [name = std::move(name)](State state) -> awaitable<State> {
    // A copy: the lambda may be gone when its coroutine goes on.
    return [](std::string own_name, State own_state) -> awaitable<State> {
      co_await hop();
      own_state.path.push_back(own_name);
      co_return own_state;
    }(name, std::move(state));
  };
}

State append_paths(State before, const std::vector<State>& branches) {
  const auto common = static_cast<std::ptrdiff_t>(before.path.size());
  for (const State& branch : branches) {
    before.path.insert(before.path.end(), branch.path.begin() + common, branch.path.end());
  }
  return before;
}

/// split > { a > a2, b } > join
CoroutineGraph forked(Node a, Node b) {
  CoroutineGraph graph("bot");
  graph.add_node("split", step("split")).add_node("a", std::move(a)).add_node("a2", step("a2"));
  graph.add_node("b", std::move(b)).add_node("join", step("join")).add_edge(graph_start, "split");
  graph.add_parallel_edges("split", {"a", "b"}, "join", &append_paths).set_await_all(await_all);
  graph.add_edge("a", "a2").add_edge("a2", "join").add_edge("b", "join").add_edge("join", graph_end);
  return graph;
}

class CoroutineBranches : public testing::Test {
 public:
  ~CoroutineBranches() override { set_default_tracer(Tracer()); }

 protected:
  CoroutineBranches() : provider_(make_provider()) { set_default_tracer(provider_.tracer("t")); }

  /// Runs the graph on this thread.
  Result<State> run(const CoroutineGraph& graph, GraphOptions options = {}) {
    const auto workflow = graph.compile(std::move(options));
    if (!workflow) return workflow.error();
    boost::asio::io_context context;
    auto state = boost::asio::co_spawn(with_current_context(context.get_executor()), workflow->run({}), use_future);
    context.run();
    return state.get();
  }

  static void expect_children_of_the_root(const SpanList& list, std::initializer_list<const char*> names) {
    const SpanView& root = span_named(list, "bot.run");
    for (const char* name : names) {
      EXPECT_EQ(span_named(list, name).parent_span_id, root.span_id) << name;
      EXPECT_EQ(span_named(list, name).trace_id, root.trace_id) << name;
    }
  }

  TracerProvider provider_;
};

/// Notes in `wrong` where a span other than the node's own is current.
Node meeting_node(Meeting& meeting, std::string name, std::atomic<int>& wrong) {
  return [&meeting, &wrong, name = std::move(name)](State state) -> awaitable<State> {
    return [](Meeting& place, std::atomic<int>& errors, std::string own_name, State own_state) -> awaitable<State> {
      const SpanId own = current_span_context().span_id;
      co_await place.wait();
      if (current_span_context().span_id != own) ++errors;
      const WorkflowSpan inner = workflow_span("bot", own_name + "_inner");
      co_await hop();
      if (current_span_context().span_id != inner.context().span_id) ++errors;
      own_state.path.push_back(own_name);
      co_return own_state;
    }(meeting, wrong, name, std::move(state));
  };
}

TEST_F(CoroutineBranches, RunAtTheSameTimeEachWithItsOwnStateAndSpan) {
  Meeting meeting(2);
  std::atomic<int> wrong = 0;
  const auto state = run(forked(meeting_node(meeting, "a", wrong), meeting_node(meeting, "b", wrong)));
  ASSERT_TRUE(state) << state.error().message;
  EXPECT_THAT(state->path, ElementsAre("split", "a", "a2", "b", "join"));
  EXPECT_EQ(wrong, 0);
  const SpanList list = drain(provider_);
  expect_children_of_the_root(list, {"bot.split", "bot.a", "bot.a2", "bot.b", "bot.join"});
  EXPECT_EQ(span_named(list, "bot.a_inner").parent_span_id, span_named(list, "bot.a").span_id);
  EXPECT_EQ(span_named(list, "bot.b_inner").parent_span_id, span_named(list, "bot.b").span_id);
}

TEST_F(CoroutineBranches, RunOnAsManyThreadsAsThePoolHas) {
  std::latch both_run(2);  // blocks its thread: there must be two
  std::mutex mutex;
  std::set<std::thread::id> threads;
  const Node meet = [&](State state) -> awaitable<State> {
    {
      const std::lock_guard lock(mutex);
      threads.insert(std::this_thread::get_id());
    }
    both_run.arrive_and_wait();
    co_return state;
  };
  const auto workflow = forked(meet, meet).compile();
  boost::asio::thread_pool pool(2);
  auto state = boost::asio::co_spawn(with_current_context(pool.get_executor()), workflow->run({}), use_future);
  EXPECT_TRUE(state.get());
  pool.join();
  EXPECT_EQ(threads.size(), 2U);
  expect_children_of_the_root(drain(provider_), {"bot.split", "bot.a", "bot.a2", "bot.b", "bot.join"});
}

TEST_F(CoroutineBranches, MayForkAgainOnManyThreads) {
  std::atomic<int> wrong = 0;
  CoroutineGraph inner("inner");
  const Node check = [&wrong](State state) -> awaitable<State> {
    const SpanId own = current_span_context().span_id;
    for (int i = 0; i < 5; ++i) {
      co_await hop();
      if (current_span_context().span_id != own) ++wrong;
    }
    co_return state;
  };
  for (const char* name : {"s", "l", "r", "j"}) inner.add_node(name, check);
  inner.add_edge(graph_start, "s").add_parallel_edges("s", {"l", "r"}, "j", &append_paths).set_await_all(await_all);
  inner.add_edge("l", "j").add_edge("r", "j").add_edge("j", graph_end);
  CoroutineGraph graph("bot");
  graph.add_node("split", check).add_node("join", check).add_subgraph("a", *inner.compile());
  graph.add_subgraph("b", *inner.compile()).add_edge(graph_start, "split").set_await_all(await_all);
  graph.add_parallel_edges("split", {"a", "b"}, "join", &append_paths);
  graph.add_edge("a", "join").add_edge("b", "join").add_edge("join", graph_end);
  const auto workflow = graph.compile();
  ASSERT_TRUE(workflow) << workflow.error().message;
  boost::asio::thread_pool pool(2);
  std::vector<std::future<Result<State>>> runs;
  for (int i = 0; i < 20; ++i) {
    runs.push_back(boost::asio::co_spawn(with_current_context(pool.get_executor()), workflow->run({}), use_future));
  }
  for (auto& finished : runs) EXPECT_TRUE(finished.get());
  pool.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(drain(provider_).spans.size(), 20U * (1 + 4 + 2 * 5));
}

TEST_F(CoroutineBranches, AreAwaitedWhenAnotherHasFailed) {
  bool has_failed = false;
  const Node fail = [&](State) -> awaitable<State> {
    has_failed = true;
    throw std::runtime_error("boom");
    co_return State();
  };
  const Node wait_for_the_failure = [&](State state) -> awaitable<State> {
    while (!has_failed) co_await hop();
    for (int i = 0; i < 10; ++i) co_await hop();
    co_return state;
  };
  EXPECT_THROW((void)run(forked(wait_for_the_failure, fail)), std::runtime_error);
  const SpanList list = drain(provider_);
  EXPECT_EQ(span_named(list, "bot.a").status, StatusCode::Ok);
  EXPECT_EQ(span_named(list, "bot.a2").status, StatusCode::Ok);
  EXPECT_EQ(span_named(list, "bot.b").status_message, "boom");
  const SpanView& root = span_named(list, "bot.run");
  EXPECT_EQ(root.status_message, "boom");
  EXPECT_EQ(root.events.size(), 0U);
}

TEST_F(CoroutineBranches, TellAllFailuresAndPassOnTheOneThatCameFirst) {
  bool has_failed = false;
  const Node second = [&](State) -> awaitable<State> {
    while (!has_failed) co_await hop();
    throw std::runtime_error("second");
    co_return State();
  };
  const Node first = [&](State) -> awaitable<State> {
    co_await hop();
    has_failed = true;
    throw std::runtime_error("first");
    co_return State();
  };
  try {
    (void)run(forked(second, first));
    FAIL() << "nothing was thrown";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "first");
  }
  const SpanList list = drain(provider_);
  const SpanView& root = span_named(list, "bot.run");
  EXPECT_EQ(root.status_message, "first");
  ASSERT_EQ(root.events.size(), 1U);
  EXPECT_EQ(root.events[0].name, "branch_failed");
  EXPECT_EQ(find_string(root.events[0].attributes, "workflow.node_name"), "a");
  EXPECT_EQ(find_string(root.events[0].attributes, "exception.message"), "second");
}

TEST_F(CoroutineBranches, CountAgainstOneRecursionLimit) {
  const auto result = run(forked(step("a"), step("b")), {.recursion_limit = 4});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Errc::LimitExceeded);
  EXPECT_TRUE(run(forked(step("a"), step("b")), {.recursion_limit = 5}));
}

/// Never ends by itself; `cancel` is called when both branches wait.
Node wait_for_ever(int& waiting, const std::function<void()>& cancel) {
  return [&waiting, &cancel](State state) -> awaitable<State> {
    const auto executor = co_await boost::asio::this_coro::executor;
    boost::asio::steady_timer never(executor, boost::asio::steady_timer::time_point::max());
    if (++waiting == 2) boost::asio::post(executor, cancel);
    co_await never.async_wait(use_awaitable);
    co_return state;
  };
}

TEST_F(CoroutineBranches, AreCancelledWithTheRun) {
  boost::asio::thread_pool pool(2);
  boost::asio::cancellation_signal signal;
  const std::function<void()> cancel = [&signal] { signal.emit(boost::asio::cancellation_type::terminal); };
  int waiting = 0;
  const auto workflow = forked(wait_for_ever(waiting, cancel), wait_for_ever(waiting, cancel)).compile();
  std::exception_ptr ended;
  boost::asio::co_spawn(
      with_current_context(boost::asio::make_strand(pool)), workflow->run({}),
      boost::asio::bind_cancellation_slot(
          signal.slot(), [&ended](const std::exception_ptr& exception, const auto&) { ended = exception; }));
  pool.join();
  ASSERT_TRUE(ended);
  EXPECT_THROW(std::rethrow_exception(ended), boost::system::system_error);
  const SpanList list = drain(provider_);
  for (const char* name : {"bot.a", "bot.b", "bot.run"}) {
    EXPECT_EQ(span_named(list, name).status, StatusCode::Error) << name;
  }
  EXPECT_EQ(list.spans.size(), 4U);  // neither a2 nor join have run
}

TEST_F(CoroutineBranches, CancelledBeforeTheyBeginDoNotRun) {
  boost::asio::io_context context;
  boost::asio::cancellation_signal signal;
  CoroutineGraph graph = forked(step("a"), step("b"));
  graph.set_await_all([&signal](std::vector<awaitable<void>> branches) {
    signal.emit(boost::asio::cancellation_type::terminal);
    return await_all(std::move(branches));
  });
  const auto workflow = graph.compile();
  std::exception_ptr ended;
  boost::asio::co_spawn(
      with_current_context(context.get_executor()), workflow->run({}),
      boost::asio::bind_cancellation_slot(
          signal.slot(), [&ended](const std::exception_ptr& exception, const auto&) { ended = exception; }));
  context.run();
  ASSERT_TRUE(ended);
  EXPECT_EQ(drain(provider_).spans.size(), 2U);
}

TEST_F(CoroutineBranches, AreAllMissedByAnAwaitAllThatForgetsThem) {
  CoroutineGraph graph = forked(step("a"), step("b"));
  // NOLINTNEXTLINE(performance-unnecessary-value-param): an await_all takes them over
  graph.set_await_all([](std::vector<awaitable<void>>) { return hop(); });
  const auto result = run(graph);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Errc::FailedPrecondition);
}

TEST_F(CoroutineBranches, AreSavedAndResumedWithoutRepeatingNodes) {
  const Node fail = [](State) -> awaitable<State> {
    throw std::runtime_error("boom");
    co_return State();
  };
  boost::asio::thread_pool pool(2);
  const auto executor = pool.get_executor();
  const auto failing = forked(step("a"), fail).compile();
  Checkpoint<State> last;  // the checkpointer is called by one thread at a time
  auto ended = boost::asio::co_spawn(with_current_context(executor),
                                     failing->run({},
                                                  [&last](const auto& checkpoint) {
                                                    last = checkpoint;
                                                    return Result<void>();
                                                  }),
                                     use_future);
  EXPECT_THROW((void)ended.get(), std::runtime_error);
  (void)drain(provider_);
  const auto whole = forked(step("a"), step("b")).compile();
  const auto state = boost::asio::co_spawn(with_current_context(executor), whole->resume(last), use_future).get();
  ASSERT_TRUE(state) << state.error().message;
  EXPECT_THAT(state->path, ElementsAre("split", "a", "a2", "b", "join"));
  EXPECT_EQ(drain(provider_).spans.size(), 3U);  // b, join and the root
  pool.join();
}

TEST(AwaitAll, OfNothingEndsAndOtherwiseThrowsTheFirstInTheirOrder) {
  boost::asio::io_context context;
  const auto fail = [](std::string message) -> awaitable<void> {
    co_await hop();
    throw std::runtime_error(message);
  };
  const auto whole = [&fail]() -> awaitable<void> {
    co_await await_all({});
    std::vector<awaitable<void>> coroutines;
    coroutines.push_back(hop());
    coroutines.push_back(fail("second"));
    coroutines.push_back(fail("third"));
    co_await await_all(std::move(coroutines));
  };
  auto ended = boost::asio::co_spawn(context, whole(), use_future);
  context.run();
  try {
    ended.get();
    FAIL() << "nothing was thrown";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "second");
  }
}

}  // namespace
}  // namespace segue
