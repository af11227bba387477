// Graphs of coroutines, with the smallest coroutine type that can be awaited: no library is needed for them.
#include <coroutine>
#include <optional>
#include <stdexcept>
#include <variant>

#include "graph_fixture.h"

namespace segue {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

/// Starts when it is awaited, or by `get`; all on one thread.
template <class Value>
class Task {
 public:
  using Stored = std::conditional_t<std::is_void_v<Value>, std::monostate, Value>;

  struct PromiseBase {
    std::suspend_always initial_suspend() noexcept { return {}; }
    auto final_suspend() noexcept {
      struct Back {
        bool await_ready() noexcept { return false; }
        std::coroutine_handle<> await_suspend(std::coroutine_handle<>) noexcept { return next; }
        void await_resume() noexcept {}
        std::coroutine_handle<> next;
      };
      return Back{awaiting};
    }
    void unhandled_exception() { exception = std::current_exception(); }
    std::coroutine_handle<> awaiting = std::noop_coroutine();
    std::exception_ptr exception;
    std::optional<Stored> value;
  };
  struct ValuePromise : PromiseBase {
    template <class Given>
    void return_value(Given&& given) {
      this->value.emplace(std::forward<Given>(given));
    }
  };
  struct VoidPromise : PromiseBase {
    void return_void() { this->value.emplace(); }
  };
  struct promise_type
      : std::conditional_t<std::is_void_v<Value>, VoidPromise, ValuePromise> {  // NOLINT: the language's name
    Task get_return_object() { return Task(std::coroutine_handle<promise_type>::from_promise(*this)); }
  };

  Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  ~Task() {
    if (handle_) handle_.destroy();
  }

  bool await_ready() const noexcept { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> awaiting) noexcept {
    handle_.promise().awaiting = awaiting;
    return handle_;
  }
  Value await_resume() {
    if (handle_.promise().exception) std::rethrow_exception(handle_.promise().exception);
    if constexpr (!std::is_void_v<Value>) return std::move(*handle_.promise().value);
  }
  Value get() {
    handle_.resume();
    return await_resume();
  }

 private:
  explicit Task(std::coroutine_handle<promise_type> handle) : handle_(handle) {}
  std::coroutine_handle<promise_type> handle_;
};

using CoroutineGraphs = Traced;
using CoroutineGraph = Graph<State, Task<State>>;

auto async_step(std::string name) {
  return [name](State state) -> Task<State> {
    // A copy: the lambda may be gone when its coroutine starts.
    return [](std::string own_name, State own_state) -> Task<State> {
      own_state.path.push_back(own_name);
      co_return own_state;
    }(name, std::move(state));
  };
}

TEST_F(CoroutineGraphs, ForkJoinAndNest) {
  CoroutineGraph inner("inner");
  inner.add_node("n", async_step("n")).add_edge(graph_start, "n").add_edge("n", graph_end);
  CoroutineGraph graph("b");
  for (const char* name : {"split", "l", "join"}) graph.add_node(name, async_step(name));
  graph.add_subgraph("nested", *inner.compile()).add_edge(graph_start, "split");
  graph.add_parallel_edges("split", {"l", "nested"}, "join", &append_paths);
  graph.add_edge("l", "join").add_edge("nested", "join").add_edge("join", graph_end);
  const auto workflow = graph.compile();
  ASSERT_TRUE(workflow) << workflow.error().message;
  const auto state = workflow->run({}).get();
  ASSERT_TRUE(state);
  EXPECT_THAT(state->path, ElementsAre("split", "l", "n", "join"));
  const SpanList list = drain(provider);
  EXPECT_EQ(span_named(list, "inner.run").parent_span_id, span_named(list, "b.nested").span_id);
  EXPECT_EQ(span_named(list, "b.l").parent_span_id, span_named(list, "b.run").span_id);
  EXPECT_THAT(strings_of(span_named(list, "b.join"), "workflow.execution.previous_ids"), testing::SizeIs(2));
}

Task<State> fail_twice(State state) {
  thread_local int calls = 0;
  if (++calls % 3 != 0) throw std::runtime_error("busy");
  state.path.push_back("flaky");
  co_return state;
}

Task<void> note(std::vector<std::chrono::nanoseconds>& waits, std::chrono::nanoseconds delay) {
  waits.push_back(delay);
  co_return;
}

TEST_F(CoroutineGraphs, TryAgainAndSleepAsTheyAreTold) {
  CoroutineGraph graph("b");
  graph.add_node("flaky", &fail_twice, {.retry = {.max_attempts = 3, .backoff = [](std::uint32_t) { return 5ms; }}});
  graph.add_edge(graph_start, "flaky").add_edge("flaky", graph_end);
  const auto sleepless = graph.compile();
  ASSERT_FALSE(sleepless);
  EXPECT_THAT(sleepless.error().message, HasSubstr("needs set_sleep"));
  std::vector<std::chrono::nanoseconds> waits;
  graph.set_sleep([&waits](std::chrono::nanoseconds delay) { return note(waits, delay); });
  const auto state = graph.compile()->run({}).get();
  ASSERT_TRUE(state);
  EXPECT_THAT(waits, ElementsAre(5ms, 5ms));
  EXPECT_EQ(value_of<std::int64_t>(drain(provider).spans.at(2), "workflow.attempt"), 3);
}

TEST_F(CoroutineGraphs, SaveAndResume) {
  CoroutineGraph graph("b");
  graph.add_node("first", async_step("first")).add_node("second", async_step("second"));
  graph.add_edge(graph_start, "first").add_edge("first", "second").add_edge("second", graph_end);
  std::vector<Checkpoint<State>> saved;
  ASSERT_TRUE(graph.compile()
                  ->run({},
                        [&](const Checkpoint<State>& checkpoint) {
                          saved.push_back(checkpoint);
                          return Result<void>();
                        })
                  .get());
  ASSERT_EQ(saved.size(), 2U);
  EXPECT_THAT(graph.compile()->resume(saved[0]).get()->path, ElementsAre("first", "second"));
  EXPECT_FALSE(graph.compile()->resume({.node = "renamed"}).get());
}

TEST_F(CoroutineGraphs, PassOnTheFirstFailureOfTheirBranches) {
  const auto fail = [](State) -> Task<State> { throw std::runtime_error("boom"); };
  CoroutineGraph graph("b");
  graph.add_node("split", async_step("split"))
      .add_node("l", fail)
      .add_node("r", fail)
      .add_node("join", async_step("j"));
  graph.add_edge(graph_start, "split").add_parallel_edges("split", {"l", "r"}, "join", &append_paths);
  graph.add_edge("l", "join").add_edge("r", "join").add_edge("join", graph_end);
  const auto workflow = graph.compile();
  ASSERT_TRUE(workflow) << workflow.error().message;
  EXPECT_THROW((void)workflow->run({}).get(), std::runtime_error);
  const SpanList list = drain(provider);
  EXPECT_EQ(span_named(list, "b.run").events.size(), 1U);
  EXPECT_EQ(span_named(list, "b.run").status_message, "boom");
}

TEST_F(CoroutineGraphs, EndACycleAtTheRecursionLimit) {
  CoroutineGraph graph("b");
  graph.add_node("again", async_step("again")).add_edge(graph_start, "again").add_edge("again", "again");
  const auto result = graph.compile({.recursion_limit = 3})->run({}).get();
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Errc::LimitExceeded);
}

}  // namespace
}  // namespace segue
