#include "segue/export/console_exporter.h"

#include <gtest/gtest.h>

#include <sstream>

#include "test_batch.h"

namespace segue {
namespace {

constexpr const char* expected_text =
    R"(2026-03-01T09:30:00.000125Z lead_bot.analyze_intent 101.300 ms internal
  trace 000000000000000000000000000000aa span 0000000000000001 service bots scope acme.bots 1.4.0
  workflow.contact_id = "c-1"
2026-03-01T09:30:00.000125Z handoff.lead_to_buyer 101.300 ms internal error: blocked?by rate limit
  trace 000000000000000000000000000000aa span 0000000000000002 parent 0000000000000001 service bots scope acme.bots 1.4.0
  workflow.contact_id = "c-1"
  event rate_limited +12.500 ms {"limit":3,"hard":true}
  link trace 000000000000000000000000000000bb span 0000000000000009 {}
2026-03-01T09:30:00.000125Z GET 101.300 ms internal
  trace 000000000000000000000000000000aa span 0000000000000003 parent 0000000000000001 service bots
  workflow.contact_id = "c-1"
)";

TEST(ConsoleExporter, PrintsSpansForPeople) {
  std::ostringstream out;
  ConsoleExporter exporter(out);
  EXPECT_EQ(exporter.export_spans(test::TestBatch().get()).outcome, ExportOutcome::Delivered);
  EXPECT_EQ(out.str(), expected_text);
}

TEST(ConsoleExporter, SaysWhenTheStreamRefuses) {
  std::ostringstream out;
  out.setstate(std::ios::badbit);
  ConsoleExporter exporter(out);
  EXPECT_EQ(exporter.export_spans(test::TestBatch().get()).outcome, ExportOutcome::Rejected);
}

}  // namespace
}  // namespace segue
