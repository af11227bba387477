// Finding traces by what is in them, by links, and the lists of what has been seen.
#include <gmock/gmock.h>

#include <algorithm>

#include "store_contract.h"

namespace segue::server::contract {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::uint64_t second = 1'000'000'000;
constexpr std::uint64_t monday = 1'747'000'000 * second;

/// Four traces a second apart, each different in one respect.
void add_traces(SpanMaker& maker) {
  maker.use_service("gateway");
  maker.span(1, 1, "POST /webhook", monday, second / 2);
  maker.node(1, 2, "lead_bot", "greet", "anna", monday + 1);
  maker.use_service("jorge");
  maker.span(2, 1, "POST /webhook", monday + second, second / 10).status = StatusCode::Error;
  maker.node(3, 1, "buyer_bot", "greet", "bert", monday + 2 * second, 10);
  maker.node(3, 2, "buyer_bot", "search", "bert", monday + 2 * second, 2 * second);
  maker.span(4, 1, "cleanup", monday + 3 * second);
}

TEST_P(StoreContract, TracesAreFoundByEveryConditionNewestFirst) {
  SpanMaker maker;
  add_traces(maker);
  append(maker);
  const auto found = [&](TraceQuery query) { return numbers_of(all_traces(std::move(query))); };
  EXPECT_THAT(found({}), ElementsAre(4, 3, 2, 1));
  EXPECT_THAT(found({.service = "gateway"}), ElementsAre(1));
  EXPECT_THAT(found({.service = "jorge"}), ElementsAre(4, 3, 2));
  EXPECT_THAT(found({.name = "POST /webhook"}), ElementsAre(2, 1));
  EXPECT_THAT(found({.service = "gateway", .name = "POST /webhook"}), ElementsAre(1));
  EXPECT_THAT(found({.service = "gateway", .name = "cleanup"}), IsEmpty());
  EXPECT_THAT(found({.bot = "buyer_bot"}), ElementsAre(3));
  EXPECT_THAT(found({.bot = "lead"}), ElementsAre(1));
  EXPECT_THAT(found({.node = "greet"}), ElementsAre(3, 1));
  EXPECT_THAT(found({.bot = "lead_bot", .node = "search"}), IsEmpty());
  EXPECT_THAT(found({.contact_id = "bert"}), ElementsAre(3));
  EXPECT_THAT(found({.contact_id = "ber"}), IsEmpty());
  EXPECT_THAT(found({.errors_only = true}), ElementsAre(2));
  EXPECT_THAT(found({.service = "gateway", .errors_only = true}), IsEmpty());
  EXPECT_THAT(found({.min_duration_nanos = second / 2}), ElementsAre(3, 1));
  EXPECT_THAT(found({.max_duration_nanos = second / 10}), ElementsAre(4, 2));
  EXPECT_THAT(found({.start_unix_nanos = monday + second}), ElementsAre(4, 3, 2));
  EXPECT_THAT(found({.end_unix_nanos = monday + second}), ElementsAre(2, 1));
  EXPECT_THAT(found({.service = "nowhere"}), IsEmpty());
  EXPECT_THAT(found({.name = "POST"}), IsEmpty());
}

TEST_P(StoreContract, FoundTracesAreSummarisedExactly) {
  SpanMaker maker;
  add_traces(maker);
  append(maker);
  const auto found = all_traces({.contact_id = "anna"});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].trace_id, trace_id(1));
  EXPECT_EQ(found[0].root_name, "POST /webhook");
  EXPECT_EQ(found[0].root_service, "gateway");
  EXPECT_EQ(found[0].start_unix_nanos, monday);
  EXPECT_EQ(found[0].end_unix_nanos, monday + second / 2);
  EXPECT_EQ(found[0].spans, 2U);
  EXPECT_EQ(found[0].errors, 0U);
  EXPECT_THAT(found[0].bots, ElementsAre("lead_bot"));
  EXPECT_THAT(found[0].contact_ids, ElementsAre("anna"));
}

