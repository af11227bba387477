#include "segue/asio/context_executor.h"

#include <gtest/gtest.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <map>
#include <set>
#include <thread>

#include "segue/workflow/graph.h"
#include "segue/workflow/node.h"
#include "trace_test_support.h"

// Boost counts references with a fence, which the thread sanitizer does not know: it sees the last owner's delete race.
extern "C" const char* __tsan_default_suppressions() {  // NOLINT: the sanitizer's name for it
  return "race:boost::asio::execution::detail::shared_target_executor\n";
}

namespace segue {
namespace {

using boost::asio::awaitable;
using boost::asio::use_awaitable;

class AsyncContext : public testing::Test {
 public:
  ~AsyncContext() override { set_default_tracer(Tracer()); }

 protected:
  AsyncContext() : provider_(make_provider()), pool_(2) { set_default_tracer(provider_.tracer("t")); }

  // Gives the thread away; the coroutine goes on wherever there is one free.
  static awaitable<void> hop() { co_await boost::asio::post(co_await boost::asio::this_coro::executor, use_awaitable); }

  TracerProvider provider_;
  boost::asio::thread_pool pool_;
};

TEST_F(AsyncContext, ASpanStaysCurrentAcrossSuspensionsAndThreads) {
  std::atomic<int> wrong = 0;
  const auto work = [&wrong](int id) -> awaitable<void> {
    const WorkflowSpan outer = workflow_span("bot" + std::to_string(id % 4), "outer");
    const SpanId own = outer.context().span_id;
    for (int i = 0; i < 20; ++i) {
      co_await hop();
      if (current_span_context().span_id != own) ++wrong;
      const WorkflowSpan inner = workflow_span("bot", "inner");
      co_await hop();
      if (current_span_context().span_id != inner.context().span_id) ++wrong;
    }
    if (current_span_context().span_id != own) ++wrong;
  };
  for (int id = 0; id < 50; ++id) {
    boost::asio::co_spawn(with_current_context(pool_.get_executor()), work(id), boost::asio::detached);
  }
  pool_.join();
  EXPECT_EQ(wrong, 0);
  const SpanList list = drain(provider_);
  EXPECT_EQ(list.spans.size(), 50U * 21U);
  std::map<SpanId, TraceId> roots;
  for (const SpanView& span : list.spans) {
    if (!span.parent_span_id.is_valid()) roots[span.span_id] = span.trace_id;
  }
  EXPECT_EQ(roots.size(), 50U);
  for (const SpanView& span : list.spans) {
    if (!span.parent_span_id.is_valid()) continue;
    EXPECT_EQ(roots.at(span.parent_span_id), span.trace_id);
  }
}

TEST_F(AsyncContext, ACoroutineBeginsWithTheContextWhereItWasSpawned) {
  const WorkflowSpan request = workflow_span("bot", "request");
  const auto child = []() -> awaitable<TraceId> {
    co_await hop();
    co_return current_span_context().trace_id;
  };
  auto result = boost::asio::co_spawn(with_current_context(pool_.get_executor()), child(), boost::asio::use_future);
  EXPECT_EQ(result.get(), request.context().trace_id);
}

TEST_F(AsyncContext, TheThreadGetsItsOwnContextBack) {
  const auto leak = []() -> awaitable<void> {
    const WorkflowSpan span = workflow_span("bot", "suspended");
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, std::chrono::milliseconds(1));
    co_await timer.async_wait(use_awaitable);
  };
  std::atomic<int> seen = 0;
  for (int i = 0; i < 20; ++i) {
    boost::asio::co_spawn(with_current_context(pool_.get_executor()), leak(), boost::asio::detached);
    boost::asio::post(pool_, [&seen] { seen += current_span_context().is_valid() ? 1 : 0; });
  }
  pool_.join();
  EXPECT_EQ(seen, 0);
}

TEST_F(AsyncContext, BranchesThatShareAnExecutorNeitherRaceNorLoseTheTrace) {
  const WorkflowSpan request = workflow_span("bot", "request");
  const auto executor = with_current_context(pool_.get_executor());
  std::atomic<int> strangers = 0;
  const auto branch = [&]() -> awaitable<void> {
    for (int i = 0; i < 50; ++i) {
      if (current_span_context().trace_id != request.context().trace_id) ++strangers;
      co_await hop();
    }
  };
  for (int i = 0; i < 8; ++i) boost::asio::co_spawn(executor, branch(), boost::asio::detached);
  pool_.join();
  EXPECT_EQ(strangers, 0);
}

struct State {
  std::string contact_id;
  std::string current_step;
};

TEST_F(AsyncContext, CoroutineNodesAreTracedToTheirEnd) {
  const auto node = trace_workflow_node("lead_bot", "analyze_intent", [](State state) -> awaitable<State> {
    co_await hop();
    const WorkflowSpan inner = workflow_span("intent_decoder", "analyze_lead");
    co_await hop();
    state.current_step = "done";
    co_return state;
  });
  auto result = boost::asio::co_spawn(with_current_context(pool_.get_executor()), node(State{"c-1", "start"}),
                                      boost::asio::use_future);
  EXPECT_EQ(result.get().current_step, "done");
  const SpanList list = drain(provider_);
  ASSERT_EQ(list.spans.size(), 2U);
  const SpanView& outer = span_named(list, "lead_bot.analyze_intent");
  EXPECT_EQ(span_named(list, "intent_decoder.analyze_lead").parent_span_id, outer.span_id);
  EXPECT_EQ(find_string(outer.attributes, "workflow.contact_id"), "c-1");
  EXPECT_EQ(find_string(outer.attributes, "workflow.current_step"), "start");
  EXPECT_TRUE(value_of<bool>(outer, "workflow.success"));
}

TEST_F(AsyncContext, AnExceptionInACoroutineNodeIsRecordedOnceAndPassesOn) {
  const auto node = trace_workflow_node("lead_bot", "fails", [](State state) -> awaitable<State> {
    co_await hop();
    if (state.current_step == "start") throw std::runtime_error("no answer");
    co_return state;
  });
  auto result = boost::asio::co_spawn(with_current_context(pool_.get_executor()), node(State{"c-1", "start"}),
                                      boost::asio::use_future);
  EXPECT_THROW(result.get(), std::runtime_error);
  const SpanList list = drain(provider_);
  EXPECT_EQ(list.spans.at(0).events.size(), 1U);
  EXPECT_EQ(list.spans[0].status_message, "no answer");
}

TEST_F(AsyncContext, AsyncWorkflowSpanIsCurrentInItsBody) {
  const auto whole = []() -> awaitable<int> {
    co_return co_await async_workflow_span("buyer_bot", "schedule", "c-2", [](WorkflowSpan& span) -> awaitable<int> {
      co_await hop();
      co_return current_span_context().span_id == span.context().span_id ? 1 : 0;
    });
  };
  EXPECT_EQ(boost::asio::co_spawn(with_current_context(pool_.get_executor()), whole(), boost::asio::use_future).get(),
            1);
}

TEST_F(AsyncContext, AGraphOfCoroutinesRunsUnderOneRootSpan) {
  Graph<State, awaitable<State>> graph("buyer_bot");
  const auto step = [](State state) -> awaitable<State> {
    co_await hop();
    co_return state;
  };
  graph.add_node("first", step).add_node("second", step);
  graph.add_edge(graph_start, "first").add_edge("first", "second").add_edge("second", graph_end);
  const auto workflow = graph.compile({.name = "process"});
  ASSERT_TRUE(workflow) << workflow.error().message;
  auto result = boost::asio::co_spawn(with_current_context(pool_.get_executor()), workflow->run(State{"c-1", ""}),
                                      boost::asio::use_future);
  EXPECT_TRUE(result.get());
  const SpanList list = drain(provider_);
  ASSERT_EQ(list.spans.size(), 3U);
  const SpanView& root = span_named(list, "buyer_bot.process");
  EXPECT_EQ(span_named(list, "buyer_bot.first").parent_span_id, root.span_id);
  EXPECT_EQ(span_named(list, "buyer_bot.second").parent_span_id, root.span_id);
}

}  // namespace
}  // namespace segue
