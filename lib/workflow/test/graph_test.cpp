#include "graph_fixture.h"

namespace segue {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Graph<State> lead_graph() {
  Graph<State> graph("lead_bot");
  graph.add_node("analyze", step("analyze")).add_node("decide", step("decide")).add_node("reply", step("reply"));
  graph.add_edge(graph_start, "analyze").add_edge("analyze", "decide").add_edge("reply", graph_end);
  graph.add_conditional_edges("decide", [](const State& state) { return state.handoff ? "handoff" : "stay"; },
                              {{"handoff", std::string(graph_end)}, {"stay", "reply"}});
  return graph;
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
  EXPECT_THAT(strings_of(root, "workflow.conditional_edges"),
              ElementsAre("decide -> __end__: handoff", "decide -> reply: stay"));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(list.spans[static_cast<std::size_t>(i)].parent_span_id, root.span_id);
}

TEST_F(Graphs, NameTheirRootAsAWorkflowAndCountTheirSteps) {
  set_semantic_conventions(SemanticConventions::Experimental);
  EXPECT_TRUE(lead_graph().compile({.name = "process"})->run({}));
  const SpanList list = drain(provider);
  const SpanView& root = list.spans.at(3);
  EXPECT_EQ(text_of(root, "workflow.name"), "process");
  EXPECT_EQ(text_of(root, "gen_ai.operation.name"), "invoke_workflow");
  EXPECT_EQ(text_of(root, "gen_ai.workflow.name"), "process");
  EXPECT_EQ(text_of(root, "gen_ai.agent.name"), "lead_bot");
  EXPECT_EQ(text_of(root, "openinference.span.kind"), "AGENT");
  EXPECT_FALSE(has(root, "workflow.execution.id"));
  std::vector<std::string> before;
  for (std::size_t i = 0; i < 3; ++i) {
    const SpanView& node = list.spans[i];
    EXPECT_EQ(value_of<std::int64_t>(node, "workflow.step"), static_cast<std::int64_t>(i + 1));
    EXPECT_EQ(strings_of(node, "workflow.execution.previous_ids"), before);
    before = {text_of(node, "workflow.execution.id")};
    EXPECT_EQ(before[0].size(), 16U);
    EXPECT_EQ(text_of(node, "gen_ai.node.execution.id"), before[0]);
    EXPECT_EQ(text_of(node, "graph.node.id"), before[0]);
    EXPECT_FALSE(has(node, "workflow.attempt"));
  }
  EXPECT_EQ(text_of(list.spans[2], "graph.node.parent_id"), text_of(list.spans[1], "workflow.execution.id"));
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
  EXPECT_EQ(text_of(list.spans[5], "error.type"), "limit_exceeded");
  EXPECT_THAT(result.error().message, HasSubstr("within 5 nodes"));
}

TEST_F(Graphs, MayUseAllOfTheirRecursionLimit) {
  EXPECT_TRUE(lead_graph().compile({.recursion_limit = 3})->run({}));
  EXPECT_FALSE(lead_graph().compile({.recursion_limit = 2})->run({}));
}

TEST_F(Graphs, RunAgainAndAgainUntilARouteLeadsOut) {
  Graph<State> graph("b");
  graph.add_node("ask", step("ask")).add_edge(graph_start, "ask");
  graph.add_conditional_edges("ask", [](const State& state) { return state.path.size() < 3 ? "more" : "done"; },
                              {{"more", "ask"}, {"done", graph_end}});
  EXPECT_THAT(graph.compile()->run({})->path, ElementsAre("ask", "ask", "ask"));
  EXPECT_EQ(value_of<std::int64_t>(drain(provider).spans.at(2), "workflow.step"), 3);
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
  EXPECT_EQ(list.spans[0].events.size(), 1U);
  EXPECT_TRUE(list.spans[1].events.empty());
  EXPECT_EQ(text_of(list.spans[1], "error.type"), "std::runtime_error");
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

Workflow<State> scoring(RootSpan root_span) {
  Graph<State> graph("scorer");
  graph.add_node("frs", step("frs")).add_node("pcs", step("pcs"));
  graph.add_edge(graph_start, "frs").add_edge("frs", "pcs").add_edge("pcs", graph_end);
  return *graph.compile({.name = "score", .root_span = root_span});
}

Graph<State> graph_around(Workflow<State> inner) {
  Graph<State> graph("lead_bot");
  graph.add_node("greet", step("greet")).add_subgraph("qualify", std::move(inner));
  graph.add_edge(graph_start, "greet").add_edge("greet", "qualify").add_edge("qualify", graph_end);
  return graph;
}

TEST_F(Graphs, TakeWholeWorkflowsAsNodes) {
  const auto workflow = graph_around(scoring(RootSpan::Own)).compile();
  EXPECT_THAT(workflow->run({})->path, ElementsAre("greet", "frs", "pcs"));
  const SpanList list = drain(provider);
  ASSERT_EQ(list.spans.size(), 6U);
  EXPECT_EQ(span_named(list, "scorer.frs").parent_span_id, span_named(list, "scorer.score").span_id);
  EXPECT_EQ(span_named(list, "scorer.score").parent_span_id, span_named(list, "lead_bot.qualify").span_id);
  EXPECT_EQ(span_named(list, "lead_bot.qualify").parent_span_id, span_named(list, "lead_bot.run").span_id);
  EXPECT_THAT(strings_of(span_named(list, "lead_bot.run"), "workflow.subgraphs"), ElementsAre("qualify: scorer.score"));
}

TEST_F(Graphs, AnnounceASubgraphWithoutRootOnItsNode) {
  EXPECT_TRUE(graph_around(scoring(RootSpan::Enclosing)).compile()->run({}));
  const SpanList list = drain(provider);
  ASSERT_EQ(list.spans.size(), 5U);
  const SpanView& node = span_named(list, "lead_bot.qualify");
  EXPECT_EQ(span_named(list, "scorer.pcs").parent_span_id, node.span_id);
  EXPECT_EQ(text_of(node, "workflow.name"), "score");
}

TEST_F(Graphs, EndWithTheErrorOfASubgraph) {
  Graph<State> endless("inner");
  endless.add_node("again", step("again")).add_edge(graph_start, "again").add_edge("again", "again");
  const auto result = graph_around(*endless.compile({.recursion_limit = 2})).compile()->run({});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Errc::LimitExceeded);
  const SpanList list = drain(provider);
  for (const char* name : {"inner.run", "lead_bot.qualify", "lead_bot.run"}) {
    EXPECT_EQ(span_named(list, name).status, StatusCode::Error) << name;
  }
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
  EXPECT_THAT(why_not(graph()
                          .add_node("n", step("n"), {.retry = {.max_attempts = 0}})
                          .add_edge(graph_start, "n")
                          .add_edge("n", graph_end)),
              HasSubstr("never tried"));
  const auto stays = [](const State&) { return "n"; };
  EXPECT_THAT(why_not(graph()
                          .add_node("n", step("n"))
                          .add_edge(graph_start, "n")
                          .add_edge("n", graph_end)
                          .add_conditional_edges("n", stays, {{"n", "n"}})),
              HasSubstr("different kinds leave 'n'"));
  EXPECT_THAT(
      why_not(graph().add_node("n", step("n")).add_edge(graph_start, "n").add_conditional_edges("n", stays, {})),
      HasSubstr("lead nowhere"));
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

TEST(GraphChecks, PrintSubgraphsAndNamesThatMermaidWouldNotTake) {
  Graph<State> graph("b");
  graph.add_node("say \"hi\"", step("x")).add_subgraph("qualify", scoring(RootSpan::Own)).add_node("end", step("end"));
  graph.add_edge(graph_start, "say \"hi\"").add_edge("say \"hi\"", "qualify").add_edge("qualify", "end");
  graph.add_edge("end", graph_end);
  EXPECT_EQ(graph.compile()->to_mermaid(),
            "flowchart TD\n"
            "  n0[\"say #quot;hi#quot;\"]\n"
            "  subgraph qualify[\"qualify\"]\n"
            "    qualify_n0[\"frs\"]\n"
            "    qualify_n1[\"pcs\"]\n"
            "    qualify_START([start]) --> qualify_n0\n"
            "    qualify_n0 --> qualify_n1\n"
            "    qualify_n1 --> qualify_END_([end])\n"
            "  end\n"
            "  n2[\"end\"]\n"
            "  START([start]) --> n0\n"
            "  n0 --> qualify\n"
            "  qualify --> n2\n"
            "  n2 --> END_([end])\n");
}

}  // namespace
}  // namespace segue
