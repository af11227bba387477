#include "segue/workflow/graph.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "trace_test_support.h"

namespace segue {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

struct State {
  std::string contact_id = {};
  bool handoff = false;
  std::vector<std::string> path = {};
};

auto step(std::string name) {
  return [name = std::move(name)](State state) {
    state.path.push_back(name);
    return state;
  };
}

Graph<State> lead_graph() {
  Graph<State> graph("lead_bot");
  graph.add_node("analyze", step("analyze")).add_node("decide", step("decide")).add_node("reply", step("reply"));
  graph.add_edge(graph_start, "analyze").add_edge("analyze", "decide").add_edge("reply", graph_end);
  graph.add_conditional_edges("decide", [](const State& state) { return state.handoff ? "handoff" : "stay"; },
                              {{"handoff", std::string(graph_end)}, {"stay", "reply"}});
  return graph;
}

class Graphs : public testing::Test {
 protected:
  Graphs() : provider(make_provider()) { set_default_tracer(provider.tracer("t")); }
  ~Graphs() override { set_default_tracer(Tracer()); }
  TracerProvider provider;
};

std::vector<std::string> strings_of(const SpanView& span, std::string_view key) {
  std::vector<std::string> strings;
  EXPECT_TRUE(otlp::for_each_element(value_of<ArrayView>(span, key), [&](const ValueView& element) {
    strings.emplace_back(std::get<std::string_view>(element));
  }));
  return strings;
}

TEST_F(Graphs, FollowTheirEdgesAndTraceEveryNode) {
  const auto workflow = lead_graph().compile({.name = "process_lead_conversation"});
  ASSERT_TRUE(workflow) << workflow.error().message;
  const auto stayed = workflow->run({.contact_id = "c-1"});
  ASSERT_TRUE(stayed);
  EXPECT_THAT(stayed->path, ElementsAre("analyze", "decide", "reply"));
  const auto handed_over = workflow->run({.contact_id = "c-1", .handoff = true});
  EXPECT_THAT(handed_over->path, ElementsAre("analyze", "decide"));

  const SpanList list = drain(provider);
  ASSERT_EQ(list.spans.size(), 7U);
  const SpanView& root = list.spans[3];
  EXPECT_EQ(root.name, "lead_bot.process_lead_conversation");
  EXPECT_EQ(find_string(root.attributes, "workflow.contact_id"), "c-1");
  EXPECT_THAT(strings_of(root, "workflow.nodes"), ElementsAre("analyze", "decide", "reply"));
  EXPECT_THAT(strings_of(root, "workflow.edges"),
              ElementsAre("__start__ -> analyze", "analyze -> decide", "reply -> __end__", "decide -> __end__",
                          "decide -> reply"));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(list.spans[static_cast<std::size_t>(i)].parent_span_id, root.span_id);
}

TEST_F(Graphs, CanHangUnderTheEnclosingSpanAndAnnounceThemselvesThere) {
  const auto workflow = lead_graph().compile({.name = "lead", .root_span = RootSpan::Enclosing});
  {
    const WorkflowSpan request = workflow_span("web", "request");
    EXPECT_TRUE(workflow->run({.handoff = true}));
  }
  const SpanList list = drain(provider);
  ASSERT_EQ(list.spans.size(), 3U);
  EXPECT_EQ(list.spans[0].parent_span_id, list.spans[2].span_id);
  EXPECT_EQ(find_string(list.spans[2].attributes, "workflow.name"), "lead");
}

TEST_F(Graphs, EndACycleAtTheRecursionLimit) {
  Graph<State> graph("b");
  graph.add_node("again", step("again")).add_edge(graph_start, "again").add_edge("again", "again");
  const auto workflow = graph.compile({.recursion_limit = 5});
  const auto result = workflow->run({});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Errc::LimitExceeded);
  const SpanList list = drain(provider);
  EXPECT_EQ(list.spans.size(), 6U);
  EXPECT_EQ(list.spans[5].status, StatusCode::Error);
}

TEST_F(Graphs, RefuseARouteWithoutAnEdge) {
  Graph<State> graph("b");
  graph.add_node("n", step("n")).add_edge(graph_start, "n");
  graph.add_conditional_edges("n", [](const State&) { return "nowhere"; }, {{"end", std::string(graph_end)}});
  const auto result = graph.compile()->run({});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Errc::FailedPrecondition);
  EXPECT_THAT(result.error().message, HasSubstr("nowhere"));
}

TEST_F(Graphs, PassOnWhatANodeThrowsAndMarkTheRoot) {
  Graph<State> graph("b");
  graph.add_node("n", [](State) -> State { throw std::runtime_error("boom"); });
  graph.add_edge(graph_start, "n").add_edge("n", graph_end);
  EXPECT_THROW((void)graph.compile()->run({}), std::runtime_error);
  const SpanList list = drain(provider);
  EXPECT_EQ(list.spans.at(1).status, StatusCode::Error);
}

struct Counter {
  int calls = 0;
  State count(State state) {
    ++calls;
    return state;
  }
};

TEST_F(Graphs, TakeMemberFunctionsAsNodes) {
  Counter counter;
  Graph<State> graph("b");
  graph.add_node("count", &Counter::count, &counter).add_edge(graph_start, "count").add_edge("count", graph_end);
  EXPECT_TRUE(graph.compile()->run({}));
  EXPECT_EQ(counter.calls, 1);
}

std::string why_not(const Graph<State>& graph) {
  const auto workflow = graph.compile();
  return workflow ? "" : workflow.error().message;
}

TEST(GraphChecks, SayWhatIsWrong) {
  const auto graph = [] { return Graph<State>("b"); };
  EXPECT_THAT(why_not(graph()), HasSubstr("no nodes"));
  EXPECT_THAT(why_not(graph().add_node("n", step("n"))), HasSubstr("no edge leaves START"));
  EXPECT_THAT(why_not(graph().add_node("n", step("n")).add_node("n", step("n"))), HasSubstr("two nodes 'n'"));
  EXPECT_THAT(why_not(graph().add_node("n", step("n")).add_edge(graph_start, "m")), HasSubstr("leads to 'm'"));
  EXPECT_THAT(why_not(graph().add_node("n", step("n")).add_edge(graph_start, "n")), HasSubstr("no edge leaves 'n'"));
  EXPECT_THAT(why_not(graph()
                          .add_node("n", step("n"))
                          .add_node("m", step("m"))
                          .add_edge(graph_start, "n")
                          .add_edge("n", graph_end)
                          .add_edge("m", graph_end)),
              HasSubstr("'m' cannot be reached"));
  EXPECT_THAT(
      why_not(graph().add_node("n", step("n")).add_edge(graph_start, "n").add_edge("n", graph_end).add_edge("n", "n")),
      HasSubstr("two edges leave 'n'"));
  EXPECT_THAT(why_not(graph().add_node("__end__", step("n"))), HasSubstr("cannot name a node"));
}

TEST(GraphChecks, PrintAsMermaid) {
  EXPECT_EQ(lead_graph().compile()->to_mermaid(),
            "flowchart TD\n"
            "  START([start]) --> analyze\n"
            "  analyze --> decide\n"
            "  reply --> END_([end])\n"
            "  decide -- handoff --> END_([end])\n"
            "  decide -- stay --> reply\n");
}

}  // namespace
}  // namespace segue
