// Whole trees as text: a trace in the form its readers know, and a journey of two days.
#include <gtest/gtest.h>

#include "golden.h"
#include "segue/otlp/decode.h"
#include "segue/otlp/json.h"
#include "segue/server/query/text_tree.h"

namespace segue::test {
namespace {

TEST(Golden, MasksDurationsAndTimesButNoNames) {
  EXPECT_EQ(mask_times("Trace ID: 7f\nDuration: 350ms\n├─ wait(5s) 10ms (8.4ms) ERROR: 62µs\n"),
            "Trace ID: 7f\nDuration: *\n├─ wait(*) 10ms (*) ERROR: 62µs\n");
  EXPECT_EQ(mask_times("at 2025-05-12T09:14:02Z .. 2025-05-12"), "at * .. 2025-05-12");
}

TEST(Golden, TheTraceOfALeadHandedToTheBuyerBot) {
  const Result<std::string> body = otlp::request_from_json(read_golden("lead_to_buyer.otlp.json"));
  ASSERT_TRUE(body) << body.error().message;
  const auto request = otlp::decode_request(*body);
  ASSERT_TRUE(request) << request.error().message;
  const TraceId id = TraceId::from_hex("7f8a9b2c3d4e5f607182930a4b5c6d7e").value();
  std::vector<SpanView> spans;
  for (const SpanView& span : request->list.spans) {
    if (span.trace_id == id) spans.push_back(span);
  }
  const std::string tree = server::render_trace(id, spans);
  expect_golden(mask_times(tree), "lead_to_buyer.trace.txt");
  EXPECT_NE(tree.find("Duration: 350ms\n"), std::string::npos);
  EXPECT_NE(tree.find("└─ httpx.post [ghl_tags] (90ms)\n"), std::string::npos);
}

}  // namespace
}  // namespace segue::test
