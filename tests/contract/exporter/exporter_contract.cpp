#include "exporter_contract.h"

#include <dirent.h>

#include <algorithm>
#include <set>
#include <span>

#include "encoded_batch.h"
#include "sample_spans.h"

namespace segue::contract {
namespace {

std::size_t open_descriptors() {
  DIR* folder = opendir("/proc/self/fd");
  std::size_t count = 0;
  while (readdir(folder) != nullptr) ++count;
  closedir(folder);
  return count;
}

std::vector<ReceivedSpan> expected(const Receiver& receiver, std::span<const SpanView> spans) {
  std::vector<ReceivedSpan> all;
  for (const SpanView& span : spans) all.push_back(receiver.carried(to_received(span)));
  return all;
}

void expect_delivered(const ExportResult& result) {
  EXPECT_EQ(result.outcome, ExportOutcome::Delivered) << result.message;
  EXPECT_EQ(result.rejected_spans, 0U);
  EXPECT_EQ(result.retry_after, std::nullopt);
  EXPECT_EQ(result.message, "");
}

TEST_P(ExporterContract, DeliversEverySpanOnceWithAllThatTheFormatCarries) {
  const auto receiver = GetParam().make_receiver();
  const auto exporter = receiver->make_exporter();
  const SampleSpans sample;
  expect_delivered(exporter->export_spans(EncodedBatch(sample.spans()).get()));
  EXPECT_EQ(receiver->received(), expected(*receiver, sample.spans()));
}

TEST_P(ExporterContract, KeepsTheOrderOfBatches) {
  const auto receiver = GetParam().make_receiver();
  const auto exporter = receiver->make_exporter();
  const SampleSpans sample;
  std::vector<SpanView> all;
  for (std::uint64_t number = 1; number <= 5; ++number) {
    all.push_back(sample.numbered(number));
    expect_delivered(exporter->export_spans(EncodedBatch({&all.back(), 1}).get()));
  }
  EXPECT_EQ(receiver->received(), expected(*receiver, all));
}

TEST_P(ExporterContract, DeliversAnEmptyBatch) {
  const auto receiver = GetParam().make_receiver();
  const auto exporter = receiver->make_exporter();
  expect_delivered(exporter->export_spans(EncodedBatch({}).get()));
  EXPECT_TRUE(receiver->received().empty());
}

TEST_P(ExporterContract, DeliversABatchOfManyMegabytes) {
  const auto receiver = GetParam().make_receiver();
  const auto exporter = receiver->make_exporter();
  const SampleSpans sample;
  const std::string filler(2000, 'x');
  std::vector<SpanView> spans;
  for (std::uint64_t number = 1; number <= 3000; ++number) {
    spans.push_back(sample.numbered(number));
    spans.back().attributes.push_back({"filler", std::string_view(filler)});
  }
  const EncodedBatch batch(spans);
  ASSERT_GT(batch.get().byte_count(), 6'000'000U);
  expect_delivered(exporter->export_spans(batch.get()));
  EXPECT_TRUE(receiver->received() == expected(*receiver, spans));  // too long to be printed
}

// What is leaked in memory the address sanitizer tells.
TEST_P(ExporterContract, ServesThousandsOfBatchesWithTheSameFewDescriptors) {
  constexpr std::uint64_t batches = 2000;
  const auto receiver = GetParam().make_receiver();
  const auto exporter = receiver->make_exporter();
  const SampleSpans sample;
  std::size_t descriptors = 0;
  for (std::uint64_t number = 1; number <= batches; ++number) {
    const SpanView span = sample.numbered(number);
    ASSERT_EQ(exporter->export_spans(EncodedBatch({&span, 1}).get()).outcome, ExportOutcome::Delivered);
    if (number == batches / 10) descriptors = open_descriptors();
  }
  EXPECT_EQ(open_descriptors(), descriptors);
  std::set<std::string> ids;
  for (const ReceivedSpan& span : receiver->received()) ids.insert(span.span_id);
  EXPECT_EQ(receiver->received().size(), batches);
  EXPECT_EQ(ids.size(), batches);
}

TEST_P(FailingExporterContract, SaysWhyNothingWasDelivered) {
  const auto exporter = GetParam().make_exporter();
  const SampleSpans sample;
  const EncodedBatch batch(sample.spans());
  for (int i = 0; i < 2; ++i) {
    const ExportResult result = exporter->export_spans(batch.get());
    EXPECT_NE(result.outcome, ExportOutcome::Delivered);
    EXPECT_EQ(result.rejected_spans, 0U);
    EXPECT_NE(result.message, "");
  }
}

TEST_P(AnsweredExporterContract, UnderstandsEveryAnswer) {
  const SampleSpans sample;
  const EncodedBatch batch(sample.spans());
  for (const Answer& answer : GetParam().answers) {
    const ExportResult result = answer.send(batch.get());
    EXPECT_EQ(result.outcome, answer.outcome) << answer.name << ": " << result.message;
    EXPECT_EQ(result.retry_after, answer.retry_after) << answer.name;
    EXPECT_EQ(result.message.empty(), answer.outcome == ExportOutcome::Delivered) << answer.name;
  }
}

}  // namespace
}  // namespace segue::contract
