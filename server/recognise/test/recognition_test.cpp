#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "segue/server/recognise/recognition.h"

namespace segue::server {
namespace {

using namespace std::string_view_literals;

struct Expected {
  Role role = Role::Internal;
  std::string_view bot = {}, node = {}, workflow = {}, conversation = {}, contact = {};
  std::string_view handoff_source = {}, handoff_target = {};
};

struct Case {
  std::string_view rule;
  std::string_view span_name;
  AttributeViews attributes;
  Expected expected;
};

void PrintTo(const Case& row, std::ostream* out) { *out << row.rule; }

class RecogniserLadder : public testing::TestWithParam<Case> {};

TEST_P(RecogniserLadder, FindsTheMeaning) {
  const Case& row = GetParam();
  ResourceView resource;
  resource.attributes = {{"service.name", "service_x"sv}};
  SpanView span;
  span.name = row.span_name;
  span.attributes = row.attributes;
  span.resource = &resource;
  const Recognition meaning = recognise(span);
  EXPECT_EQ(to_string(meaning.role), to_string(row.expected.role));
  EXPECT_EQ(meaning.bot, row.expected.bot);
  EXPECT_EQ(meaning.node, row.expected.node);
  EXPECT_EQ(meaning.workflow, row.expected.workflow);
  EXPECT_EQ(meaning.conversation_id, row.expected.conversation);
  EXPECT_EQ(meaning.contact_id, row.expected.contact);
  ASSERT_EQ(meaning.handoff.has_value(), row.expected.role == Role::Handoff);
  if (meaning.handoff) {
    EXPECT_EQ(meaning.handoff->source, row.expected.handoff_source);
    EXPECT_EQ(meaning.handoff->target, row.expected.handoff_target);
  }
}

// clang-format off: tables, one rule per entry
const std::vector<Case> segue_and_original = {
    {"node", "lead_bot.analyze_intent",
     {{"workflow.bot_type", "lead_bot"sv}, {"workflow.node_name", "analyze_intent"sv}, {"workflow.contact_id", "c1"sv},
      {"gen_ai.agent.name", "ignored"sv}},
     {.role = Role::Node, .bot = "lead_bot", .node = "analyze_intent", .conversation = "c1", .contact = "c1"}},
    {"node with a short bot name", "lead.greet", {{"workflow.bot_type", "lead"sv}, {"workflow.node_name", "greet"sv}},
     {.role = Role::Node, .bot = "lead_bot", .node = "greet"}},
    {"workflow root with its topology", "lead_bot.workflow",
     {{"workflow.bot_type", "lead_bot"sv}, {"workflow.name", "lead"sv}, {"workflow.nodes", ArrayView{}},
      {"workflow.conversation_id", "v1"sv}, {"workflow.contact_id", "c1"sv}},
     {.role = Role::Workflow, .bot = "lead_bot", .workflow = "lead", .conversation = "v1", .contact = "c1"}},
    {"handoff, short names", "handoff.lead_to_buyer",
     {{"handoff.source_bot", "lead"sv}, {"handoff.target_bot", "buyer"sv}, {"handoff.contact_id", "c1"sv}},
     {.role = Role::Handoff, .bot = "lead_bot", .conversation = "c1", .contact = "c1", .handoff_source = "lead_bot",
      .handoff_target = "buyer_bot"}},
    {"handoff, long names", "handoff.lead_to_buyer",
     {{"handoff.source_bot", "lead_bot"sv}, {"handoff.target_bot", "buyer_bot"sv}},
     {.role = Role::Handoff, .bot = "lead_bot", .handoff_source = "lead_bot", .handoff_target = "buyer_bot"}},
    {"handoff by span name alone", "handoff.buyer_to_seller", {},
     {.role = Role::Handoff, .bot = "buyer_bot", .handoff_source = "buyer_bot", .handoff_target = "seller_bot"}},
    {"a name that only looks like a handoff", "handoff._to_", {}, {}},
    {"a traced operation is no handoff", "jorge.handoff.evaluate_handoff", {{"jorge.service", "handoff"sv}}, {}},
};

const std::vector<Case> gen_ai = {
    {"agent", "invoke_agent Triage",
     {{"gen_ai.operation.name", "invoke_agent"sv}, {"gen_ai.agent.name", "Triage"sv},
      {"gen_ai.conversation.id", "t9"sv}},
     {.role = Role::Agent, .bot = "Triage", .conversation = "t9"}},
    {"create_agent", "create_agent A", {{"gen_ai.operation.name", "create_agent"sv}, {"gen_ai.agent.name", "A"sv}},
     {.role = Role::Agent, .bot = "A"}},
    {"workflow", "invoke_workflow refunds",
     {{"gen_ai.operation.name", "invoke_workflow"sv}, {"gen_ai.workflow.name", "refunds"sv}},
     {.role = Role::Workflow, .bot = "service_x", .workflow = "refunds"}},
    {"proposed step", "run_step s", {{"gen_ai.operation.name", "run_step"sv}, {"gen_ai.step.name", "s"sv}},
     {.role = Role::Node, .bot = "service_x", .node = "s"}},
    {"proposed node", "invoke_node n", {{"gen_ai.operation.name", "invoke_node"sv}, {"gen_ai.node.name", "n"sv}},
     {.role = Role::Node, .bot = "service_x", .node = "n"}},
    {"a step's name alone makes no node", "x", {{"gen_ai.step.name", "s"sv}}, {}},
    {"handoff operation", "handoff", {{"gen_ai.operation.name", "handoff"sv}, {"gen_ai.agent.name", "A"sv}},
     {.role = Role::Handoff, .bot = "A", .handoff_source = "A"}},
    {"proposed handoff names", "execute_tool transfer",
     {{"gen_ai.operation.name", "execute_tool"sv}, {"gen_ai.agent.handoff.source.name", "A"sv},
      {"gen_ai.agent.handoff.target.name", "B"sv}},
     {.role = Role::Handoff, .bot = "A", .handoff_source = "A", .handoff_target = "B"}},
    {"proposed transfer", "execute_tool transfer_to_b",
     {{"gen_ai.operation.name", "execute_tool"sv}, {"gen_ai.transfer.mode", "pass_control"sv},
      {"gen_ai.agent.name", "A"sv}, {"gen_ai.transfer.target.name", "B"sv}},
     {.role = Role::Handoff, .bot = "A", .handoff_source = "A", .handoff_target = "B"}},
    {"a tool's name alone makes no handoff", "execute_tool transfer_to_b",
     {{"gen_ai.operation.name", "execute_tool"sv}, {"gen_ai.tool.name", "transfer_to_b"sv}}, {.role = Role::Tool}},
    {"chat", "chat m", {{"gen_ai.operation.name", "chat"sv}}, {.role = Role::Llm}},
    {"retrieval", "retrieval d", {{"gen_ai.operation.name", "retrieval"sv}}, {.role = Role::Retrieval}},
    {"a model alone", "call", {{"gen_ai.request.model", "m"sv}}, {.role = Role::Llm}},
};

const std::vector<Case> open_inference = {
    {"agent", "router",
     {{"openinference.span.kind", "AGENT"sv}, {"agent.name", "router"sv}, {"session.id", "s1"sv}},
     {.role = Role::Agent, .bot = "router", .conversation = "s1"}},
    {"graph node", "classify", {{"openinference.span.kind", "CHAIN"sv}, {"graph.node.id", "classify"sv}},
     {.role = Role::Node, .bot = "service_x", .node = "classify"}},
    {"graph node's readable name", "n1",
     {{"openinference.span.kind", "CHAIN"sv}, {"graph.node.id", "n1"sv}, {"graph.node.name", "classify"sv}},
     {.role = Role::Node, .bot = "service_x", .node = "classify"}},
    {"handoff tool of the Agents instrumentation", "handoff to Billing",
     {{"openinference.span.kind", "TOOL"sv}, {"input.value", "Triage"sv}, {"output.value", "Billing"sv}},
     {.role = Role::Handoff, .bot = "Triage", .handoff_source = "Triage", .handoff_target = "Billing"}},
    {"model call", "ChatModel", {{"openinference.span.kind", "LLM"sv}}, {.role = Role::Llm}},
    {"tool", "search", {{"openinference.span.kind", "TOOL"sv}}, {.role = Role::Tool}},
    {"reranker", "rerank", {{"openinference.span.kind", "RERANKER"sv}}, {.role = Role::Retrieval}},
};

const std::vector<Case> open_llmetry = {
    {"workflow", "refunds.workflow", {{"traceloop.span.kind", "workflow"sv}, {"traceloop.entity.name", "refunds"sv}},
     {.role = Role::Workflow, .bot = "service_x", .workflow = "refunds"}},
    {"task", "classify.task",
     {{"traceloop.span.kind", "task"sv}, {"traceloop.entity.name", "classify"sv},
      {"traceloop.workflow.name", "refunds"sv}, {"traceloop.association.properties.session_id", "s2"sv}},
     {.role = Role::Node, .bot = "refunds", .node = "classify", .workflow = "refunds", .conversation = "s2"}},
    {"agent", "Triage.agent", {{"traceloop.span.kind", "agent"sv}, {"gen_ai.agent.name", "Triage"sv}},
     {.role = Role::Agent, .bot = "Triage"}},
    {"tool", "search.tool", {{"traceloop.span.kind", "tool"sv}}, {.role = Role::Tool}},
    {"handoff of the Agents instrumentation", "Triage → Billing.handoff",
     {{"traceloop.span.kind", "handoff"sv}, {"gen_ai.handoff.from_agent", "Triage"sv},
      {"gen_ai.handoff.to_agent", "Billing"sv}},
     {.role = Role::Handoff, .bot = "Triage", .handoff_source = "Triage", .handoff_target = "Billing"}},
    {"LangGraph run", "invoke_agent LangGraph",
     {{"gen_ai.operation.name", "invoke_agent"sv}, {"gen_ai.provider.name", "langgraph"sv},
      {"gen_ai.agent.name", "LangGraph"sv}},
     {.role = Role::Workflow, .bot = "LangGraph", .workflow = "LangGraph"}},
    {"LangGraph task", "execute_task plan",
     {{"gen_ai.operation.name", "execute_task"sv}, {"gen_ai.task.name", "plan"sv}},
     {.role = Role::Node, .bot = "service_x", .node = "plan"}},
    {"LangGraph command", "goto",
     {{"langgraph.command.source_node", "triage"sv}, {"langgraph.command.goto_node", "billing"sv}},
     {.role = Role::Handoff, .bot = "triage", .handoff_source = "triage", .handoff_target = "billing"}},
};

const std::vector<Case> others = {
    {"LangSmith node", "plan",
     {{"langsmith.span.kind", "chain"sv}, {"langsmith.metadata.langgraph_node", "plan"sv},
      {"langsmith.metadata.thread_id", "t1"sv}, {"langsmith.metadata.lc_agent_name", "helper"sv}},
     {.role = Role::Node, .bot = "helper", .node = "plan", .conversation = "t1"}},
    {"LangSmith child that inherited the metadata", "ChatModel",
     {{"langsmith.span.kind", "llm"sv}, {"langsmith.metadata.langgraph_node", "plan"sv}}, {.role = Role::Llm}},
    {"LangGraph metadata without prefix", "plan", {{"langgraph_node", "plan"sv}, {"thread_id", "t2"sv}},
     {.role = Role::Node, .bot = "service_x", .node = "plan", .conversation = "t2"}},
    {"Langfuse agent", "helper", {{"langfuse.observation.type", "agent"sv}},
     {.role = Role::Agent, .bot = "service_x"}},
    {"Langfuse type wins over OpenInference", "x",
     {{"langfuse.observation.type", "retriever"sv}, {"openinference.span.kind", "LLM"sv}}, {.role = Role::Retrieval}},
    {"Langfuse session wins over the others", "x",
     {{"session.id", "2"sv}, {"gen_ai.conversation.id", "3"sv}, {"langfuse.session.id", "1"sv}}, {.conversation = "1"}},
    {"Langfuse node", "plan", {{"langfuse.observation.metadata.langgraph_node", "plan"sv}},
     {.role = Role::Node, .bot = "service_x", .node = "plan"}},
    {"Vercel AI tool", "ai.toolCall", {{"ai.operationId", "ai.toolCall"sv}}, {.role = Role::Tool}},
    {"Vercel AI generation", "ai.generateText", {{"ai.operationId", "ai.generateText.doGenerate"sv}},
     {.role = Role::Llm}},
    {"Agent Framework workflow", "workflow.run", {{"workflow.name", "triage"sv}},
     {.role = Role::Workflow, .bot = "service_x", .workflow = "triage"}},
    {"Agent Framework executor", "executor.process a", {{"executor.id", "a"sv}, {"workflow.name", "triage"sv}},
     {.role = Role::Node, .bot = "service_x", .node = "a", .workflow = "triage"}},
    {"NeoGraph node", "node.plan", {{"neograph.node", "plan"sv}},
     {.role = Role::Node, .bot = "service_x", .node = "plan"}},
    {"HTTP", "POST /x", {{"http.request.method", "POST"sv}}, {.role = Role::Http}},
    {"HTTP, old key", "POST /x", {{"http.method", "POST"sv}}, {.role = Role::Http}},
    {"database", "SELECT", {{"db.system.name", "postgresql"sv}}, {.role = Role::Database}},
    {"database, old key", "GET", {{"db.system", "redis"sv}}, {.role = Role::Database}},
    {"messaging", "send q", {{"messaging.system", "kafka"sv}}, {.role = Role::Messaging}},
    {"remote call", "Svc/Call", {{"rpc.system", "grpc"sv}}, {.role = Role::Rpc}},
    {"nothing known", "work", {{"some.key", "value"sv}}, {}},
    {"a known key of another type is not text", "work", {{"workflow.node_name", std::int64_t{7}}}, {}},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(SegueAndOriginal, RecogniserLadder, testing::ValuesIn(segue_and_original));
INSTANTIATE_TEST_SUITE_P(GenAi, RecogniserLadder, testing::ValuesIn(gen_ai));
INSTANTIATE_TEST_SUITE_P(OpenInference, RecogniserLadder, testing::ValuesIn(open_inference));
INSTANTIATE_TEST_SUITE_P(OpenLlmetry, RecogniserLadder, testing::ValuesIn(open_llmetry));
INSTANTIATE_TEST_SUITE_P(Others, RecogniserLadder, testing::ValuesIn(others));

TEST(Recogniser, ReadsEveryFieldOfAHandoff) {
  SpanView span;
  span.name = "handoff.lead_to_buyer";
  span.attributes = {{"handoff.source_bot", "lead"sv}, {"handoff.target_bot", "buyer"sv},
                     {"handoff.contact_id", "c1"sv},   {"handoff.confidence", 0.9},
                     {"handoff.reason", "intent"sv},   {"handoff.outcome", "blocked"sv}};
  const Recognition meaning = recognise(span);
  ASSERT_TRUE(meaning.handoff);
  EXPECT_EQ(meaning.handoff->contact_id, "c1");
  EXPECT_EQ(meaning.handoff->reason, "intent");
  EXPECT_EQ(meaning.handoff->outcome, "blocked");
  EXPECT_EQ(meaning.handoff->confidence, 0.9);
  EXPECT_FALSE(meaning.is_error);
}

TEST(Recogniser, AHandoffWithoutConfidenceHasNone) {
  SpanView span;
  span.name = "handoff.lead_to_buyer";
  EXPECT_FALSE(recognise(span).handoff->confidence);
  span.attributes = {{"handoff.confidence", std::int64_t{1}}};
  EXPECT_EQ(recognise(span).handoff->confidence, 1.0);
}

TEST(Recogniser, SeesAnErrorInEveryWayItIsTold) {
  SpanView span;
  EXPECT_FALSE(recognise(span).is_error);
  span.attributes = {{"workflow.success", true}};
  EXPECT_FALSE(recognise(span).is_error);
  span.attributes = {{"workflow.success", false}};
  EXPECT_TRUE(recognise(span).is_error);
  span.attributes = {{"jorge.success", false}};
  EXPECT_TRUE(recognise(span).is_error);
  span.attributes = {{"error.type", "timeout"sv}};
  EXPECT_TRUE(recognise(span).is_error);
  span.attributes = {{"gen_ai.task.status", "failure"sv}};
  EXPECT_TRUE(recognise(span).is_error);
  span.attributes = {};
  span.events.emplace_back().name = "exception";
  EXPECT_TRUE(recognise(span).is_error);
  span.events.clear();
  span.status = StatusCode::Error;
  EXPECT_TRUE(recognise(span).is_error);
}

TEST(Recogniser, PointsIntoTheSpanSoThatNothingIsCopied) {
  const std::string bot = "concierge_bot_of_the_northern_branch";
  SpanView span;
  span.attributes = {{"workflow.bot_type", std::string_view(bot)}, {"workflow.node_name", "n"sv}};
  EXPECT_EQ(recognise(span).bot.data(), bot.data());
}

}  // namespace
}  // namespace segue::server
