#include "segue/server/query/journey.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "segue/server/query/text_tree.h"
#include "segue/server/testing/fake_store.h"

namespace segue::server {
namespace {

using testing::at_ms;
using ::testing::ElementsAre;
using testing::FakeStore;
using testing::SpanFields;
using testing::trace_id;

SpanFields node(unsigned trace, unsigned id, const std::string& bot, std::int64_t start_ms,
                const std::string& contact = "anna") {
  return {
      .trace = trace,
      .id = id,
      .name = bot + ".reply",
      .start_ms = start_ms,
      .end_ms = start_ms + 10,
      .attributes = {{"workflow.bot_type", bot}, {"workflow.node_name", "reply"}, {"workflow.contact_id", contact}}};
}

SpanFields handoff(unsigned trace, unsigned id, const std::string& source, const std::string& target,
                   std::int64_t start_ms, const std::string& outcome = "executed",
                   const std::string& contact = "anna") {
  return {.trace = trace,
          .id = id,
          .name = "handoff." + source + "_to_" + target,
          .start_ms = start_ms,
          .end_ms = start_ms + 5,
          .attributes = {{"handoff.source_bot", source},
                         {"handoff.target_bot", target},
                         {"handoff.contact_id", contact},
                         {"handoff.confidence", 0.9},
                         {"handoff.reason", "buyer_intent"},
                         {"handoff.outcome", outcome}}};
}

std::vector<TraceId> ids_of(const Journey& journey) {
  std::vector<TraceId> ids;
  for (const JourneyTrace& trace : journey.traces) ids.push_back(trace.summary.trace_id);
  return ids;
}

TEST(Journey, GathersTheContactsTracesByTime) {
  FakeStore store({node(2, 1, "buyer_bot", 86'400'000), node(1, 1, "lead_bot", 0), node(3, 1, "lead_bot", 5, "bert")});
  const Result<Journey> journey = assemble_journey(store, "anna");
  ASSERT_TRUE(journey) << journey.error().message;
  EXPECT_THAT(ids_of(*journey), ElementsAre(trace_id(1), trace_id(2)));
  EXPECT_THAT(journey->bots, ElementsAre("lead_bot", "buyer_bot"));
  EXPECT_EQ(journey->spans, 2U);
  EXPECT_EQ(journey->first_unix_nanos, at_ms(0));
  EXPECT_EQ(journey->last_unix_nanos, at_ms(86'400'010));
  EXPECT_FALSE(journey->is_truncated);
}

TEST(Journey, OfAContactNobodyNamedIsNotFound) {
  FakeStore store({node(1, 1, "lead_bot", 0)});
  const Result<Journey> journey = assemble_journey(store, "carla");
  ASSERT_FALSE(journey);
  EXPECT_EQ(journey.error().code, Errc::NotFound);
}

TEST(Journey, FollowsLinksBothWaysAndOverSeveralTraces) {
  FakeStore store({node(1, 1, "lead_bot", 50),
                   {.trace = 2, .id = 1, .name = "links to the contact", .start_ms = 60, .linked_traces = {1}},
                   {.trace = 3, .id = 1, .name = "links to that", .start_ms = 70, .linked_traces = {2, 4, 99}},
                   {.trace = 4, .id = 1, .name = "is linked from it", .start_ms = 40, .linked_traces = {1}}});
  const Result<Journey> journey = assemble_journey(store, "anna");
  ASSERT_TRUE(journey);
  EXPECT_THAT(ids_of(*journey), ElementsAre(trace_id(4), trace_id(1), trace_id(2), trace_id(3)));
  EXPECT_EQ(store.traces_read, 5U) << "each trace once, and the missing 99";
}

TEST(Journey, LeavesOutLinkedTracesOfOtherContacts) {
  FakeStore store({node(1, 1, "lead_bot", 0),
                   {.trace = 2, .id = 1, .name = "nightly batch", .start_ms = 9, .linked_traces = {1, 3}},
                   node(3, 1, "lead_bot", 5, "bert")});
  const Result<Journey> journey = assemble_journey(store, "anna");
  ASSERT_TRUE(journey);
  EXPECT_THAT(ids_of(*journey), ElementsAre(trace_id(1), trace_id(2)));
}

TEST(Journey, ListsHandoffsAndTellsWhetherTheTargetSpokeAfterwards) {
  FakeStore store({node(1, 1, "buyer_bot", 0), handoff(1, 2, "buyer", "lead", 20), node(2, 1, "lead_bot", 1'000),
                   handoff(2, 2, "lead", "buyer", 1'020), handoff(2, 3, "lead", "seller", 1'030, "blocked")});
  const Result<Journey> journey = assemble_journey(store, "anna");
  ASSERT_TRUE(journey);
  ASSERT_EQ(journey->handoffs.size(), 3U);
  const JourneyHandoff& to_lead = journey->handoffs[0];
  EXPECT_EQ(to_lead.record.source_bot, "buyer_bot");
  EXPECT_EQ(to_lead.record.target_bot, "lead_bot");
  EXPECT_EQ(to_lead.record.contact_id, "anna");
  EXPECT_EQ(to_lead.record.confidence, 0.9);
  EXPECT_EQ(to_lead.record.reason, "buyer_intent");
  EXPECT_EQ(to_lead.record.start_unix_nanos, at_ms(20));
  EXPECT_TRUE(to_lead.target_spoke);
  EXPECT_FALSE(to_lead.is_lost());
  EXPECT_FALSE(journey->handoffs[1].target_spoke) << "buyer_bot spoke before it, not after";
  EXPECT_TRUE(journey->handoffs[1].is_lost());
  EXPECT_FALSE(journey->handoffs[2].target_spoke);
  EXPECT_FALSE(journey->handoffs[2].is_lost()) << "a blocked handoff hands nobody over";
}

TEST(Journey, LeavesOutHandoffsOfOtherContactsInSharedTraces) {
  FakeStore store({node(1, 1, "lead_bot", 0), handoff(1, 2, "lead", "buyer", 5, "executed", "bert")});
  const Result<Journey> journey = assemble_journey(store, "anna");
  ASSERT_TRUE(journey);
  EXPECT_TRUE(journey->handoffs.empty());
}

TEST(Journey, NamesConversationsOtherThanTheContactItself) {
  SpanFields span = node(1, 1, "lead_bot", 0);
  span.attributes.emplace_back("workflow.conversation_id", "thread_7");
  FakeStore store({span, node(1, 2, "lead_bot", 5)});
  const Result<Journey> journey = assemble_journey(store, "anna");
  ASSERT_TRUE(journey);
  EXPECT_THAT(journey->conversation_ids, ElementsAre("thread_7"));
}

TEST(Journey, StopsAtTheLimitOfTracesAndSaysSo) {
  FakeStore store({node(1, 1, "lead_bot", 0), node(2, 1, "lead_bot", 10), node(3, 1, "lead_bot", 20)});
  const Result<Journey> journey = assemble_journey(store, "anna", {.max_traces = 2});
  ASSERT_TRUE(journey);
  EXPECT_THAT(ids_of(*journey), ElementsAre(trace_id(1), trace_id(2)));
  EXPECT_TRUE(journey->is_truncated);
}

TEST(Journey, StopsAtTheLimitOfSpansButShowsOneTraceWhole) {
  FakeStore store({node(1, 1, "lead_bot", 0), node(1, 2, "lead_bot", 1), node(2, 1, "lead_bot", 10)});
  const Result<Journey> journey = assemble_journey(store, "anna", {.max_spans = 1});
  ASSERT_TRUE(journey);
  EXPECT_THAT(ids_of(*journey), ElementsAre(trace_id(1)));
  EXPECT_EQ(journey->spans, 2U);
  EXPECT_TRUE(journey->is_truncated);
}

TEST(Journey, StopsAfterTheLimitOfHopsAndSaysSo) {
  std::vector<SpanFields> chain = {node(1, 1, "lead_bot", 0)};
  for (unsigned trace = 2; trace <= 9; ++trace)
    chain.push_back({.trace = trace, .id = 1, .start_ms = trace, .linked_traces = {trace - 1}});
  FakeStore store(std::move(chain));
  const Result<Journey> journey = assemble_journey(store, "anna", {.max_link_hops = 3});
  ASSERT_TRUE(journey);
  EXPECT_EQ(journey->traces.size(), 4U);
  EXPECT_TRUE(journey->is_truncated);
}

TEST(Journey, PassesOnWhatTheStoreSays) {
  FakeStore store({node(1, 1, "lead_bot", 0)});
  store.failure = Error{Errc::Corruption, "block 7"};
  const Result<Journey> journey = assemble_journey(store, "anna");
  ASSERT_FALSE(journey);
  EXPECT_EQ(journey.error().code, Errc::Corruption);
}

TEST(Journey, IsPrintedWithItsTracesAndLostLeads) {
  FakeStore store({node(1, 1, "lead_bot", 0), handoff(1, 2, "lead", "buyer", 20)});
  const Result<Journey> journey = assemble_journey(store, "anna");
  ASSERT_TRUE(journey);
  EXPECT_EQ(render_journey(*journey),
            "Contact: anna\n"
            "Journey: 1 trace, 2 spans, lead_bot, 2025-05-12T09:14:02Z .. 2025-05-12T09:14:02Z\n"
            "Lost lead: buyer_bot never spoke after the handoff from lead_bot at 2025-05-12T09:14:02Z\n"
            "\n"
            "Trace ID: 00000000000000000000000000000001\n"
            "Duration: 25ms\n"
            "\n"
            "├─ lead_bot.reply (10ms)\n"
            "└─ handoff.lead_to_buyer (5.0ms)\n");
}

TEST(TraceSummary, IsNamedAfterTheEarliestSpanWithoutAParent) {
  const auto made =
      testing::make_spans({{.id = 2, .parent = 9, .name = "earlier, but a child", .start_ms = 0, .end_ms = 1},
                           {.id = 3, .name = "later root", .start_ms = 8, .end_ms = 9},
                           {.id = 4, .name = "root", .start_ms = 5, .end_ms = 40, .service = "gateway"},
                           {.id = 5, .parent = 4, .name = "bad", .start_ms = 6, .end_ms = 7, .failed = true}});
  const TraceSummary summary = summarise(trace_id(1), made.spans());
  EXPECT_EQ(summary.root_name, "root");
  EXPECT_EQ(summary.root_service, "gateway");
  EXPECT_EQ(summary.start_unix_nanos, at_ms(0));
  EXPECT_EQ(summary.end_unix_nanos, at_ms(40));
  EXPECT_EQ(summary.spans, 4U);
  EXPECT_EQ(summary.errors, 1U);
}

TEST(TraceSummary, IsNamedAfterTheEarliestSpanWhileEveryParentIsMissing) {
  const auto made = testing::make_spans(
      {{.id = 2, .parent = 9, .name = "b", .start_ms = 3}, {.id = 3, .parent = 8, .name = "a", .start_ms = 1}});
  EXPECT_EQ(summarise(trace_id(1), made.spans()).root_name, "a");
}

}  // namespace
}  // namespace segue::server
