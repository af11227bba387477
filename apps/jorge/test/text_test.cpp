// Patterns, rounding, cuts: what the scores and replies are built on.
#include <gtest/gtest.h>

#include "bots/budget.h"
#include "bots/questionnaire.h"
#include "conversation/contact_rules.h"
#include "decoder/intent_signals.h"
#include "text/pattern.h"
#include "text/rounding.h"
#include "text/text.h"

namespace jorge {
namespace {

TEST(Pattern, IgnoresCaseAndKnowsAsciiWordBoundaries) {
  const Pattern cma(R"(\bcma\b)");
  EXPECT_TRUE(cma.is_found_in("Send a CMA, please"));
  EXPECT_FALSE(cma.is_found_in("acmahome"));
  EXPECT_TRUE(
      cma.is_found_in("\xC3\xA9"
                      "cma"));  // a letter beyond ASCII is no word character
}

TEST(IntentSignals, ABudgetCountsOnlyWithItsAmountInTheSameLine) {
  EXPECT_EQ(intent_signals("our budget: about $500k").buyer_score, 0.3);
  EXPECT_EQ(intent_signals("no amount yet\nthe budget is $1").buyer_score, 0.3);
  EXPECT_EQ(intent_signals("the budget\nis $1").buyer_score, 0.0);
  EXPECT_EQ(intent_signals("$1 is no budget").buyer_score, 0.0);
  EXPECT_EQ(intent_signals("budgeting $1").buyer_score, 0.0);
}

TEST(IntentSignals, AreFoundInVeryLongTextWithoutExhaustingTheStack) {
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += "budget ";
  EXPECT_EQ(intent_signals(text).buyer_score, 0.0);
  EXPECT_EQ(intent_signals(text + "$").buyer_score, 0.3);
}

TEST(IntentSignals, OfTheHistoryCountEachMessageAndOnlyTheLastFive) {
  std::vector<Message> history(5, Message{Role::Contact, "hello", {}});
  history.insert(history.begin(), {Role::Contact, "I want to buy", {}});
  EXPECT_EQ(intent_signals_of_history(history).buyer_score, 0.0);
  history.push_back({Role::Contact, "I want to buy with a down payment", {}});
  history.push_back({Role::Contact, "I want to buy", {}});
  EXPECT_EQ(intent_signals_of_history(history).buyer_score, 0.6);
}

TEST(IntentSignals, BlendingAddsHalfOfTheHistoryAndStopsAtOne) {
  EXPECT_EQ(blend_signals({.buyer_score = 0.5}, {.buyer_score = 0.4}).buyer_score, 0.7);
  EXPECT_EQ(blend_signals({.seller_score = 0.9}, {.seller_score = 1.0}).seller_score, 1.0);
}

TEST(Rounding, LooksAtTheExactValueAndBreaksTiesToEven) {
  EXPECT_EQ(round_to_decimals(0.125, 2), 0.12);
  EXPECT_EQ(round_to_decimals(0.375, 2), 0.38);
  EXPECT_EQ(round_to_decimals(2.675, 2), 2.67);  // the double is a little less than 2.675
  EXPECT_EQ(round_to_decimals(-1.005, 2), -1.0);
}

TEST(Text, IsNeverCutInsideACharacter) {
  EXPECT_EQ(cut_utf8("ab\xC3\xA9", 3), "ab");
  EXPECT_EQ(cut_utf8("ab\xC3\xA9", 4), "ab\xC3\xA9");
}

TEST(Sms, FitsTwoSegmentsAndEndsAtASentence) {
  const std::string sentence = "This is a sentence of a certain length, and that is all there is to say about it. ";
  std::string text;
  for (int i = 0; i < 10; ++i) text += sentence;
  const std::string sms = as_sms(text);
  EXPECT_LE(sms.size(), max_reply_bytes);
  EXPECT_EQ(sms.back(), '.');
  EXPECT_EQ(as_sms("pre-approved"), "pre approved");
  EXPECT_EQ(as_sms(std::string(400, 'x')), std::string(317, 'x') + "...");
}

TEST(Budget, IsReadTheWayPeopleWriteIt) {
  const auto range_of = [](std::string_view text) {
    const auto budget = find_budget(text);
    return budget ? to_string(*budget) : "none";
  };
  EXPECT_EQ(range_of("$500k"), "400000 to 500000");
  EXPECT_EQ(range_of("between $400k and $480k"), "400000 to 480000");
  EXPECT_EQ(range_of("up to 1.2 million"), "960000 to 1200000");
  EXPECT_EQ(range_of("around $650,000 I think"), "520000 to 650000");
  EXPECT_EQ(range_of("$550 tops"), "440000 to 550000");
  EXPECT_EQ(range_of("$50 for a coffee"), "none");
  EXPECT_EQ(range_of("3 bedrooms by 2027"), "none");
}

TEST(OptOut, NeedsWholeWords) {
  for (const char* text : {"STOP", "stop.", "Please stop", "I want you to stop", "unsubscribe", "stop texting me",
                           "Not interested, thanks", "please opt out", "Don't contact me", "no more", "no más"}) {
    EXPECT_TRUE(asks_to_opt_out(text)) << text;
  }
  for (const char* text : {"nonstop flights", "no more questions", "can we stop by tomorrow?", "the bus stop is close",
                           "I am interested", "stop by any time", "the cancelled sale"}) {
    EXPECT_FALSE(asks_to_opt_out(text)) << text;
  }
}

TEST(Activation, IsDecidedByTags) {
  const auto is_active = [](std::vector<std::string> tags) { return is_active_for(tags); };
  EXPECT_TRUE(is_active({}));
  EXPECT_TRUE(is_active({" needs qualifying "}));
  EXPECT_TRUE(is_active({"Warm-Lead"}));
  EXPECT_TRUE(is_active({"VIP", "Buyer-Lead"}));
  EXPECT_FALSE(is_active({"VIP"}));
  EXPECT_FALSE(is_active({"Needs Qualifying", "AI-Off"}));
  EXPECT_FALSE(is_active({"qualified", "lead-bot"}));
}

}  // namespace
}  // namespace jorge
