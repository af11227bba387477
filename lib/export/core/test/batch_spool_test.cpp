#include <gtest/gtest.h>

#include <atomic>
#include <deque>
#include <mutex>
#include <thread>

#include "segue/export/batch_processor.h"
#include "segue/export/fan_out_exporter.h"
#include "segue/export/memory_exporter.h"
#include "segue/trace/record_queue.h"
#include "spool_test_support.h"

namespace segue {
namespace {

using namespace std::chrono_literals;
using test::TemporaryFolder;

// A collector that can go away and come back; outlives the processes that send to it.
class Collector {
 public:
  ExportResult receive(const ExportBatch& batch) {
    const std::lock_guard lock(mutex_);
    ++attempts_;
    if (is_away_) return {.outcome = ExportOutcome::Retryable, .message = "connection refused"};
    if (!answers_.empty()) {
      const ExportResult answer = answers_.front();
      answers_.pop_front();
      return answer;
    }
    return memory_.export_spans(batch);
  }
  void go_away() { set_away(true); }
  void come_back() { set_away(false); }
  void answer_next(const ExportResult& answer) {
    const std::lock_guard lock(mutex_);
    answers_.push_back(answer);
  }
  std::vector<std::string> names() const {
    const SpanList list = memory_.finished_spans();
    std::vector<std::string> names;
    for (const SpanView& span : list.spans) names.emplace_back(span.name);
    return names;
  }
  int attempts() const {
    const std::lock_guard lock(mutex_);
    return attempts_;
  }

 private:
  void set_away(bool is_away) {
    const std::lock_guard lock(mutex_);
    is_away_ = is_away;
  }
  mutable std::mutex mutex_;
  bool is_away_ = false;
  int attempts_ = 0;
  std::deque<ExportResult> answers_;
  MemoryExporter memory_;
};

class CollectorExporter final : public Exporter {
 public:
  explicit CollectorExporter(Collector& collector) : collector_(collector) {}
  ExportResult export_spans(const ExportBatch& batch) noexcept override { return collector_.receive(batch); }
  std::string_view name() const noexcept override { return "collector"; }

 private:
  Collector& collector_;
};

// One process that sends to the collector and spools into the folder.
struct Sender {
  Sender(Collector& collector, const std::string& folder, std::uint64_t max_bytes = 1 << 20,
         TracerProviderOptions provider_options = {}, std::chrono::milliseconds export_timeout = 0ms)
      : Sender(std::make_unique<CollectorExporter>(collector), folder, max_bytes, provider_options, export_timeout) {}
  Sender(std::unique_ptr<Exporter> exporter, const std::string& folder, std::uint64_t max_bytes = 1 << 20,
         TracerProviderOptions provider_options = {}, std::chrono::milliseconds export_timeout = 0ms)
      : provider(*TracerProvider::create(provider_options)),
        tracer(provider.tracer("t")),
        processor(*BatchProcessor::start(provider, std::move(exporter),
                                         {.schedule_delay = 1h,
                                          .export_timeout = export_timeout,
                                          .retry = {.initial_delay = 1ms, .max_delay = 1ms},
                                          .spool = SpoolOptions{.folder = folder, .max_bytes = max_bytes}})) {}

  void record(const std::string& name) const { tracer.start_span(name).end(); }
  void record_and_flush(const std::string& name) const {
    record(name);
    EXPECT_TRUE(processor->flush(1min));
  }
  TraceStats stats() const { return provider.stats(); }

