// A contact's journey: exact however its spans arrive, found by part of the id, newest activity first.
#include <gmock/gmock.h>

#include "store_contract.h"

namespace segue::server::contract {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::uint64_t second = 1'000'000'000;
constexpr std::uint64_t day = 86'400 * second;
constexpr std::uint64_t monday = 1'747'000'000 * second;

std::vector<std::string> contacts_of(const std::vector<JourneySummary>& journeys) {
  std::vector<std::string> contacts;
  for (const JourneySummary& journey : journeys) contacts.push_back(journey.contact_id);
  return contacts;
}

/// A week in which three bots talk to a contact: one trace a day, the handoffs on Monday and Wednesday.
void add_week(SpanMaker& maker, std::string_view contact) {
  maker.node(1, 1, "lead_bot", "greet", contact, monday, second);
  maker.handoff(1, 2, "lead", "buyer", contact, monday + 2 * second);
  maker.node(2, 1, "buyer_bot", "search", contact, monday + day, second).status = StatusCode::Error;
  maker.handoff(3, 1, "buyer_bot", "seller_bot", contact, monday + 2 * day);
  maker.node(4, 1, "seller_bot", "price", contact, monday + 7 * day, second);
}

TEST_P(StoreContract, AJourneyTellsTheWholeStory) {
  SpanMaker maker;
  add_week(maker, "contact_1");
  append(maker);
  const auto journey = store().journey("contact_1");
  ASSERT_TRUE(journey) << journey.error().message;
  EXPECT_EQ(journey->contact_id, "contact_1");
  EXPECT_EQ(journey->traces, 4U);
  EXPECT_EQ(journey->spans, 5U);
  EXPECT_EQ(journey->errors, 1U);
  EXPECT_EQ(journey->first_unix_nanos, monday);
  EXPECT_EQ(journey->last_unix_nanos, monday + 7 * day + second);
  EXPECT_THAT(journey->bots, ElementsAre("lead_bot", "buyer_bot", "seller_bot"));
  ASSERT_EQ(journey->handoffs.size(), 2U);
  const HandoffRecord& first = journey->handoffs[0];
  EXPECT_EQ(first.source_bot, "lead_bot");
  EXPECT_EQ(first.target_bot, "buyer_bot");
  EXPECT_EQ(first.contact_id, "contact_1");
  EXPECT_EQ(first.confidence, 0.9);
  EXPECT_EQ(first.reason, "intent");
  EXPECT_EQ(first.outcome, "executed");
  EXPECT_EQ(first.trace_id, trace_id(1));
  EXPECT_EQ(first.span_id, span_id(2));
  EXPECT_EQ(first.start_unix_nanos, monday + 2 * second);
  EXPECT_EQ(first.end_unix_nanos, monday + 2 * second + 50);
  EXPECT_EQ(journey->handoffs[1].source_bot, "buyer_bot");
  EXPECT_THAT(numbers_of(*store().traces_of_contact("contact_1")), ElementsAre(1, 2, 3, 4));
}

TEST_P(StoreContract, AJourneyIsTheSameWhenItsSpansArriveBackwardsAcrossRestarts) {
  SpanMaker whole;
  add_week(whole, "contact_1");
  const auto& spans = whole.list().spans;
  for (auto span = spans.rbegin(); span != spans.rend(); ++span) {
    SpanMaker single;
    single.list().spans.push_back(*span);
    append(single);
    reopen();
  }
  const auto journey = store().journey("contact_1");
  ASSERT_TRUE(journey);
  EXPECT_EQ(journey->traces, 4U);
  EXPECT_EQ(journey->spans, 5U);
  EXPECT_EQ(journey->first_unix_nanos, monday);
  EXPECT_THAT(journey->bots, ElementsAre("lead_bot", "buyer_bot", "seller_bot"));
  ASSERT_EQ(journey->handoffs.size(), 2U);
  EXPECT_EQ(journey->handoffs[0].target_bot, "buyer_bot");
  EXPECT_THAT(numbers_of(*store().traces_of_contact("contact_1")), ElementsAre(1, 2, 3, 4));
}

TEST_P(StoreContract, SpansThatDoNotNameTheContactBelongToItsJourneyIfTheirTraceDoes) {
  SpanMaker before, naming, after;
  before.span(1, 1, "POST /webhook", monday, 10 * second);
  naming.node(1, 2, "lead_bot", "greet", "contact_1", monday + second);
  after.span(1, 3, "SELECT", monday + 20 * second).status = StatusCode::Error;
  append(before);
  EXPECT_EQ(store().journey("contact_1").error().code, Errc::NotFound);
  append(naming);
  EXPECT_EQ(store().journey("contact_1")->spans, 2U);
  reopen();
  append(after);
  const auto journey = store().journey("contact_1");
  EXPECT_EQ(journey->traces, 1U);
  EXPECT_EQ(journey->spans, 3U);
  EXPECT_EQ(journey->errors, 1U);
  EXPECT_EQ(journey->last_unix_nanos, monday + 20 * second + 100);
  EXPECT_EQ(all_journeys({}).front().last_unix_nanos, journey->last_unix_nanos);
}

TEST_P(StoreContract, ATraceOfTwoContactsIsInBothJourneysWithEachOnesHandoffs) {
  SpanMaker maker;
  maker.handoff(1, 1, "lead", "buyer", "contact_1", monday);
  maker.handoff(1, 2, "lead", "seller", "contact_2", monday + 1);
  append(maker);
  for (const std::string contact : {"contact_1", "contact_2"}) {
    const auto journey = store().journey(contact);
    ASSERT_TRUE(journey);
    EXPECT_EQ(journey->spans, 2U);
    ASSERT_EQ(journey->handoffs.size(), 1U);
    EXPECT_EQ(journey->handoffs[0].contact_id, contact);
  }
}

TEST_P(StoreContract, AJourneyListsItsConversations) {
  SpanMaker maker;
  maker.set(maker.node(2, 1, "lead_bot", "greet", "contact_1", monday + day), "workflow.conversation_id", "later");
  maker.set(maker.node(1, 1, "lead_bot", "greet", "contact_1", monday), "workflow.conversation_id", "earlier");
  maker.node(3, 1, "lead_bot", "greet", "contact_1", monday);
  append(maker);
  EXPECT_THAT(store().journey("contact_1")->conversation_ids, ElementsAre("earlier", "later"));
}

TEST_P(StoreContract, AnUnknownContactHasNoJourney) {
  EXPECT_EQ(store().journey("nobody").error().code, Errc::NotFound);
  EXPECT_THAT(*store().traces_of_contact("nobody"), IsEmpty());
  EXPECT_THAT(all_journeys({.contact = "nobody"}), IsEmpty());
}

TEST_P(StoreContract, JourneysAreListedByNewestActivity) {
  SpanMaker maker;
  maker.node(1, 1, "lead_bot", "greet", "anna", monday);
  maker.node(2, 1, "lead_bot", "greet", "bert", monday + day);
  maker.node(3, 1, "lead_bot", "greet", "carl", monday + 2 * day);
  append(maker);
  EXPECT_THAT(contacts_of(all_journeys({})), ElementsAre("carl", "bert", "anna"));
  SpanMaker later;
  later.node(4, 1, "lead_bot", "greet", "anna", monday + 3 * day);
  append(later);
  EXPECT_THAT(contacts_of(all_journeys({})), ElementsAre("anna", "carl", "bert"));
  SpanMaker late_arrival;
  late_arrival.node(5, 1, "lead_bot", "greet", "bert", monday - day);
  append(late_arrival);
  EXPECT_THAT(contacts_of(all_journeys({})), ElementsAre("anna", "carl", "bert"));
  EXPECT_EQ(store().journey("bert")->traces, 2U);
}

TEST_P(StoreContract, JourneysAreFoundByEveryCondition) {
  SpanMaker maker;
  maker.node(1, 1, "lead_bot", "greet", "contact_anna", monday);
  maker.node(2, 1, "buyer_bot", "search", "contact_bert", monday + day).status = StatusCode::Error;
  maker.node(3, 1, "seller_bot", "greet", "carl", monday + 2 * day);
  append(maker);
  const auto found = [&](JourneyQuery query) { return contacts_of(all_journeys(std::move(query))); };
  EXPECT_THAT(found({.contact = "contact_"}), ElementsAre("contact_bert", "contact_anna"));
  EXPECT_THAT(found({.contact = "ntact_an"}), ElementsAre("contact_anna"));
  EXPECT_THAT(found({.contact = "carl"}), ElementsAre("carl"));
  EXPECT_THAT(found({.contact = "CARL"}), IsEmpty());
  EXPECT_THAT(found({.bot = "buyer_bot"}), ElementsAre("contact_bert"));
  EXPECT_THAT(found({.bot = "buyer"}), ElementsAre("contact_bert"));
  EXPECT_THAT(found({.node = "greet"}), ElementsAre("carl", "contact_anna"));
  EXPECT_THAT(found({.bot = "lead_bot", .node = "search"}), IsEmpty());
  EXPECT_THAT(found({.errors_only = true}), ElementsAre("contact_bert"));
  EXPECT_THAT(found({.start_unix_nanos = monday + day}), ElementsAre("carl", "contact_bert"));
  EXPECT_THAT(found({.end_unix_nanos = monday + day}), ElementsAre("contact_bert", "contact_anna"));
}

TEST_P(StoreContract, PagesOfJourneysNeitherRepeatNorSkip) {
  SpanMaker maker;
  for (std::uint64_t i = 1; i <= 23; ++i) {
    maker.node(i, 1, "lead_bot", "greet", "contact_" + std::to_string(i), monday + i / 4 * second);  // with equal times
  }
  append(maker);
  const auto whole = contacts_of(all_journeys({.limit = 1000}));
  EXPECT_EQ(whole.size(), 23U);
  EXPECT_EQ(contacts_of(all_journeys({.limit = 5})), whole);
  EXPECT_EQ(contacts_of(all_journeys({.limit = 1})), whole);
}

TEST_P(StoreContract, JourneyQueriesAreChecked) {
  SpanMaker maker;
  maker.node(1, 1, "lead_bot", "greet", "anna", monday);
  maker.node(2, 1, "lead_bot", "greet", "bert", monday);
  append(maker);
  EXPECT_EQ(store().find_journeys({.limit = 0}).error().code, Errc::InvalidArgument);
  EXPECT_EQ(store().find_journeys({.limit = 1001}).error().code, Errc::InvalidArgument);
  EXPECT_EQ(store().find_journeys({.page_token = "nonsense"}).error().code, Errc::InvalidArgument);
  const auto page = store().find_journeys({.limit = 1});
  ASSERT_TRUE(page);
  EXPECT_EQ(store().find_journeys({.bot = "lead_bot", .page_token = page->next_page_token}).error().code,
            Errc::InvalidArgument);
}

TEST_P(StoreContract, AVeryLongContactIdIsStillFound) {
  const std::string contact(5'000, 'c');
  SpanMaker maker;
  maker.node(1, 1, "lead_bot", "greet", contact, monday);
  append(maker);
  EXPECT_EQ(store().journey(contact)->traces, 1U);
}

}  // namespace
}  // namespace segue::server::contract
