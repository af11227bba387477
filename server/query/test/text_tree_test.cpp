#include "segue/server/query/text_tree.h"

#include <gtest/gtest.h>

#include "segue/server/testing/spans.h"

namespace segue::server {
namespace {

using testing::make_spans;
using testing::SpanFields;
using testing::trace_id;

std::string render(std::vector<SpanFields> fields) {
  const auto made = make_spans(std::move(fields));
  return render_trace(trace_id(1), made.spans());
}

TEST(Duration, IsWholeMillisecondsFromTenOn) {
  EXPECT_EQ(format_duration(10'000'000), "10ms");
  EXPECT_EQ(format_duration(12'300'000), "12ms");
  EXPECT_EQ(format_duration(9'999'499'999), "9999ms");
}

TEST(Duration, HasOneDecimalBelowTenMilliseconds) {
  EXPECT_EQ(format_duration(8'449'000), "8.4ms");
  EXPECT_EQ(format_duration(9'940'000), "9.9ms");
  EXPECT_EQ(format_duration(9'960'000), "10ms");
  EXPECT_EQ(format_duration(100'000), "0.1ms");
}

TEST(Duration, IsWholeMicrosecondsBelowATenthOfAMillisecond) {
  EXPECT_EQ(format_duration(0), "0µs");
  EXPECT_EQ(format_duration(62'400), "62µs");
  EXPECT_EQ(format_duration(99'900), "0.1ms");
}

TEST(Duration, IsSecondsFromTenOn) {
  EXPECT_EQ(format_duration(9'999'600'000), "10.0s");
  EXPECT_EQ(format_duration(12'340'000'000), "12.3s");
  EXPECT_EQ(format_duration(3ULL * 86'400 * 1'000'000'000), "259200.0s");
}

TEST(Utc, IsWrittenToTheSecond) { EXPECT_EQ(format_utc(testing::test_epoch_nanos), "2025-05-12T09:14:02Z"); }

TEST(TextTree, DrawsALoneRootAndItsRails) {
  EXPECT_EQ(render({{.id = 1, .name = "POST /api/v1/webhooks/ghl", .end_ms = 350},
                    {.id = 2, .parent = 1, .name = "lead_bot.analyze_intent", .start_ms = 10, .end_ms = 110},
                    {.id = 3, .parent = 2, .name = "intent_decoder.analyze_lead", .start_ms = 20, .end_ms = 100},
                    {.id = 4, .parent = 1, .name = "buyer_bot.process", .start_ms = 200, .end_ms = 300},
                    {.id = 5, .parent = 4, .name = "buyer_bot.reply", .start_ms = 210, .end_ms = 215}}),
            "Trace ID: 00000000000000000000000000000001\n"
            "Duration: 350ms\n"
            "\n"
            "├─ POST /api/v1/webhooks/ghl (350ms)\n"
            "│  ├─ lead_bot.analyze_intent (100ms)\n"
            "│  │  └─ intent_decoder.analyze_lead (80ms)\n"
            "│  └─ buyer_bot.process (100ms)\n"
            "│     └─ buyer_bot.reply (5.0ms)\n");
}

TEST(TextTree, ClosesTheLastOfSeveralRoots) {
  EXPECT_EQ(render({{.id = 1, .name = "first", .end_ms = 20},
                    {.id = 2, .parent = 77, .name = "second", .start_ms = 5, .end_ms = 30},
                    {.id = 3, .parent = 2, .name = "child", .start_ms = 6, .end_ms = 30}}),
            "Trace ID: 00000000000000000000000000000001\n"
            "Duration: 30ms\n"
            "\n"
            "├─ first (20ms)\n"
            "└─ second (25ms)\n"
            "   └─ child (24ms)\n");
}

TEST(TextTree, AppendsWhatWentWrong) {
  const std::string text =
      render({{.id = 1, .name = "a", .end_ms = 10, .failed = true, .status_message = "rate\nlimited"},
              {.id = 2, .parent = 1, .name = "b", .end_ms = 10, .failed = true}});
  EXPECT_NE(text.find("├─ a (10ms) ERROR: rate limited\n"), std::string::npos) << text;
  EXPECT_NE(text.find("└─ b (10ms) ERROR\n"), std::string::npos) << text;
}

TEST(TextTree, StaysWithinReasonHoweverDeepTheTrace) {
  std::vector<SpanFields> chain;
  for (unsigned id = 1; id <= 20'000; ++id) chain.push_back({.id = id, .parent = id - 1, .start_ms = id, .end_ms = id});
  EXPECT_LT(render(std::move(chain)).size(), 20'000U * 1200U);
}

TEST(TextTree, OfATraceWhoseSpansEndBeforeTheyBeginHasNoNegativeTimes) {
  EXPECT_EQ(render({{.id = 1, .name = "a", .start_ms = 10, .end_ms = 0}}),
            "Trace ID: 00000000000000000000000000000001\nDuration: 0µs\n\n├─ a (0µs)\n");
}

}  // namespace
}  // namespace segue::server