TEST_P(StoreContract, ATraceWhoseStartTurnsOutEarlierIsFoundByItsTrueStart) {
  SpanMaker end, start;
  end.span(1, 2, "end", monday + 3'600 * second).parent_span_id = span_id(1);
  start.span(1, 1, "start", monday);
  append(end);
  append(start);
  reopen();
  EXPECT_THAT(numbers_of(all_traces({.end_unix_nanos = monday})), ElementsAre(1));
  EXPECT_THAT(numbers_of(all_traces({.start_unix_nanos = monday, .end_unix_nanos = monday + second})), ElementsAre(1));
  EXPECT_THAT(all_traces({.start_unix_nanos = monday + 1}), IsEmpty());
}

TEST_P(StoreContract, ATraceThatFitsInSeveralAppendsIsFoundOnce) {
  for (std::uint64_t span = 1; span <= 5; ++span) {
    SpanMaker maker;
    maker.node(1, span, "lead_bot", "greet", "anna", monday + span).status = StatusCode::Error;
    append(maker);
  }
  const TraceQuery queries[] = {{},
                                {.service = "jorge"},
                                {.name = "lead_bot.greet"},
                                {.bot = "lead_bot"},
                                {.node = "greet"},
                                {.contact_id = "anna"},
                                {.errors_only = true}};
  for (const TraceQuery& query : queries) EXPECT_THAT(numbers_of(all_traces(query)), ElementsAre(1));
}

TEST_P(StoreContract, PagesOfTracesNeitherRepeatNorSkipWhileTracesArriveAndGrow) {
  SpanMaker maker;
  for (std::uint64_t i = 1; i <= 23; ++i) maker.span(i, 1, "work", monday + i / 4);  // many in the same millisecond
  append(maker);
  const std::vector<std::uint64_t> whole = numbers_of(all_traces({.name = "work"}));
  EXPECT_EQ(whole.size(), 23U);
  EXPECT_EQ(numbers_of(all_traces({.name = "work", .limit = 5})), whole);
  std::vector<std::uint64_t> seen;
  TraceQuery query = {.name = "work", .limit = 4};
  do {
    const auto page = store().find_traces(query);
    ASSERT_TRUE(page);
    for (const std::uint64_t number : numbers_of(page->items)) seen.push_back(number);
    query.page_token = page->next_page_token;
    SpanMaker meanwhile;
    meanwhile.span(100 + seen.size(), 1, "work", monday + 10 * second);
    for (std::uint64_t i = 1; i <= 23; ++i) meanwhile.span(i, 1 + seen.size(), "work", monday - seen.size() * second);
    append(meanwhile);
  } while (!query.page_token.empty());
  EXPECT_EQ(seen, whole);
}

TEST_P(StoreContract, TracesAreOrderedToTheNanosecond) {
  SpanMaker maker;
  for (const std::uint64_t i : {2U, 5U, 1U, 4U, 3U}) maker.span(i, 1, "work", monday + i);
  append(maker);
  EXPECT_THAT(numbers_of(all_traces({})), ElementsAre(5, 4, 3, 2, 1));
}

TEST_P(StoreContract, ManyTracesThatClaimToStartTogetherAreAllFound) {
  constexpr std::uint64_t trace_count = 3'000;
  SpanMaker maker;
  for (std::uint64_t i = 1; i <= trace_count; ++i) maker.span(i, 1, "work", 0);
  append(maker);
  std::vector<std::uint64_t> found = numbers_of(all_traces({.name = "work", .limit = 700}));
  std::sort(found.begin(), found.end());
  ASSERT_EQ(found.size(), trace_count);
  EXPECT_EQ(std::unique(found.begin(), found.end()), found.end());
}

TEST_P(StoreContract, TraceQueriesAreChecked) {
  SpanMaker maker;
  add_traces(maker);
  append(maker);
  EXPECT_EQ(store().find_traces({.limit = 0}).error().code, Errc::InvalidArgument);
  EXPECT_EQ(store().find_traces({.limit = 1001}).error().code, Errc::InvalidArgument);
  EXPECT_EQ(store().find_traces({.page_token = "nonsense"}).error().code, Errc::InvalidArgument);
  const auto page = store().find_traces({.limit = 1});
  ASSERT_TRUE(page);
  EXPECT_TRUE(store().find_traces({.limit = 3, .page_token = page->next_page_token}));
  EXPECT_EQ(store().find_traces({.service = "jorge", .page_token = page->next_page_token}).error().code,
            Errc::InvalidArgument);
  EXPECT_EQ(store().find_journeys({.page_token = page->next_page_token}).error().code, Errc::InvalidArgument);
}

TEST_P(StoreContract, LinksAreFoundFromTheirTarget) {
  SpanMaker maker;
  for (const std::uint64_t trace : {3U, 2U}) {
    SpanView& span = maker.span(trace, 1, "resumed", monday + trace);
    span.links.resize(1);
    span.links[0].trace_id = trace_id(1);
    span.links[0].span_id = span_id(1);
  }
  append(maker);
  EXPECT_THAT(numbers_of(*store().traces_linking_to(trace_id(1))), ElementsAre(2, 3));
  EXPECT_THAT(*store().traces_linking_to(trace_id(2)), IsEmpty());
}

TEST_P(StoreContract, BotsNodesAndServicesAreListedSortedAlsoAfterARestart) {
  SpanMaker maker;
  add_traces(maker);
  maker.handoff(5, 1, "lead", "seller", "anna", monday);
  append(maker);
  reopen();
  EXPECT_THAT(*store().services(), ElementsAre("gateway", "jorge"));
  const auto bots = store().bots();
  ASSERT_TRUE(bots);
  ASSERT_EQ(bots->size(), 3U);
  EXPECT_EQ((*bots)[0].bot, "buyer_bot");
  EXPECT_THAT((*bots)[0].nodes, ElementsAre("greet", "search"));
  EXPECT_EQ((*bots)[1].bot, "lead_bot");
  EXPECT_EQ((*bots)[2].bot, "seller_bot");
  EXPECT_THAT((*bots)[2].nodes, IsEmpty());
}

TEST_P(StoreContract, AnEmptyStoreAnswersEverythingWithNothing) {
  EXPECT_THAT(all_traces({}), IsEmpty());
  EXPECT_THAT(all_traces({.errors_only = true}), IsEmpty());
  EXPECT_THAT(all_journeys({}), IsEmpty());
  EXPECT_THAT(*store().bots(), IsEmpty());
  EXPECT_THAT(*store().services(), IsEmpty());
  EXPECT_THAT(*store().traces_linking_to(trace_id(1)), IsEmpty());
  EXPECT_EQ(store().stats().stored_spans, 0U);
}

}  // namespace
}  // namespace segue::server::contract
