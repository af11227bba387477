// The webhook over real HTTP: payloads, limits, signatures, repeats, opt-outs, ownership.
#include <atomic>
#include <thread>

#include <gmock/gmock.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "jorge_fixture.h"

namespace jorge {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* webhook = "/api/v1/webhooks/ghl";

TEST(Webhook, UnderstandsTheNestedAndTheFlatForm) {
  JorgeFixture jorge;
  const Reply nested = jorge.post(webhook, R"({"type":"InboundMessage","contactId":"a",
      "message":{"type":"SMS","body":"Hello","direction":"inbound"},"contact":{"firstName":"Ann","tags":["Warm-Lead"]}})");
  EXPECT_EQ(nested.status, 200);
  EXPECT_THAT(nested.text("message"), HasSubstr("Hi Ann!"));
  const Reply flat = jorge.post("/api/ghl/webhook", R"({"type":"InboundMessage","contactId":"b",
      "messageType":"TYPE_SMS","body":"Hello","direction":"inbound","tags":["Buyer-Lead"]})");
  EXPECT_EQ(flat.status, 200);
  EXPECT_EQ(flat.text("bot"), "buyer_bot") << "the tag says whose the contact is";
}

TEST(Webhook, AnswersBadRequestsWithWhatIsWrong) {
  JorgeFixture jorge;
  const auto error_of = [&](const std::string& body) {
    const Reply reply = jorge.post(webhook, body);
    EXPECT_EQ(reply.status, 400) << body;
    EXPECT_EQ(reply.text("error.code"), "invalid_argument");
    return reply.text("error.message");
  };
  EXPECT_THAT(error_of("hello"), HasSubstr("not JSON"));
  EXPECT_THAT(error_of("[]"), HasSubstr("JSON object"));
  EXPECT_THAT(error_of(R"({"contactId":"c"})"), HasSubstr("neither a message nor a body"));
  EXPECT_THAT(error_of(R"({"body":"x"})"), HasSubstr("contactId is missing"));
  EXPECT_THAT(error_of(R"({"contactId":7,"body":"x"})"), HasSubstr("contactId must be a string"));
  EXPECT_THAT(error_of(R"({"contactId":"c","body":"x","direction":"up"})"), HasSubstr("direction"));
  EXPECT_THAT(error_of(R"({"contactId":"c","body":"x","tags":"a"})"), HasSubstr("tags must be a list"));
  EXPECT_THAT(error_of(std::string(100, '[')), HasSubstr("not JSON"));
}

TEST(Webhook, RefusesOtherMethodsPathsAndLargeBodies) {
  JorgeFixture jorge;
  EXPECT_EQ(call_json({.method = "GET", .url = jorge.url() + webhook}).status, 405);
  EXPECT_EQ(call_json({.method = "GET", .url = jorge.url() + "/nowhere"}).status, 404);
  EXPECT_EQ(jorge.post(webhook, std::string((1U << 20U) + 1, 'x')).status, 413);
  EXPECT_EQ(call_json({.method = "GET", .url = jorge.url() + "/health"}).text("status"), "ok");
}

std::string signature_of(const std::string& secret, const std::string& body) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(body.data()), body.size(), digest, &size);
  std::string hex;
  for (unsigned i = 0; i < size; ++i) {
    char digits[3];
    std::snprintf(digits, sizeof(digits), "%02x", digest[i]);
    hex += digits;
  }
  return hex;
}

TEST(Webhook, DemandsTheSignatureWhereThereIsASecret) {
  JorgeFixture jorge({.webhook = {.secret = "swordfish"}});
  const std::string body = R"({"contactId":"c","body":"Hello","direction":"inbound"})";
  EXPECT_EQ(jorge.post(webhook, body).status, 401);
  EXPECT_EQ(jorge.post(webhook, body, {"X-GHL-Signature: swordfish"}).status, 401) << "the secret is no signature";
  EXPECT_EQ(jorge.post(webhook, body, {"X-GHL-Signature: " + signature_of("other", body)}).status, 401);
  EXPECT_EQ(jorge.post(webhook, body, {"X-GHL-Signature: " + signature_of("swordfish", body)}).status, 200);
}

TEST(Webhook, IgnoresWhatTheBusinessItselfWrites) {
  JorgeFixture jorge;
  const Reply reply = jorge.post(webhook, R"({"contactId":"c","body":"Hello","direction":"outbound"})");
  EXPECT_EQ(reply.text("status"), "ignored");
  EXPECT_THAT(jorge.store().load("c").value().history, IsEmpty());
}

TEST(Webhook, AnswersARepeatedMessageOnce) {
  JorgeFixture jorge;
  EXPECT_EQ(jorge.send("c", "Hello").text("status"), "replied");
  EXPECT_EQ(jorge.send("c", "Hello").text("status"), "duplicate");
  EXPECT_EQ(jorge.send("d", "Hello").text("status"), "replied") << "another contact";
  jorge.advance(std::chrono::seconds(91));
  EXPECT_EQ(jorge.send("c", "Hello").text("status"), "replied");
}

TEST(Webhook, AnswersARepeatedMessageOnceEvenWhenAllComeTogether) {
  JorgeFixture jorge;
  std::atomic<int> replied = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] { replied += jorge.send("c", buyer_text).text("status") == "replied" ? 1 : 0; });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(replied, 1);
  EXPECT_EQ(jorge.store().load("c").value().history.size(), 2U);
}

