#include <gtest/gtest.h>

#include <map>
#include <stdexcept>

#include "segue/workflow/handoff.h"
#include "segue/workflow/node.h"
#include "segue/workflow/operation.h"
#include "segue/workflow/propagation.h"
#include "trace_test_support.h"

namespace segue {
namespace {

struct LeadState {
  std::string lead_id;
  std::string current_step;
  int turns = 0;
};

LeadState analyze(LeadState state) {
  ++state.turns;
  return state;
}

struct Bot {
  LeadState analyze_intent(LeadState state, int more) const {
    state.turns += more;
    return state;
  }
};

class Traced : public testing::Test {
 protected:
  Traced() : provider(make_provider()) { set_default_tracer(provider.tracer("t")); }
  ~Traced() override { set_default_tracer(Tracer()); }
  TracerProvider provider;
};

using WorkflowSpans = Traced;
using Nodes = Traced;
using Handoffs = Traced;

TEST_F(WorkflowSpans, SayWhoseStepTheyAreAndHowItWent) {
  {
    WorkflowSpan span =
        workflow_span("lead_bot", "analyze_intent", {.contact_id = "c-1", .attributes = {{"score", 0.9}}});
    add_workflow_event("intent_analyzed", {{"score", 0.93}});
    EXPECT_EQ(get_trace_id(), span.context().trace_id.to_hex());
  }
  const SpanList list = drain(provider);
  const SpanView& view = list.spans.at(0);
  EXPECT_EQ(view.name, "lead_bot.analyze_intent");
  EXPECT_EQ(find_string(view.attributes, "workflow.bot_type"), "lead_bot");
  EXPECT_EQ(find_string(view.attributes, "workflow.node_name"), "analyze_intent");
  EXPECT_EQ(find_string(view.attributes, "workflow.contact_id"), "c-1");
  EXPECT_EQ(value_of<double>(view, "workflow.score"), 0.9);
  EXPECT_TRUE(value_of<bool>(view, "workflow.success"));
  EXPECT_GE(value_of<double>(view, "workflow.duration_ms"), 0.0);
  EXPECT_EQ(view.status, StatusCode::Ok);
  ASSERT_EQ(view.events.size(), 1U);
  EXPECT_EQ(view.events[0].name, "intent_analyzed");
}

TEST_F(WorkflowSpans, LeftByAnExceptionTheyHaveFailed) {
  EXPECT_THROW(
      {
        const WorkflowSpan span = workflow_span("lead_bot", "fails");
        throw std::runtime_error("boom");
      },
      std::runtime_error);
  const SpanList list = drain(provider);
  EXPECT_FALSE(value_of<bool>(list.spans.at(0), "workflow.success"));
  EXPECT_EQ(list.spans[0].status, StatusCode::Error);
}

TEST_F(WorkflowSpans, AnErrorStatusMeansNoSuccess) {
  {
    WorkflowSpan span = workflow_span("lead_bot", "fails");
    span.set_status(StatusCode::Error, "no answer");
  }
  const SpanList list = drain(provider);
  EXPECT_FALSE(value_of<bool>(list.spans.at(0), "workflow.success"));
  EXPECT_EQ(list.spans[0].status_message, "no answer");
}

TEST_F(WorkflowSpans, OperationsLeaveTheStatusUnsetOnSuccess) {
  {
    const OperationSpan operation = trace_operation("jorge.handoff", "execute_handoff");
  }
  const SpanList list = drain(provider);
  EXPECT_EQ(list.spans.at(0).name, "jorge.handoff.execute_handoff");
  EXPECT_EQ(find_string(list.spans[0].attributes, "jorge.service"), "jorge.handoff");
  EXPECT_TRUE(value_of<bool>(list.spans[0], "jorge.success"));
  EXPECT_EQ(list.spans[0].status, StatusCode::Unset);
}

TEST_F(Nodes, WrapFunctionsAndTakeFieldsFromTheStateBeforeTheyRun) {
  const auto node = trace_workflow_node("lead_bot", "analyze_intent", &analyze);
  EXPECT_EQ(node(LeadState{"c-7", "start"}).turns, 1);
  const SpanList list = drain(provider);
  EXPECT_EQ(find_string(list.spans.at(0).attributes, "workflow.contact_id"), "c-7");
  EXPECT_EQ(find_string(list.spans[0].attributes, "workflow.current_step"), "start");
  EXPECT_EQ(find_attribute(list.spans[0].attributes, "workflow.temperature"), nullptr);
}

TEST_F(Nodes, WrapMemberFunctionsWhoseStateIsTheSecondArgument) {
  const auto node = trace_workflow_node("lead_bot", "analyze_intent", &Bot::analyze_intent);
  const Bot bot;
  EXPECT_EQ(node(bot, LeadState{"c-8", "s"}, 5).turns, 5);
  EXPECT_EQ(node(&bot, LeadState{"c-8", "s"}, 6).turns, 6);
  const SpanList list = drain(provider);
  ASSERT_EQ(list.spans.size(), 2U);
  EXPECT_EQ(find_string(list.spans[0].attributes, "workflow.contact_id"), "c-8");
}

TEST_F(Nodes, WrapLambdasOverMapsOfStrings) {
  using State = std::map<std::string, std::string>;
  const auto node = trace_workflow_node("buyer_bot", "qualify", [](const State& state) { return state.size(); });
  EXPECT_EQ(node(State{{"buyer_id", "b-1"}, {"temperature", "hot"}}), 2U);
  const SpanList list = drain(provider);
  EXPECT_EQ(find_string(list.spans.at(0).attributes, "workflow.contact_id"), "b-1");
  EXPECT_EQ(find_string(list.spans[0].attributes, "workflow.temperature"), "hot");
}

TEST_F(Nodes, RecordAnExceptionOnceAndPassItOn) {
  const auto node =
      trace_workflow_node("lead_bot", "fails", [](const LeadState&) { throw std::invalid_argument("no id"); });
  EXPECT_THROW(node(LeadState{}), std::invalid_argument);
  const SpanList list = drain(provider);
  ASSERT_EQ(list.spans.at(0).events.size(), 1U);
  EXPECT_EQ(find_string(list.spans[0].events[0].attributes, "exception.type"), "std::invalid_argument");
  EXPECT_EQ(list.spans[0].status_message, "no id");
  EXPECT_FALSE(value_of<bool>(list.spans[0], "workflow.success"));
}

namespace elsewhere {
struct Ticket {
  int number = 0;
  std::string text;
};
StateFields segue_state_fields(const Ticket& ticket) { return {.contact_id = ticket.text, .temperature = "warm"}; }
}  // namespace elsewhere

TEST_F(Nodes, AskTheStateItselfWhereItHasTheCustomisationPoint) {
  trace_workflow_node("b", "n", [](const elsewhere::Ticket&) {})(elsewhere::Ticket{1, "c-9"});
  const SpanList list = drain(provider);
  EXPECT_EQ(find_string(list.spans.at(0).attributes, "workflow.contact_id"), "c-9");
  EXPECT_EQ(find_string(list.spans[0].attributes, "workflow.temperature"), "warm");
}

TEST_F(Handoffs, AreCurrentAndTravelUnderTheirOwnId) {
  std::map<std::string, std::string> metadata;
  SpanId handoff_id;
  TraceId trace_id;
  {
    const WorkflowSpan root = workflow_span("lead_bot", "root");
    trace_id = root.context().trace_id;
    const HandoffSpan handoff = create_handoff_span("lead", "buyer", "c-1", 0.85, "buyer_intent");
    handoff_id = handoff.context().span_id;
    propagate_trace_context(metadata);
    const OperationSpan child = trace_operation("jorge.handoff", "execute_handoff");
  }
  EXPECT_EQ(metadata.at("traceparent"), "00-" + trace_id.to_hex() + "-" + handoff_id.to_hex() + "-03");
  {
    const ContextScope scope = extract_trace_context(metadata);
    EXPECT_EQ(get_trace_id(), trace_id.to_hex());
    const WorkflowSpan next = workflow_span("buyer_bot", "greet");
  }
  EXPECT_EQ(get_trace_id(), "");
  const SpanList list = drain(provider);
  ASSERT_EQ(list.spans.size(), 4U);
  EXPECT_EQ(list.spans[0].parent_span_id, handoff_id);
  EXPECT_EQ(list.spans[1].name, "handoff.lead_to_buyer");
  EXPECT_EQ(find_string(list.spans[1].attributes, "handoff.outcome"), "executed");
  EXPECT_EQ(value_of<double>(list.spans[1], "handoff.confidence"), 0.85);
  EXPECT_EQ(list.spans[3].parent_span_id, handoff_id);
  EXPECT_EQ(list.spans[3].trace_id, trace_id);
}

TEST_F(Handoffs, ThatDidNotHappenLookSo) {
  {
    create_handoff_span("lead", "buyer", "c", 0.9, "r").set_blocked("circular");
    create_handoff_span("lead", "buyer", "c", 0.9, "r").set_deferred("performance");
    create_handoff_span("lead", "buyer", "c", 0.9, "r").set_failed("HTTP 500");
  }
  EXPECT_THROW(
      {
        const HandoffSpan handoff = create_handoff_span("lead", "buyer", "c", 0.9, "r");
        throw std::runtime_error("boom");
      },
      std::runtime_error);
  const SpanList list = drain(provider);
  const auto outcome = [&](std::size_t i) { return find_string(list.spans.at(i).attributes, "handoff.outcome"); };
  EXPECT_EQ(outcome(0), "blocked");
  EXPECT_EQ(find_string(list.spans[0].attributes, "handoff.blocked_by"), "circular");
  EXPECT_EQ(list.spans[0].status, StatusCode::Unset);
  EXPECT_EQ(outcome(1), "deferred");
  EXPECT_EQ(outcome(2), "failed");
  EXPECT_EQ(list.spans[2].status, StatusCode::Error);
  EXPECT_EQ(outcome(3), "failed");
}

TEST(Off, EverythingWorksTheSameWhenTracingIsOff) {
  EXPECT_FALSE(is_tracing_enabled());
  const auto node = trace_workflow_node("lead_bot", "analyze_intent", &analyze);
  EXPECT_EQ(node(LeadState{"c-7", "start"}).turns, 1);
  const HandoffSpan handoff = create_handoff_span("lead", "buyer", "c", 0.9, "r");
  std::map<std::string, std::string> metadata = {{"kept", "yes"}};
  propagate_trace_context(metadata);
  EXPECT_EQ(metadata.size(), 1U);
  const ContextScope scope = extract_trace_context(metadata);
  EXPECT_EQ(get_trace_id(), "");
  add_workflow_event("nobody listens");
}

}  // namespace
}  // namespace segue
