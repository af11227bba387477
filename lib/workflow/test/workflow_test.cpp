#include <gtest/gtest.h>

#include <map>
#include <set>
#include <stdexcept>

#include "segue/workflow/handoff.h"
#include "segue/workflow/node.h"
#include "segue/workflow/operation.h"
#include "segue/workflow/propagation.h"
#include "traced_fixture.h"

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

using WorkflowSpans = Traced;
using Nodes = Traced;

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

TEST_F(WorkflowSpans, RecordNoValueThatIsNull) {
  const std::optional<std::string> known = "warm";
  const std::optional<double> unknown;
  const char* no_text = nullptr;
  workflow_span("b", "n", {.attributes = {{"a", std::nullopt}, {"b", unknown}, {"c", no_text}, {"d", known}, {"e", 7}}})
      .end();
  const SpanList list = drain(provider);
  for (const char* key : {"workflow.a", "workflow.b", "workflow.c"}) EXPECT_FALSE(has(list.spans.at(0), key)) << key;
  EXPECT_EQ(text_of(list.spans.at(0), "workflow.d"), "warm");
  EXPECT_EQ(value_of<std::int64_t>(list.spans[0], "workflow.e"), 7);
}

TEST_F(WorkflowSpans, NameAgentAndConversationAsOthersDo) {
  workflow_span("lead_bot", "greet", {.contact_id = "c-1"}).end();
  workflow_span("lead_bot", "greet", {.contact_id = "c-1", .conversation_id = "talk-1"}).end();
  const SpanList list = drain(provider);
  EXPECT_EQ(text_of(list.spans.at(0), "gen_ai.agent.name"), "lead_bot");
  EXPECT_FALSE(has(list.spans[0], "gen_ai.conversation.id"));
  EXPECT_EQ(text_of(list.spans.at(1), "workflow.conversation_id"), "talk-1");
  EXPECT_EQ(text_of(list.spans[1], "gen_ai.conversation.id"), "talk-1");
  EXPECT_EQ(text_of(list.spans[1], "session.id"), "talk-1");
  EXPECT_FALSE(has(list.spans[1], "openinference.span.kind"));
}

TEST_F(WorkflowSpans, CarryTheProposedNamesOnlyIfAskedFor) {
  set_semantic_conventions(SemanticConventions::Experimental);
  workflow_span("lead_bot", "greet").end();
  const SpanList list = drain(provider);
  EXPECT_EQ(text_of(list.spans.at(0), "openinference.span.kind"), "CHAIN");
  EXPECT_EQ(text_of(list.spans[0], "gen_ai.step.name"), "greet");
  EXPECT_EQ(text_of(list.spans[0], "graph.node.name"), "greet");
}

TEST_F(WorkflowSpans, SayWhatKindOfFailureItWas) {
  workflow_span("b", "n").fail("no answer", "timeout");
  workflow_span("b", "n").fail("no answer");
  const SpanList list = drain(provider);
  EXPECT_EQ(text_of(list.spans.at(0), "error.type"), "timeout");
  EXPECT_EQ(text_of(list.spans.at(1), "error.type"), "_OTHER");
}

/// Keeps what samplers are shown.
class Witness final : public Sampler {
 public:
  SamplingResult sample(const SamplingInput& input) const noexcept override {
    for (const Attribute& attribute : input.attributes) seen.insert(std::string(attribute.key));
    return {};
  }
  std::string description() const override { return "Witness"; }
  mutable std::set<std::string> seen;
};

TEST(SamplersOfWorkflows, SeeWhoAndWhatASpanIsAbout) {
  const auto witness = std::make_shared<const Witness>();
  TracerProvider provider = make_provider({.sampler = witness});
  set_default_tracer(provider.tracer("t"));
  using State = std::map<std::string, std::string>;
  trace_workflow_node("b", "n", [](const State&) {})(
      State{{"lead_id", "c"}, {"conversation_id", "t"}, {"current_step", "s"}, {"temperature", "hot"}});
  create_handoff_span("lead", "buyer", "c", 0.9, "r").end();
  trace_operation("s", "o").end();
  set_default_tracer(Tracer());
  for (const char* key : {"workflow.bot_type", "workflow.node_name", "workflow.contact_id", "workflow.conversation_id",
                          "workflow.current_step", "workflow.temperature", "gen_ai.agent.name", "gen_ai.operation.name",
                          "handoff.source_bot", "handoff.target_bot", "handoff.contact_id", "handoff.confidence",
                          "handoff.reason", "jorge.service", "jorge.operation"}) {
    EXPECT_TRUE(witness->seen.contains(key)) << key;
  }
}