TEST(Webhook, LosesNothingWhenOneContactWritesManyMessagesAtOnce) {
  JorgeFixture jorge;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) threads.emplace_back([&, i] { jorge.send("c", "Message " + std::to_string(i)); });
  for (std::thread& thread : threads) thread.join();
  const auto history = jorge.store().load("c").value().history;
  ASSERT_EQ(history.size(), 16U);
  for (std::size_t i = 0; i < history.size(); ++i) {
    EXPECT_EQ(history[i].role, i % 2 == 0 ? Role::Contact : Role::Bot) << "each message has its reply before the next";
  }
}

TEST(Webhook, HonoursAnOptOutForGood) {
  JorgeFixture jorge;
  const Reply reply = jorge.send("c", "Please stop texting me");
  EXPECT_EQ(reply.text("status"), "opted_out");
  EXPECT_THAT(jorge.crm_requests(), Contains(R"(POST /contacts/c/tags {"tags":["AI-Off"]})"));
  EXPECT_EQ(jorge.send("c", buyer_text).text("status"), "inactive");
}

TEST(Webhook, LetsTheCrmSendAnOptOutAgainThatCouldNotBeRecorded) {
  JorgeFixture jorge;
  jorge.break_crm("POST", 1, 503);
  EXPECT_EQ(jorge.send("c", "unsubscribe").status, 503);
  EXPECT_EQ(jorge.send("c", "unsubscribe").text("status"), "opted_out");
}

TEST(Webhook, StaysSilentForContactsThatAHumanHas) {
  JorgeFixture jorge;
  const Reply reply = jorge.post(webhook, R"({"contactId":"c","body":"Hello","tags":["Stop-Bot","Needs Qualifying"]})");
  EXPECT_EQ(reply.text("status"), "inactive");
  EXPECT_EQ(reply.text("message"), "");
}

TEST(Webhook, AsksWhatAnEmptyMessageMeant) {
  JorgeFixture jorge;
  EXPECT_THAT(jorge.send("c", "").text("message"), HasSubstr("say more"));
}

TEST(Webhook, SendsRepliesThroughTheCrmIfToldSo) {
  JorgeFixture jorge({.messages = {.sends_replies = true}});
  const std::string message = jorge.send("c", "Hello").text("message");
  EXPECT_THAT(jorge.crm_requests(),
              Contains(R"(POST /conversations/messages {"type":"SMS","contactId":"c","message":")" + message + "\"}"));
}

TEST(BuyerConversation, StaysWithTheBuyerBotUntilAllQuestionsAreAnswered) {
  JorgeFixture jorge;
  EXPECT_THAT(jorge.send("c", buyer_text).text("message"), HasSubstr("bedrooms"));
  EXPECT_THAT(jorge.send("c", "Three, and we would like a pool").text("message"), HasSubstr("When would you"));
  EXPECT_THAT(jorge.send("c", "As soon as possible").text("message"), HasSubstr("Which part"));
  const Reply last = jorge.send("c", "Upland");
  EXPECT_EQ(last.text("bot"), "buyer_bot");
  EXPECT_THAT(last.text("message"), HasSubstr("Which day suits you"));
}

TEST(BuyerConversation, PassesToTheSellerBotWhenAHomeMustBeSoldFirst) {
  JorgeFixture jorge;
  EXPECT_EQ(jorge.send("c", buyer_text).text("bot"), "buyer_bot");
  const Reply reply = jorge.send("c", seller_text);
  EXPECT_EQ(reply.text("handoff.source_bot"), "buyer");
  EXPECT_EQ(reply.text("handoff.target_bot"), "seller");
  EXPECT_EQ(reply.text("bot"), "seller_bot");
  EXPECT_EQ(jorge.send("c", buyer_text + "!").text("handoff.blocked_by"), "circular") << "not back and forth";
}

TEST(LeadConversation, OffersAComparisonOnceAndThenWaits) {
  JorgeFixture jorge;
  EXPECT_THAT(jorge.send("c", "Hello there").text("message"), HasSubstr("purchase or a sale"));
  EXPECT_THAT(jorge.send("c", "What are prices like?").text("message"), HasSubstr("What is the address"));
  EXPECT_EQ(jorge.send("c", "And the value of a condo?").text("bot"), "lead_bot");
}

TEST(HandoffOutcomeReport, ChangesWhatARouteNeeds) {
  JorgeFixture jorge;
  const std::string body = R"({"source_bot":"lead","target_bot":"buyer","outcome":"successful"})";
  for (int i = 0; i < 10; ++i) ASSERT_EQ(jorge.post("/api/v1/handoffs/outcomes", body).status, 200);
  EXPECT_EQ(jorge.handoffs().learned({Bot::Lead, Bot::Buyer}).value().adjustment, -0.05);
  EXPECT_EQ(jorge.post("/api/v1/handoffs/outcomes", R"({"source_bot":"buyer","target_bot":"lead","outcome":"failed"})")
                .status,
            400);
  EXPECT_EQ(
      jorge.post("/api/v1/handoffs/outcomes", R"({"source_bot":"lead","target_bot":"buyer","outcome":"great"})").status,
      400);
}

}  // namespace
}  // namespace jorge
