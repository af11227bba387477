#include "segue/export/memory_exporter.h"

#include <gtest/gtest.h>

#include <optional>
#include <thread>

#include "test_batch.h"

namespace segue {
namespace {

TEST(ExportBatch, KnowsItsSize) {
  const test::TestBatch batch;
  EXPECT_EQ(batch.get().span_count(), 3U);
  EXPECT_GT(batch.get().byte_count(), 200U);
  EXPECT_EQ(ExportBatch().span_count(), 0U);
  EXPECT_EQ(ExportBatch().byte_count(), 0U);
}

TEST(MemoryExporter, KeepsSpansWithTheirResourceAndScope) {
  MemoryExporter exporter;
  {
    const test::TestBatch batch;
    ASSERT_EQ(exporter.export_spans(batch.get()).outcome, ExportOutcome::Delivered);
    ASSERT_EQ(exporter.export_spans(batch.get()).outcome, ExportOutcome::Delivered);
  }
  const SpanList list = exporter.finished_spans();
  ASSERT_EQ(list.spans.size(), 6U);
  EXPECT_EQ(list.spans[0].name, "lead_bot.analyze_intent");
  EXPECT_EQ(list.spans[0].scope->name, "acme.bots");
  EXPECT_EQ(list.spans[0].scope->schema_url, "https://opentelemetry.io/schemas/1.44.0");
  EXPECT_EQ(list.spans[2].name, "GET");
  EXPECT_EQ(list.spans[2].scope->name, "");
  EXPECT_EQ(list.spans[5].resource->service(), "bots");
  EXPECT_EQ(find_string(list.spans[5].attributes, attributes::workflow_contact_id), "c-1");
}

TEST(MemoryExporter, SpansOutliveTheExporterAndClearing) {
  std::optional<MemoryExporter> exporter(std::in_place);
  static_cast<void>(exporter->export_spans(test::TestBatch().get()));
  const SpanList list = exporter->finished_spans();
  exporter->clear();
  EXPECT_TRUE(exporter->finished_spans().spans.empty());
  exporter.reset();
  EXPECT_EQ(list.spans.at(1).name, "handoff.lead_to_buyer");
}

TEST(MemoryExporter, RejectsWhatIsNotOtlp) {
  MemoryExporter exporter;
  const ExportRegion region = {.spans = "\x12\x7fshort", .span_count = 1};
  const ExportResult result = exporter.export_spans({.resource = {}, .regions = {&region, 1}});
  EXPECT_EQ(result.outcome, ExportOutcome::Rejected);
  EXPECT_NE(result.message, "");
}

TEST(MemoryExporter, MayBeReadWhileItIsWritten) {
  MemoryExporter exporter;
  std::thread writer([&] {
    const test::TestBatch batch;
    for (int i = 0; i < 100; ++i) static_cast<void>(exporter.export_spans(batch.get()));
  });
  while (exporter.finished_spans().spans.size() < 300) std::this_thread::yield();
  writer.join();
  EXPECT_EQ(exporter.finished_spans().spans.size(), 300U);
}

}  // namespace
}  // namespace segue
