// The store: what it keeps, across restarts and from many threads.
#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "segue/base/random.h"
#include "store/conversation_json.h"
#include "store/conversation_store.h"

namespace jorge {
namespace {

using testing::ElementsAre;
using testing::Pair;

class StoreFile {
 public:
  StoreFile()
      : directory_(std::filesystem::temp_directory_path() / ("jorge_store_" + std::to_string(segue::random_bits()))) {
    std::filesystem::create_directory(directory_);
  }
  ~StoreFile() { std::filesystem::remove_all(directory_); }
  std::string path() const { return directory_ / "jorge.db"; }

 private:
  std::filesystem::path directory_;
};

TEST(ConversationStore, KnowsEverythingAfterARestart) {
  const StoreFile file;
  const TimePoint now = from_unix_nanos(1'700'000'000'123'456'789);
  {
    auto store = ConversationStore::open(file.path()).value();
    Conversation conversation;
    conversation.contact_id = "c";
    conversation.conversation_id = "thread";
    conversation.owner = Bot::Buyer;
    conversation.tags = {"Buyer-Lead"};
    conversation.current_step = "timeline";
    conversation.temperature = "warm";
    conversation.answers = {{"budget", "400000 to 500000"}};
    conversation.pending_question = "bedrooms";
    conversation.deferred = DeferredHandoff{Bot::Seller, 0.85, now};
    const std::vector<Message> messages = {{Role::Contact, "Hi", now}, {Role::Bot, "Hello", now}};
    ASSERT_TRUE(store->save(conversation, messages));
    ASSERT_TRUE(
        store->record_handoff("c", {Bot::Lead, Bot::Buyer, now - std::chrono::hours(1), {.traceparent = "00-0-0-01"}}));
    ASSERT_TRUE(
        store->record_handoff("c", {Bot::Lead, Bot::Buyer, now, {.traceparent = "00-1-2-01", .tracestate = "a=b"}}));
  }
  auto store = ConversationStore::open(file.path()).value();
  const Conversation loaded = store->load("c").value();
  EXPECT_EQ(loaded.conversation_id, "thread");
  EXPECT_EQ(loaded.owner, Bot::Buyer);
  EXPECT_THAT(loaded.tags, ElementsAre("Buyer-Lead"));
  EXPECT_EQ(loaded.current_step, "timeline");
  EXPECT_EQ(loaded.temperature, "warm");
  EXPECT_THAT(loaded.answers, ElementsAre(Pair("budget", "400000 to 500000")));
  EXPECT_EQ(loaded.pending_question, "bedrooms");
  ASSERT_TRUE(loaded.deferred);
  EXPECT_EQ(loaded.deferred->target, Bot::Seller);
  EXPECT_EQ(loaded.deferred->confidence, 0.85);
  EXPECT_EQ(loaded.deferred->time, now);
  ASSERT_TRUE(loaded.handoff_trace);
  EXPECT_EQ(loaded.handoff_trace->context.traceparent, "00-1-2-01");
  EXPECT_EQ(loaded.handoff_trace->context.tracestate, "a=b");
  EXPECT_EQ(loaded.handoff_trace->context.baggage, std::nullopt);
  EXPECT_EQ(loaded.handoff_trace->time, now);
  ASSERT_EQ(loaded.history.size(), 2U);
  EXPECT_EQ(loaded.history[0].text, "Hi");
  EXPECT_EQ(loaded.history[1].role, Role::Bot);
  EXPECT_EQ(store->handoffs_since("c", now).value().size(), 1U);
}

TEST(ConversationStore, GivesAnUnknownContactToTheLeadBot) {
  const Conversation conversation = ConversationStore::open(":memory:").value()->load("nobody").value();
  EXPECT_EQ(conversation.contact_id, "nobody");
  EXPECT_EQ(conversation.owner, Bot::Lead);
  EXPECT_TRUE(conversation.history.empty());
}

TEST(ConversationStore, ContinuesNothingAfterAHandoffWithoutATrace) {
  auto store = ConversationStore::open(":memory:").value();
  const TimePoint now = from_unix_nanos(1'700'000'000'000'000'000);
  Conversation conversation;
  conversation.contact_id = "c";
  ASSERT_TRUE(store->save(conversation, {}));
  EXPECT_FALSE(store->load("c").value().handoff_trace);
  ASSERT_TRUE(store->record_handoff("c", {Bot::Lead, Bot::Buyer, now, {.traceparent = "00-1-2-01"}}));
  ASSERT_TRUE(store->record_handoff("other", {Bot::Lead, Bot::Buyer, now, {.traceparent = "00-3-4-01"}}));
  EXPECT_EQ(store->load("c").value().handoff_trace->context.traceparent, "00-1-2-01");
  ASSERT_TRUE(store->record_handoff("c", {Bot::Buyer, Bot::Seller, now}));
  EXPECT_FALSE(store->load("c").value().handoff_trace);
}

TEST(ConversationStore, LoadsTheLastFiftyMessages) {
  auto store = ConversationStore::open(":memory:").value();
  Conversation conversation;
  conversation.contact_id = "c";
  for (int i = 0; i < 60; ++i) {
    const std::vector<Message> messages = {{Role::Contact, std::to_string(i), {}}};
    ASSERT_TRUE(store->save(conversation, messages));
  }
  const Conversation loaded = store->load("c").value();
  ASSERT_EQ(loaded.history.size(), 50U);
  EXPECT_EQ(loaded.history.front().text, "10");
  EXPECT_EQ(loaded.history.back().text, "59");
}

TEST(ConversationStore, SaysWhatIsWrongWithAFileThatIsNoDatabase) {
  const StoreFile file;
  std::ofstream(file.path()) << "this is a text file, not a database; it is long enough to have a header of its own";
  const auto store = ConversationStore::open(file.path());
  ASSERT_FALSE(store);
  EXPECT_THAT(store.error().message, testing::HasSubstr("not a database"));
}

TEST(Lease, GoesToExactlyOneOfManyThreads) {
  const StoreFile file;
  auto first_store = ConversationStore::open(file.path()).value();
  auto second_store = ConversationStore::open(file.path()).value();  // as another process would
  const TimePoint now = std::chrono::system_clock::now();
  std::atomic<int> winners = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      auto& store = i % 2 == 0 ? *first_store : *second_store;
      winners += store.acquire_lease("lease", std::to_string(i), now, std::chrono::seconds(30)).value() ? 1 : 0;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(winners, 1);
}

TEST(Lease, IsFreeAgainWhenItsTimeIsUpOrItWasGivenBack) {
  auto store = ConversationStore::open(":memory:").value();
  const TimePoint now = std::chrono::system_clock::now();
  using std::chrono::seconds;
  ASSERT_TRUE(store->acquire_lease("a", "x", now, seconds(90)).value());
  EXPECT_FALSE(store->acquire_lease("a", "y", now + seconds(89), seconds(90)).value());
  EXPECT_TRUE(store->acquire_lease("a", "y", now + seconds(90), seconds(90)).value());
  ASSERT_TRUE(store->release_lease("a", "y"));
  EXPECT_TRUE(store->acquire_lease("a", "z", now + seconds(91), seconds(90)).value());
}

}  // namespace
}  // namespace jorge