  TracerProvider provider;
  Tracer tracer;
  std::unique_ptr<BatchProcessor> processor;
};

std::unique_ptr<Exporter> exporter_to(std::initializer_list<Collector*> collectors) {
  std::vector<std::unique_ptr<Exporter>> exporters;
  for (Collector* collector : collectors) exporters.push_back(std::make_unique<CollectorExporter>(*collector));
  return std::make_unique<FanOutExporter>(std::move(exporters));
}

void expect_to_add_up(const TraceStats& stats) {
  EXPECT_EQ(stats.started, stats.exported + stats.dropped_total() + stats.spooled);
}

using Names = std::vector<std::string>;

TEST(BatchSpool, KeepsWhatCannotBeDeliveredAndDeliversItInOrderBeforeWhatIsYounger) {
  const TemporaryFolder folder;
  Collector collector;
  collector.go_away();
  const Sender sender(collector, folder.path().string());
  sender.record_and_flush("a");
  sender.record_and_flush("b");
  EXPECT_EQ(sender.stats().spooled, 2U);
  EXPECT_EQ(sender.stats().dropped_total(), 0U);
  collector.come_back();
  while (sender.stats().spooled > 0) std::this_thread::yield();  // it tries again by itself
  sender.record_and_flush("c");
  EXPECT_EQ(collector.names(), (Names{"a", "b", "c"}));
  EXPECT_EQ(sender.stats().exported, 3U);
  expect_to_add_up(sender.stats());
}

TEST(BatchSpool, KeepsTheOrderWhenTheCollectorComesBackInAFlush) {
  const TemporaryFolder folder;
  Collector collector;
  collector.go_away();
  const Sender sender(collector, folder.path().string());
  Names all;
  for (int i = 0; i < 50; ++i) {
    all.push_back(std::to_string(i));
    sender.record_and_flush(all.back());
    if (i == 20) collector.come_back();
  }
  while (sender.stats().spooled > 0) std::this_thread::yield();
  EXPECT_EQ(collector.names(), all);
}

TEST(BatchSpool, LosesNothingWhenItShutsDownWhileTheCollectorIsAway) {
  const TemporaryFolder folder;
  Collector collector;
  collector.go_away();
  {
    const Sender sender(collector, folder.path().string(), 1 << 20, {}, 1h);
    for (int i = 0; i < 600; ++i) sender.record(std::to_string(i));
    EXPECT_TRUE(sender.processor->shutdown(0ms));
    EXPECT_EQ(sender.stats().spooled, 600U);
    expect_to_add_up(sender.stats());
  }
  collector.come_back();
  const Sender next(collector, folder.path().string());
  next.record_and_flush("of the next process");
  while (collector.names().size() < 601) std::this_thread::yield();
  EXPECT_TRUE(next.processor->shutdown(1min));
  EXPECT_EQ(collector.names().front(), "0");
  EXPECT_EQ(collector.names().back(), "of the next process");
  EXPECT_EQ(next.stats().recovered, 600U);
  EXPECT_EQ(next.stats().exported, 1U);
  expect_to_add_up(next.stats());
}

TEST(BatchSpool, MakesWayForTheQueueBeforeRetriesAreOver) {
  const TemporaryFolder folder;
  Collector collector;
  collector.go_away();
  const Sender sender(collector, folder.path().string(), 1 << 20, {.max_queue_spans = 1000}, 24h);
  for (int i = 0; i < 900; ++i) sender.record("s");
  while (sender.stats().spooled == 0) std::this_thread::yield();  // hangs, and so fails, if it goes on retrying
  EXPECT_TRUE(sender.processor->flush(1min));
  EXPECT_EQ(sender.stats().dropped_total(), 0U);
}

TEST(BatchSpool, CountsWhatHasToMakeRoomInAFullSpool) {
  const TemporaryFolder folder;
  Collector collector;
  collector.go_away();
  const Sender sender(collector, folder.path().string(), 64 << 10);
  for (int i = 0; i < 300; ++i) sender.record_and_flush(std::string(1000, 'x'));
  const TraceStats stats = sender.stats();
  EXPECT_GT(stats.dropped_by(DropReason::SpoolFull), 0U);
  EXPECT_GT(stats.spooled, 0U);
  expect_to_add_up(stats);
}

TEST(BatchSpool, CountsWhatTheCollectorRefusesOfTheSpool) {
  const TemporaryFolder folder;
  Collector collector;
  collector.go_away();
  const Sender sender(collector, folder.path().string());
  for (const char* name : {"a", "b", "c"}) sender.record_and_flush(name);
  collector.answer_next({.outcome = ExportOutcome::Rejected, .message = "bad data"});
  collector.answer_next({.rejected_spans = 1});
  collector.come_back();
  while (sender.stats().spooled > 0) std::this_thread::yield();
  EXPECT_EQ(collector.names(), Names{"c"});
  EXPECT_EQ(sender.stats().dropped_by(DropReason::ExportFailed), 1U);
  EXPECT_EQ(sender.stats().dropped_by(DropReason::PartialReject), 1U);
  expect_to_add_up(sender.stats());
}

TEST(BatchSpool, CountsWhatAnEarlierProcessLeftDamaged) {
  const TemporaryFolder folder;
  Collector collector;
  collector.go_away();
  {
    const Sender sender(collector, folder.path().string());
    for (const char* name : {"a", "b", "c"}) sender.record_and_flush(name);
  }
  const auto segment = folder.segments().at(0);
  std::string bytes = test::read_bytes(segment);
  bytes[100] = static_cast<char>(bytes[100] ^ 1);
  test::write_bytes(segment, bytes);
  collector.come_back();
  const Sender next(collector, folder.path().string());
  EXPECT_TRUE(next.processor->shutdown(1min));
  EXPECT_EQ(collector.names(), (Names{"b", "c"}));
  EXPECT_EQ(next.stats().recovered, 2U);
  EXPECT_EQ(next.stats().recovered_lost, 1U);
  EXPECT_EQ(next.stats().started, 0U);
}

TEST(BatchSpool, WorksWithoutAFolderItCannotUseAndCountsWhatThatLoses) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "file";
  test::write_bytes(file, "in the way");
  Collector collector;
  const Sender sender(collector, (file / "spool").string());
  sender.record_and_flush("a");
  EXPECT_EQ(sender.stats().exported, 1U);
  collector.go_away();
  sender.record_and_flush("b");
  EXPECT_EQ(sender.stats().dropped_by(DropReason::SpoolFailed), 1U);
  std::filesystem::remove(file);
  sender.record_and_flush("c");  // the folder can be made now
  EXPECT_EQ(sender.stats().spooled, 1U);
  expect_to_add_up(sender.stats());
}

TEST(BatchSpool, SendsARetriedBatchOnlyWhereItIsMissing) {
  const TemporaryFolder folder;
  Collector steady;
  Collector shaky;
  shaky.answer_next({.outcome = ExportOutcome::Retryable});
  const Sender sender(exporter_to({&steady, &shaky}), folder.path().string(), 1 << 20, {}, 1h);
  sender.record_and_flush("a");
  EXPECT_EQ(sender.stats().exported, 1U);
  EXPECT_EQ(steady.names(), (Names{"a"}));
  EXPECT_EQ(shaky.names(), (Names{"a"}));
  EXPECT_EQ(steady.attempts(), 1);
}

TEST(BatchSpool, SendsAReplayedBatchOnlyWhereItIsMissing) {
  const TemporaryFolder folder;
  Collector steady;
  Collector shaky;
  Collector away;
  shaky.answer_next({.outcome = ExportOutcome::Retryable});
  away.go_away();
  const Sender sender(exporter_to({&steady, &shaky, &away}), folder.path().string());
  sender.record_and_flush("a");
  sender.record_and_flush("b");  // behind the first, so nobody has it yet
  EXPECT_TRUE(sender.processor->flush(1min));
  EXPECT_EQ(shaky.names(), (Names{"a"}));
  EXPECT_EQ(shaky.attempts(), 2);
  EXPECT_EQ(sender.stats().spooled, 2U);
  away.come_back();
  EXPECT_TRUE(sender.processor->flush(1min));
  for (const Collector* each : {&steady, &shaky, &away}) EXPECT_EQ(each->names(), (Names{"a", "b"}));
  EXPECT_EQ(steady.attempts(), 2);
  EXPECT_EQ(shaky.attempts(), 3);
  EXPECT_EQ(sender.stats().exported, 2U);
  expect_to_add_up(sender.stats());
}

}  // namespace
}  // namespace segue
