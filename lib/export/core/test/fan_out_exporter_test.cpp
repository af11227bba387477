#include "segue/export/fan_out_exporter.h"

#include <gtest/gtest.h>

#include "test_batch.h"

namespace segue {
namespace {

// Answers what it is told to, and counts how often it is asked.
class ScriptedExporter final : public Exporter {
 public:
  ScriptedExporter(ExportResult answer, int& calls) : answer_(std::move(answer)), calls_(calls) {}
  ExportResult export_spans(const ExportBatch&) noexcept override {
    ++calls_;
    return answer_;
  }
  std::string_view name() const noexcept override { return "scripted"; }

 private:
  ExportResult answer_;
  int& calls_;
};

struct FanOut : testing::Test {
  FanOutExporter make(ExportResult first, ExportResult second) {
    std::vector<std::unique_ptr<Exporter>> exporters;
    exporters.push_back(std::make_unique<ScriptedExporter>(std::move(first), calls[0]));
    exporters.push_back(std::make_unique<ScriptedExporter>(std::move(second), calls[1]));
    return FanOutExporter(std::move(exporters));
  }
  test::TestBatch batch;
  int calls[2] = {};
};

TEST_F(FanOut, EveryDestinationGetsEveryBatch) {
  auto exporter = make({}, {});
  EXPECT_EQ(exporter.export_spans(batch.get()).outcome, ExportOutcome::Delivered);
  EXPECT_EQ(exporter.export_spans(batch.get()).outcome, ExportOutcome::Delivered);
  EXPECT_EQ(calls[0], 2);
  EXPECT_EQ(calls[1], 2);
}

TEST_F(FanOut, ARetryAsksOnlyThoseThatDoNotHaveTheBatch) {
  using std::chrono::milliseconds;
  auto exporter = make({}, {.outcome = ExportOutcome::Retryable, .retry_after = milliseconds(7), .message = "away"});
  const ExportResult result = exporter.export_spans(batch.get());
  EXPECT_EQ(result.outcome, ExportOutcome::Retryable);
  EXPECT_EQ(result.retry_after, milliseconds(7));
  EXPECT_EQ(result.message, "scripted: away");
  EXPECT_EQ(exporter.export_spans(batch.get()).outcome, ExportOutcome::Retryable)
      << "a batch of the same bytes, but new";
  EXPECT_EQ(calls[0], 2);
  ExportBatch again = batch.get();
  again.progress = result.progress;
  EXPECT_EQ(exporter.export_spans(again).outcome, ExportOutcome::Retryable);
  EXPECT_EQ(calls[0], 2);
  EXPECT_EQ(calls[1], 3);
}

TEST_F(FanOut, WhatWasRefusedBeforeARetryCountsWhenTheBatchIsDone) {
  auto first = make({.outcome = ExportOutcome::Rejected}, {.outcome = ExportOutcome::Retryable});
  ExportBatch again = batch.get();
  again.progress = first.export_spans(batch.get()).progress;
  const ExportResult delivered = make({}, {}).export_spans(again);
  EXPECT_EQ(delivered.outcome, ExportOutcome::Delivered);
  EXPECT_EQ(delivered.rejected_spans, batch.get().span_count());
  EXPECT_EQ(make({}, {.outcome = ExportOutcome::Rejected}).export_spans(again).outcome, ExportOutcome::Rejected);
}

TEST_F(FanOut, HasRoomForAsManyDestinationsAsItPromises) {
  std::vector<std::unique_ptr<Exporter>> exporters;
  for (std::size_t i = 1; i < FanOutExporter::max_destinations; ++i) {
    exporters.push_back(std::make_unique<ScriptedExporter>(ExportResult{}, calls[0]));
  }
  exporters.push_back(std::make_unique<ScriptedExporter>(ExportResult{.outcome = ExportOutcome::Retryable}, calls[1]));
  FanOutExporter exporter(std::move(exporters));
  ExportBatch again = batch.get();
  for (int i = 0; i < 2; ++i) again.progress = exporter.export_spans(again).progress;
  EXPECT_EQ(calls[0], 63);
  EXPECT_EQ(calls[1], 2);
}

TEST_F(FanOut, WhatOnlySomeRefuseCountsAsRejectedSpans) {
  auto exporter = make({.rejected_spans = 1}, {.outcome = ExportOutcome::Rejected, .message = "no"});
  const ExportResult result = exporter.export_spans(batch.get());
  EXPECT_EQ(result.outcome, ExportOutcome::Delivered);
  EXPECT_EQ(result.rejected_spans, batch.get().span_count());
  EXPECT_EQ(result.message, "scripted: no");
}

TEST_F(FanOut, WhatAllRefuseIsRejected) {
  auto exporter = make({.outcome = ExportOutcome::Rejected}, {.outcome = ExportOutcome::Rejected});
  EXPECT_EQ(exporter.export_spans(batch.get()).outcome, ExportOutcome::Rejected);
}

}  // namespace
}  // namespace segue
