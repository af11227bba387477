// Handoffs: when they may happen, what they do to the CRM, and that they always say how they ended.
#include <thread>

#include <gmock/gmock.h>

#include "jorge_fixture.h"

namespace jorge {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

HandoffQuestion question_of(Bot owner, double buyer, double seller) {
  return {.owner = owner, .contact_id = "c", .history = {}, .message = {buyer, seller, {}}};
}

TEST(HandoffThresholds, DifferByDirectionAndEqualityPasses) {
  JorgeFixture jorge;
  const auto wants = [&](Bot owner, double buyer, double seller) {
    return jorge.handoffs().wanted_handoff(question_of(owner, buyer, seller)).value().has_value();
  };
  EXPECT_TRUE(wants(Bot::Lead, 0.7, 0));
  EXPECT_FALSE(wants(Bot::Lead, 0.69, 0));
  EXPECT_TRUE(wants(Bot::Lead, 0, 0.7));
  EXPECT_TRUE(wants(Bot::Buyer, 0, 0.8));
  EXPECT_FALSE(wants(Bot::Buyer, 0, 0.79));
  EXPECT_TRUE(wants(Bot::Seller, 0.6, 0));
  EXPECT_FALSE(wants(Bot::Buyer, 1, 0)) << "it is the buyer's already";
  EXPECT_FALSE(wants(Bot::Lead, 0.9, 0.9)) << "equal signals point nowhere";
}

TEST(HandoffThresholds, MoveWithWhatWasLearned) {
  JorgeFixture jorge;
  const HandoffRoute route{Bot::Lead, Bot::Buyer};
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(jorge.handoffs().record_outcome(route, false));
  EXPECT_EQ(jorge.handoffs().learned(route).value().adjustment, 0.10);
  EXPECT_FALSE(jorge.handoffs().wanted_handoff(question_of(Bot::Lead, 0.75, 0)).value());
  EXPECT_TRUE(jorge.handoffs().wanted_handoff(question_of(Bot::Lead, 0.85, 0)).value());
  EXPECT_TRUE(jorge.handoffs().wanted_handoff(question_of(Bot::Lead, 0, 0.75)).value()) << "another route";
}

TEST(HandoffOutcomes, AreRefusedForRoutesThatDoNotExist) {
  JorgeFixture jorge;
  EXPECT_FALSE(jorge.handoffs().record_outcome({Bot::Buyer, Bot::Lead}, true));
}

TEST(HandoffEvaluation, AddsHalfOfWhatTheContactSaidBefore) {
  JorgeFixture jorge;
  jorge.send("c", "We are pre-approved, with a down payment");
  EXPECT_EQ(jorge.send("c", "I want to buy, budget is $500k").text("handoff.outcome"), "executed");
  jorge.send("d", "Hello there");
  EXPECT_EQ(jorge.send("d", "I want to buy, budget is $500k").text("handoff.outcome"), "");
}

TEST(HandoffExecution, MovesTheTagsInTheCrm) {
  JorgeFixture jorge;
  const Reply reply = jorge.send("c 1", buyer_text);
  EXPECT_EQ(reply.text("handoff.outcome"), "executed");
  EXPECT_EQ(reply.text("handoff.reason"), "buyer_intent_detected");
  EXPECT_THAT(jorge.crm_requests(),
              ElementsAre(R"(DELETE /contacts/c%201/tags {"tags":["Needs Qualifying"]})",
                          R"(POST /contacts/c%201/tags {"tags":["Buyer-Lead","Handoff-Lead-to-Buyer"]})"));
}

TEST(HandoffExecution, IsDeferredWhileTheCrmIsAwayAndTriedAgainWithTheNextMessage) {
  JorgeFixture jorge;
  jorge.break_crm("DELETE", 1, 503);
  const Reply first = jorge.send("c", buyer_text);
  EXPECT_EQ(first.status, 200);
  EXPECT_EQ(first.text("handoff.outcome"), "deferred");
  EXPECT_THAT(first.text("handoff.reason"), HasSubstr("503"));
  EXPECT_EQ(first.text("bot"), "lead_bot") << "the lead bot still answers";
  const Reply second = jorge.send("c", "Are you there?");
  EXPECT_EQ(second.text("handoff.outcome"), "executed");
  EXPECT_EQ(second.text("bot"), "buyer_bot");
}

TEST(HandoffExecution, ThatWasDeferredIsForgottenAfterADay) {
  JorgeFixture jorge;
  jorge.break_crm("DELETE", 1, 503);
  ASSERT_EQ(jorge.send("c", buyer_text).text("handoff.outcome"), "deferred");
  jorge.advance(std::chrono::hours(25));
  EXPECT_EQ(jorge.send("c", "Hello again").text("handoff.outcome"), "");
}

TEST(HandoffExecution, FailsClearlyWhenTheCrmRefusesAndPutsTheTagBack) {
  JorgeFixture jorge;
  jorge.break_crm("POST", 1, 422);
  const Reply reply = jorge.send("c", buyer_text);
  EXPECT_EQ(reply.text("handoff.outcome"), "failed");
  EXPECT_EQ(reply.text("bot"), "lead_bot");
  const auto requests = jorge.crm_requests();
  ASSERT_EQ(requests.size(), 3U);
  EXPECT_EQ(requests[2], R"(POST /contacts/c/tags {"tags":["Needs Qualifying"]})");
  EXPECT_THAT(jorge.store().handoffs_since("c", {}).value(), IsEmpty());
}

TEST(HandoffExecution, RidesOutAShortOutage) {
  JorgeFixture jorge({.crm_attempts = 3});
  jorge.break_crm("DELETE", 2, 503);
  EXPECT_EQ(jorge.send("c", buyer_text).text("handoff.outcome"), "executed");
}

TEST(HandoffExecution, IsBlockedByTheSameRouteWithinHalfAnHour) {
  JorgeFixture jorge;
  const TimePoint now = jorge.clock()();
  ASSERT_TRUE(jorge.store().record_handoff("c", {Bot::Lead, Bot::Buyer, now - std::chrono::minutes(29)}));
  const Reply reply = jorge.send("c", buyer_text);
  EXPECT_EQ(reply.text("handoff.outcome"), "blocked");
  EXPECT_EQ(reply.text("handoff.blocked_by"), "circular");
  EXPECT_EQ(reply.text("bot"), "lead_bot");
  EXPECT_THAT(jorge.crm_requests(), IsEmpty());
  jorge.advance(std::chrono::minutes(2));
  EXPECT_EQ(jorge.send("c", buyer_text).text("handoff.outcome"), "executed");
}

HandoffResult execute(JorgeFixture& jorge) {
  return jorge.handoffs().execute_handoff({{Bot::Lead, Bot::Buyer}, "buyer_intent_detected", 0.9}, "c");
}

TEST(HandoffRateLimit, StopsTheFourthInAnHour) {
  JorgeFixture jorge;
  const TimePoint now = jorge.clock()();
  for (const int minutes : {59, 50, 40}) {
    ASSERT_TRUE(jorge.store().record_handoff("c", {Bot::Lead, Bot::Seller, now - std::chrono::minutes(minutes)}));
  }
  EXPECT_EQ(execute(jorge).blocked_by, "rate_limit");
  jorge.advance(std::chrono::minutes(2));
  EXPECT_EQ(execute(jorge).outcome, HandoffOutcome::Executed);
}

TEST(HandoffRateLimit, StopsTheEleventhInADay) {
  JorgeFixture jorge;
  const TimePoint now = jorge.clock()();
  for (int hours = 2; hours < 12; ++hours) {
    ASSERT_TRUE(jorge.store().record_handoff("c", {Bot::Lead, Bot::Seller, now - std::chrono::hours(hours)}));
  }
  const HandoffResult result = execute(jorge);
  EXPECT_EQ(result.outcome, HandoffOutcome::Blocked);
  EXPECT_EQ(result.blocked_by, "rate_limit");
  EXPECT_THAT(result.reason, HasSubstr("24 hours"));
}

TEST(HandoffLock, LetsOneOfManyAtOnceThrough) {
  JorgeFixture jorge;
  std::vector<HandoffResult> results(8);
  std::vector<std::thread> threads;
  for (HandoffResult& result : results) threads.emplace_back([&] { result = execute(jorge); });
  for (std::thread& thread : threads) thread.join();
  int executed = 0;
  for (const HandoffResult& result : results) {
    if (result.outcome == HandoffOutcome::Executed)
      ++executed;
    else
      EXPECT_EQ(result.outcome, HandoffOutcome::Blocked) << result.reason;
  }
  EXPECT_EQ(executed, 1);
  EXPECT_EQ(jorge.store().handoffs_since("c", {}).value().size(), 1U);
}

TEST(HandoffLock, IsNotGivenBackByAnEarlierHolder) {
  JorgeFixture jorge;
  const TimePoint now = jorge.clock()();
  using std::chrono::seconds;
  EXPECT_TRUE(jorge.store().acquire_lease("handoff:c", "first", now, seconds(30)).value());
  EXPECT_EQ(execute(jorge).blocked_by, "lock");
  EXPECT_TRUE(jorge.store().acquire_lease("handoff:c", "second", now + seconds(31), seconds(30)).value());
  ASSERT_TRUE(jorge.store().release_lease("handoff:c", "first"));
  EXPECT_FALSE(jorge.store().acquire_lease("handoff:c", "third", now + seconds(32), seconds(30)).value());
}

}  // namespace
}  // namespace jorge
