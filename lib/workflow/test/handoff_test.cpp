#include "segue/workflow/handoff.h"

#include <map>
#include <stdexcept>

#include "segue/propagation/environment_carrier.h"
#include "segue/workflow/accept_handoff.h"
#include "segue/workflow/operation.h"
#include "segue/workflow/trace_columns.h"
#include "traced_fixture.h"

namespace segue {
namespace {

using std::chrono::minutes;

using Handoffs = Traced;
using AcceptedHandoffs = Traced;
using Carriers = Traced;

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

TEST_F(Handoffs, SayWhereTheyLeadFromTheStart) {
  {
    const HandoffSpan handoff = create_handoff_span({.source_bot = "buyer",
                                                     .target_bot = "human",
                                                     .contact_id = "c-1",
                                                     .conversation_id = "talk-1",
                                                     .confidence = 0.75,
                                                     .reason = "asked_for_human",
                                                     .mode = HandoffMode::ReturnToCaller,
                                                     .target_type = HandoffTarget::Human,
                                                     .carrier = HandoffCarrier::Queue});
  }
  const SpanList list = drain(provider);
  const SpanView& span = list.spans.at(0);
  EXPECT_EQ(span.kind, SpanKind::Producer);
  EXPECT_EQ(text_of(span, "handoff.mode"), "return_to_caller");
  EXPECT_EQ(text_of(span, "handoff.target_type"), "human");
  EXPECT_EQ(text_of(span, "handoff.carrier"), "queue");
  EXPECT_EQ(text_of(span, "gen_ai.operation.name"), "handoff");
  EXPECT_EQ(text_of(span, "gen_ai.agent.name"), "buyer");
  EXPECT_EQ(text_of(span, "gen_ai.handoff.to_agent"), "human");
  EXPECT_EQ(text_of(span, "gen_ai.conversation.id"), "talk-1");
  EXPECT_FALSE(has(span, "gen_ai.transfer.mode"));
}

TEST_F(Handoffs, CarryTheProposedNamesOnlyIfAskedFor) {
  set_semantic_conventions(SemanticConventions::Experimental);
  create_handoff_span("lead", "buyer", "c-1", 0.9, "buyer_intent").end();
  const SpanList list = drain(provider);
  EXPECT_EQ(text_of(list.spans.at(0), "gen_ai.transfer.mode"), "pass_control");
  EXPECT_EQ(text_of(list.spans[0], "gen_ai.transfer.target.type"), "agent");
  EXPECT_EQ(text_of(list.spans[0], "gen_ai.transfer.target.name"), "buyer");
  EXPECT_EQ(text_of(list.spans[0], "gen_ai.caller.name"), "lead");
  EXPECT_EQ(text_of(list.spans[0], "gen_ai.handoff.reason"), "buyer_intent");
}

TEST_F(Handoffs, OnlyFailuresHaveAnErrorType) {
  create_handoff_span("lead", "buyer", "c", 0.9, "r").set_outcome(HandoffOutcome::Blocked, "rate_limit");
  create_handoff_span("lead", "buyer", "c", 0.9, "r").set_outcome(HandoffOutcome::Failed, "HTTP 500");
  create_handoff_span("lead", "buyer", "c", 0.9, "r").fail(std::invalid_argument("no such bot"));
  const SpanList list = drain(provider);
  EXPECT_FALSE(has(list.spans.at(0), "error.type"));
  EXPECT_EQ(text_of(list.spans.at(1), "error.type"), "_OTHER");
  EXPECT_EQ(text_of(list.spans.at(2), "error.type"), "std::invalid_argument");
  EXPECT_EQ(text_of(list.spans[2], "handoff.outcome"), "failed");
  EXPECT_EQ(list.spans[2].status_message, "no such bot");
  EXPECT_EQ(list.spans[2].events.size(), 1U);
}

TEST_F(Handoffs, PutIdentityIntoBaggageOnlyIfAskedFor) {
  ASSERT_TRUE(set_redactor({.hash_key = "secret"}));
  std::map<std::string, std::string> plain;
  std::map<std::string, std::string> identified;
  {
    const HandoffSpan handoff = create_handoff_span("lead", "buyer", "c-1", 0.9, "r");
    propagate_trace_context(plain);
  }
  {
    const HandoffSpan handoff = create_handoff_span({.source_bot = "lead",
                                                     .target_bot = "buyer",
                                                     .contact_id = "c-1",
                                                     .conversation_id = "talk 1",
                                                     .baggage = HandoffBaggage::Identity});
    const WorkflowSpan below = workflow_span("lead_bot", "notify");
    propagate_trace_context(identified);
  }
  EXPECT_FALSE(plain.contains("baggage"));
  EXPECT_EQ(identified["baggage"],
            "workflow.origin_bot=lead,workflow.conversation_id=talk%201,workflow.contact_hash=" + contact_hash("c-1"));
  EXPECT_EQ(current_context().baggage.header(), "");
}

TEST_F(Handoffs, WithoutAHashKeyPutNoContactIntoBaggage) {
  const HandoffSpan handoff = create_handoff_span(
      {.source_bot = "lead", .target_bot = "buyer", .contact_id = "c-1", .baggage = HandoffBaggage::Identity});
  EXPECT_EQ(current_context().baggage.header(), "workflow.origin_bot=lead");
}

/// A handoff's context as a conversation stores it.
std::map<std::string, std::string> hand_over() {
  std::map<std::string, std::string> metadata;
  const HandoffSpan handoff = create_handoff_span("lead", "buyer", "c-1", 0.9, "r");
  return propagate_trace_context(metadata);
}

TEST_F(AcceptedHandoffs, ContinueTheTraceWhileTheHandoffIsFresh) {
  const auto metadata = hand_over();
  {
    const WorkflowSpan work = accept_handoff(metadata, "buyer_bot", {.contact_id = "c-1", .age = minutes(14)});
    EXPECT_EQ(get_trace_id(), metadata.at("traceparent").substr(3, 32));
  }
  const SpanList list = drain(provider);
  ASSERT_EQ(list.spans.size(), 2U);
  EXPECT_EQ(list.spans[1].name, "buyer_bot.receive_handoff");
  EXPECT_EQ(list.spans[1].kind, SpanKind::Consumer);
  EXPECT_EQ(list.spans[1].parent_span_id, list.spans[0].span_id);
  EXPECT_TRUE(list.spans[1].links.empty());
  EXPECT_EQ(text_of(list.spans[1], "workflow.contact_id"), "c-1");
}

TEST_F(AcceptedHandoffs, LinkToTheHandoffOnceItIsStale) {
  const auto metadata = hand_over();
  accept_handoff(metadata, "buyer_bot", {.age = minutes(15)}).end();
  const SpanList list = drain(provider);
  ASSERT_EQ(list.spans.size(), 2U);
  EXPECT_NE(list.spans[1].trace_id, list.spans[0].trace_id);
  EXPECT_FALSE(list.spans[1].parent_span_id.is_valid());
  ASSERT_EQ(list.spans[1].links.size(), 1U);
  EXPECT_EQ(list.spans[1].links[0].span_id, list.spans[0].span_id);
  EXPECT_EQ(find_string(list.spans[1].links[0].attributes, "workflow.link.type"), "handoff");
}

TEST_F(AcceptedHandoffs, StayInOneTraceForDaysIfAskedTo) {
  const auto metadata = hand_over();
  accept_handoff(metadata, "buyer_bot",
                 {.age = std::chrono::hours(72), .freshness = {.when_stale = StaleHandoff::SameTrace}})
      .end();
  const SpanList list = drain(provider);
  EXPECT_EQ(list.spans.at(1).trace_id, list.spans.at(0).trace_id);
  EXPECT_EQ(list.spans[1].links.size(), 1U);
}

TEST_F(AcceptedHandoffs, LinkTheSpanThatWasCurrent) {
  const auto metadata = hand_over();
  {
    const WorkflowSpan request = workflow_span("web", "request");
    accept_handoff(metadata, "buyer_bot").end();
    accept_handoff(metadata, "buyer_bot", {.age = minutes(20)}).end();
  }
  const SpanList list = drain(provider);
  ASSERT_EQ(list.spans.size(), 4U);
  const SpanView& handoff = list.spans[0];
  const SpanView& request = list.spans[3];
  EXPECT_EQ(list.spans[1].parent_span_id, handoff.span_id);
  ASSERT_EQ(list.spans[1].links.size(), 1U);
  EXPECT_EQ(list.spans[1].links[0].span_id, request.span_id);
  EXPECT_EQ(list.spans[2].parent_span_id, request.span_id);
  EXPECT_EQ(list.spans[2].links.at(0).span_id, handoff.span_id);
}

TEST_F(AcceptedHandoffs, StartLikeAnySpanWhereNothingWasHandedOver) {
  accept_handoff(std::map<std::string, std::string>{}, "buyer_bot", {.age = minutes(60)}).end();
  const SpanList list = drain(provider);
  EXPECT_FALSE(list.spans.at(0).parent_span_id.is_valid());
  EXPECT_TRUE(list.spans[0].links.empty());
}

TEST(HandoffPlaces, FollowTheAge) {
  Context handoff;
  handoff.span.trace_id.bytes[0] = 1;
  handoff.span.span_id.bytes[0] = 1;
  const auto continues = [&](std::chrono::nanoseconds age, const HandoffFreshness& freshness = {}) {
    const HandoffPlace place = place_after_handoff(handoff, age, freshness);
    EXPECT_NE(place.parent.span.is_valid(), place.link.is_valid());
    return place.parent.span.is_valid();
  };
  EXPECT_TRUE(continues(minutes(-1)));
  EXPECT_TRUE(continues(minutes(15) - std::chrono::nanoseconds(1)));
  EXPECT_FALSE(continues(minutes(15)));
  EXPECT_FALSE(continues(minutes(0), {.limit = minutes(0)}));
  EXPECT_FALSE(place_after_handoff(Context(), minutes(60)).link.is_valid());
}

TEST_F(Carriers, CarryThroughFunctionsAsForJson) {
  std::vector<std::pair<std::string, std::string>> document;
  const WorkflowSpan span = workflow_span("lead_bot", "n");
  propagate_trace_context([&](std::string_view key, std::string_view value) { document.emplace_back(key, value); });
  const auto lookup = [&](std::string_view key) -> std::optional<std::string_view> {
    for (const auto& [name, value] : document) {
      if (name == key) return value;
    }
    return std::nullopt;
  };
  EXPECT_EQ(read_trace_context(lookup).span.span_id, span.context().span_id);
}

TEST_F(Carriers, CarryThroughTheThreeColumnsOfARow) {
  EXPECT_FALSE(current_trace_columns().traceparent);
  SpanId span_id;
  TraceColumns row;
  {
    const HandoffSpan handoff =
        create_handoff_span({.source_bot = "lead", .target_bot = "buyer", .baggage = HandoffBaggage::Identity});
    span_id = handoff.context().span_id;
    row = current_trace_columns();
  }
  EXPECT_EQ(row.traceparent->size(), 55U);
  EXPECT_FALSE(row.tracestate);
  EXPECT_EQ(row.baggage, "workflow.origin_bot=lead");
  const ContextScope scope = extract_trace_context(row);
  EXPECT_EQ(current_span_context().span_id, span_id);
  EXPECT_EQ(current_context().baggage.get("workflow.origin_bot"), "lead");
}

TEST_F(Carriers, CarryThroughTheEnvironmentOfAChild) {
  const WorkflowSpan span = workflow_span("lead_bot", "n");
  std::vector<std::string> environment = {"TRACEPARENT=stale", "HOME=/"};
  propagate_trace_context(EnvironmentWriter(environment));
  ASSERT_EQ(environment.size(), 2U);
  ASSERT_EQ(setenv("TRACEPARENT", environment[1].substr(environment[1].find('=') + 1).c_str(), 1), 0);
  EXPECT_EQ(read_trace_context(EnvironmentReader()).span.span_id, span.context().span_id);
  unsetenv("TRACEPARENT");
}

}  // namespace
}  // namespace segue
