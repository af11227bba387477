// The scores, exact to the last bit, against vectors measured on the original system.
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <boost/json.hpp>

#include "decoder/buyer_scores.h"
#include "decoder/intent_decoder.h"
#include "decoder/seller_scores.h"
#include "handoff/handoff_rules.h"

namespace jorge {
namespace {

namespace json = boost::json;

json::object read_vectors(const std::string& file) {
  std::ifstream stream(std::string(JORGE_TEST_DATA) + "/" + file);
  std::stringstream text;
  text << stream.rdbuf();
  return json::parse(text.str()).as_object();
}

std::vector<Message> history_of(const json::object& vector) {
  std::vector<Message> history;
  for (const json::value& turn : vector.at("history").as_array()) {
    const Role role = turn.as_array()[0].as_string() == "user" ? Role::Contact : Role::Bot;
    history.push_back({role, std::string(turn.as_array()[1].as_string()), {}});
  }
  return history;
}

double number(const json::object& object, std::string_view key) { return object.at(key).to_number<double>(); }

std::string text(const json::object& object, std::string_view key) { return std::string(object.at(key).as_string()); }

std::vector<std::string> texts(const json::value& list) { return json::value_to<std::vector<std::string>>(list); }

/// Runs `check` on each named conversation of the first file.
template <class Check>
void for_each_conversation(Check check) {
  const json::object vectors = read_vectors("golden_vectors.json");
  ASSERT_EQ(vectors.size(), 8U);
  for (const auto& [name, vector] : vectors) {
    SCOPED_TRACE(std::string(name));
    check(vector.as_object());
  }
}

TEST(GoldenVectors, LeadProfilesAreExact) {
  for_each_conversation([](const json::object& expected) {
    const LeadIntentProfile profile = analyze_lead(history_of(expected));
    EXPECT_EQ(profile.readiness.total, number(expected, "frs"));
    EXPECT_EQ(to_string(profile.readiness.level), text(expected, "cls"));
    EXPECT_EQ(profile.readiness.motivation, number(expected, "m"));
    EXPECT_EQ(profile.readiness.timeline, number(expected, "t"));
    EXPECT_EQ(profile.readiness.condition, number(expected, "c"));
    EXPECT_EQ(profile.readiness.price, number(expected, "pr"));
    EXPECT_EQ(profile.commitment.total, number(expected, "pcs"));
    EXPECT_EQ(profile.commitment.message_length, number(expected, "len"));
    EXPECT_EQ(profile.commitment.question_depth, number(expected, "q"));
    EXPECT_EQ(profile.commitment.call_acceptance, number(expected, "call"));
    EXPECT_EQ(to_string(profile.lead_type), text(expected, "type"));
    EXPECT_EQ(profile.next_best_action, text(expected, "nba"));
    EXPECT_EQ(profile.buyer_intent_confidence, number(expected, "bi"));
    EXPECT_EQ(profile.seller_intent_confidence, number(expected, "si"));
    EXPECT_EQ(profile.detected_phrases, texts(expected.at("ph")));
  });
}

TEST(GoldenVectors, BuyerScoresAreExact) {
  for_each_conversation([](const json::object& vector) {
    const BuyerScores scores = score_buyer(history_of(vector));
    const json::object& expected = vector.at("buyer").as_object();
    EXPECT_EQ(scores.financial_readiness, number(expected, "financial_readiness"));
    EXPECT_EQ(scores.budget_clarity, number(expected, "budget_clarity"));
    EXPECT_EQ(scores.financing_status, number(expected, "financing_status_score"));
    EXPECT_EQ(scores.urgency, number(expected, "urgency_score"));
    EXPECT_EQ(scores.timeline_pressure, number(expected, "timeline_pressure"));
    EXPECT_EQ(scores.consequence_awareness, number(expected, "consequence_awareness"));
    EXPECT_EQ(scores.preference_clarity, number(expected, "preference_clarity"));
    EXPECT_EQ(scores.market_realism, number(expected, "market_realism"));
    EXPECT_EQ(scores.decision_authority, number(expected, "decision_authority"));
    EXPECT_EQ(scores.temperature, text(expected, "buyer_temperature"));
    EXPECT_EQ(scores.confidence, number(expected, "confidence_level"));
    EXPECT_EQ(scores.next_qualification_step, text(expected, "next_qualification_step"));
  });
}

TEST(GoldenVectors, SellerScoresAreExact) {
  for_each_conversation([](const json::object& vector) {
    const SellerScores scores = score_seller(history_of(vector));
    const json::object& expected = vector.at("seller").as_object();
    EXPECT_EQ(scores.condition_anxiety, number(expected, "condition_anxiety"));
    EXPECT_EQ(scores.valuation_confidence, number(expected, "valuation_confidence"));
    EXPECT_EQ(scores.prep_readiness, number(expected, "prep_readiness"));
    EXPECT_EQ(scores.listing_urgency, number(expected, "listing_urgency"));
    EXPECT_EQ(scores.price_flexibility, number(expected, "price_flexibility"));
    EXPECT_EQ(scores.motivation_strength, number(expected, "motivation_strength"));
    EXPECT_EQ(scores.temperature, text(expected, "seller_temperature"));
    EXPECT_EQ(scores.confidence, number(expected, "confidence_level"));
    EXPECT_EQ(scores.next_qualification_step, text(expected, "next_qualification_step"));
  });
}

TEST(GoldenVectors, IntentSignalsAreExact) {
  const json::object vectors = read_vectors("golden_vectors2.json").at("intent_signals").as_object();
  ASSERT_EQ(vectors.size(), 8U);
  for (const auto& [message, value] : vectors) {
    SCOPED_TRACE(std::string(message));
    const json::object& expected = value.as_object();
    const IntentSignals signals = intent_signals(message);
    EXPECT_EQ(signals.buyer_score, number(expected, "buyer_intent_score"));
    EXPECT_EQ(signals.seller_score, number(expected, "seller_intent_score"));
    EXPECT_EQ(signals.detected_phrases, texts(expected.at("detected_intent_phrases")));
  }
}

TEST(GoldenVectors, LearnedAdjustmentsAreExact) {
  const json::object vectors = read_vectors("golden_vectors2.json").at("learned").as_object();
  ASSERT_EQ(vectors.size(), 6U);
  for (const auto& [counts, value] : vectors) {  // "successful/samples"
    SCOPED_TRACE(std::string(counts));
    const std::string key(counts);
    const auto slash = key.find('/');
    const LearnedAdjustment learned = learned_adjustment(
        {.samples = std::stoi(key.substr(slash + 1)), .successful = std::stoi(key.substr(0, slash))});
    EXPECT_EQ(learned.adjustment, number(value.as_object(), "adjustment"));
    EXPECT_EQ(learned.success_rate, number(value.as_object(), "success_rate"));
    EXPECT_EQ(learned.sample_size, number(value.as_object(), "sample_size"));
  }
}

struct CircularVector {
  std::vector<HandoffRecord> history;
  HandoffRoute route;
};

/// Reads the words of a key such as "([('lead', 'buyer', 60)], 'lead', 'buyer')": triples of source, target
/// and age in seconds, then the route asked for.
CircularVector parse_circular_key(std::string key, TimePoint now) {
  for (char& c : key) {
    if (c == '(' || c == ')' || c == '[' || c == ']' || c == ',' || c == '\'') c = ' ';
  }
  std::istringstream stream(key);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  const auto bot = [&](std::size_t index) { return bot_from_short_name(words.at(index)).value(); };
  CircularVector vector;
  std::size_t at = 0;
  for (; at + 2 < words.size(); at += 3) {
    vector.history.push_back({bot(at), bot(at + 1), now - std::chrono::seconds(std::stoi(words[at + 2]))});
  }
  vector.route = {bot(at), bot(at + 1)};
  return vector;
}

TEST(GoldenVectors, CircularChecksAreExact) {
  const json::object vectors = read_vectors("golden_vectors2.json").at("circular").as_object();
  ASSERT_EQ(vectors.size(), 5U);
  const TimePoint now = std::chrono::system_clock::now();
  for (const auto& [key, value] : vectors) {
    SCOPED_TRACE(std::string(key));
    const CircularVector vector = parse_circular_key(std::string(key), now);
    const auto reason = circular_reason(vector.route, "c", vector.history, now);
    EXPECT_EQ(reason.has_value(), value.as_array()[0].as_bool());
    EXPECT_EQ(reason.value_or(""), std::string(value.as_array()[1].as_string()));
  }
}

}  // namespace
}  // namespace jorge