TEST_F(WorkflowSpans, WrapOperationsOfServices) {
  struct Service {
    int twice(int number) const { return 2 * number; }
  };
  const auto twice = trace_operation("jorge.metrics", "twice", &Service::twice);
  EXPECT_EQ(twice(Service(), 4), 8);
  const auto fails = trace_operation("jorge.metrics", "fails", []() -> int { throw std::runtime_error("boom"); });
  EXPECT_THROW((void)fails(), std::runtime_error);
  const SpanList list = drain(provider);
  EXPECT_EQ(list.spans.at(0).name, "jorge.metrics.twice");
  EXPECT_EQ(text_of(list.spans[0], "code.function.name"), "jorge.metrics.twice");
  EXPECT_FALSE(value_of<bool>(list.spans.at(1), "jorge.success"));
  EXPECT_EQ(list.spans[1].events.size(), 1U);
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

void throw_no_id(const LeadState&) { throw std::invalid_argument("no id"); }

TEST_F(Nodes, RecordAnExceptionOnTheInnermostSpanItLeavesAndOnNoOther) {
  const auto inner = trace_workflow_node("b", "inner", &throw_no_id);
  const auto outer = trace_workflow_node("b", "outer", [&](const LeadState& state) { inner(state); });
  EXPECT_THROW(trace_operation("s", "root", [&] { outer(LeadState{}); })(), std::invalid_argument);
  const SpanList list = drain(provider);
  ASSERT_EQ(list.spans.size(), 3U);
  EXPECT_EQ(list.spans[0].events.size(), 1U);
  EXPECT_EQ(list.spans[1].events.size(), 0U);
  EXPECT_EQ(list.spans[2].events.size(), 0U);
  for (const SpanView& span : list.spans) {
    EXPECT_EQ(span.status, StatusCode::Error);
    EXPECT_EQ(span.status_message, "no id");
    EXPECT_EQ(text_of(span, "error.type"), "std::invalid_argument");
  }
}

TEST_F(Nodes, RecordWhatIsThrownAgainAfterAFailureBelowWasHandled) {
  const auto inner = trace_workflow_node("b", "inner", &throw_no_id);
  const auto outer = trace_workflow_node("b", "outer", [&](const LeadState& state) {
    EXPECT_THROW(inner(state), std::invalid_argument);
    EXPECT_THROW(inner(state), std::invalid_argument);
    throw std::runtime_error("no contact without an id");
  });
  EXPECT_THROW(outer(LeadState{}), std::runtime_error);
  const SpanList list = drain(provider);
  ASSERT_EQ(list.spans.size(), 3U);
  for (const SpanView& span : list.spans) EXPECT_EQ(span.events.size(), 1U) << span.name;
}

/// A JSON-like type of somebody else's, as the customisation point sees it.
class Document {
 public:
  explicit Document(std::map<std::string, std::string> values) : values_(std::move(values)) {}
  std::string_view text(std::string_view key) const {
    const auto found = values_.find(std::string(key));
    return found != values_.end() ? std::string_view(found->second) : std::string_view();
  }

 private:
  std::map<std::string, std::string> values_;
};

namespace elsewhere {
struct Ticket {
  int number = 0;
  std::string text;
};
StateFields segue_state_fields(const Ticket& ticket) { return {.contact_id = ticket.text, .temperature = "warm"}; }
}  // namespace elsewhere

}  // namespace

template <>
struct StateFieldsOf<Document> {
  static StateFields get(const Document& state) {
    return state_fields_by_key([&state](std::string_view key) { return state.text(key); });
  }
};

namespace {

TEST_F(Nodes, TakeFieldsFromATypeTheyWereTaught) {
  trace_workflow_node("b", "n", [](const Document&) {})(
      Document({{"seller_id", "s-1"}, {"next_action", "call"}, {"seller_temperature", "cold"}}));
  const SpanList list = drain(provider);
  EXPECT_EQ(text_of(list.spans.at(0), "workflow.contact_id"), "s-1");
  EXPECT_EQ(text_of(list.spans[0], "workflow.current_step"), "call");
  EXPECT_EQ(text_of(list.spans[0], "workflow.temperature"), "cold");
}

TEST_F(Nodes, AskTheStateItselfWhereItHasTheCustomisationPoint) {
  trace_workflow_node("b", "n", [](const elsewhere::Ticket&) {})(elsewhere::Ticket{1, "c-9"});
  const SpanList list = drain(provider);
  EXPECT_EQ(find_string(list.spans.at(0).attributes, "workflow.contact_id"), "c-9");
  EXPECT_EQ(find_string(list.spans[0].attributes, "workflow.temperature"), "warm");
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
