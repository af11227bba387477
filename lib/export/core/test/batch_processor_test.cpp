#include "segue/export/batch_processor.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <deque>
#include <mutex>
#include <thread>

#include "segue/export/request_frame.h"

namespace segue {
namespace {

using namespace std::chrono_literals;

// Answers from a script, then delivers; remembers what came. Shared with the processor that owns the exporter.
struct Script {
  std::mutex mutex;
  std::deque<ExportResult> answers;
  std::vector<std::uint64_t> batch_sizes;
  std::size_t largest_request = 0;
  std::atomic<std::uint64_t> delivered = 0;
};

class ScriptedExporter final : public Exporter {
 public:
  explicit ScriptedExporter(std::shared_ptr<Script> script) : script_(std::move(script)) {}
  ExportResult export_spans(const ExportBatch& batch) noexcept override {
    const std::lock_guard lock(script_->mutex);
    script_->batch_sizes.push_back(batch.span_count());
    script_->largest_request = std::max(script_->largest_request, RequestFrame(batch).size());
    ExportResult answer;
    if (!script_->answers.empty()) {
      answer = script_->answers.front();
      script_->answers.pop_front();
    }
    if (answer.outcome == ExportOutcome::Delivered) script_->delivered += batch.span_count();
    return answer;
  }
  std::string_view name() const noexcept override { return "scripted"; }

 private:
  std::shared_ptr<Script> script_;
};

struct Fixture {
  explicit Fixture(BatchOptions options = {.schedule_delay = 1h}, TracerProviderOptions provider_options = {})
      : provider(*TracerProvider::create(provider_options)),
        tracer(provider.tracer("t")),
        processor(*BatchProcessor::start(provider, std::make_unique<ScriptedExporter>(script), options)) {}

  void record(int spans) const {
    for (int i = 0; i < spans; ++i) tracer.start_span("s").end();
  }

  std::shared_ptr<Script> script = std::make_shared<Script>();
  TracerProvider provider;
  Tracer tracer;
  std::unique_ptr<BatchProcessor> processor;
};

constexpr RetryOptions quick_retry{.initial_delay = 1ms, .max_delay = 2ms};

TEST(BatchProcessor, FlushDeliversEverythingThatHasEnded) {
  Fixture f;
  f.record(1300);
  EXPECT_TRUE(f.processor->flush(1min));
  EXPECT_EQ(f.script->delivered, 1300U);
  for (const std::uint64_t size : f.script->batch_sizes) EXPECT_LE(size, 512U);
  EXPECT_EQ(f.provider.stats().exported, 1300U);
  EXPECT_EQ(f.provider.stats().dropped_total(), 0U);
}

TEST(BatchProcessor, SendsWithoutAFlushOnceTheDelayHasPassed) {
  Fixture f({.schedule_delay = 1ms});
  f.record(1);
  while (f.script->delivered == 0) std::this_thread::yield();
  EXPECT_EQ(f.script->delivered, 1U);
}

TEST(BatchProcessor, SendsWithoutAFlushOnceABatchIsFull) {
  Fixture f({.schedule_delay = 1h, .max_batch_spans = 100});
  f.record(100);
  while (f.script->delivered < 100) std::this_thread::yield();
  EXPECT_EQ(f.script->batch_sizes.front(), 100U);
}

TEST(BatchProcessor, RetriesWhatMayBeDeliveredLater) {
  Fixture f({.schedule_delay = 1h, .retry = quick_retry});
  f.script->answers = {{.outcome = ExportOutcome::Retryable},
                       {.outcome = ExportOutcome::Retryable, .retry_after = 3ms}};
  f.record(10);
  EXPECT_TRUE(f.processor->flush(1min));
  EXPECT_EQ(f.script->batch_sizes.size(), 3U);
  EXPECT_EQ(f.provider.stats().exported, 10U);
}

TEST(BatchProcessor, GivesUpWhatIsRejectedAndCountsIt) {
  Fixture f({.schedule_delay = 1h, .retry = quick_retry});
  f.script->answers = {{.outcome = ExportOutcome::Rejected, .message = "bad data"}};
  f.record(10);
  EXPECT_TRUE(f.processor->flush(1min));
  EXPECT_EQ(f.script->batch_sizes.size(), 1U);
  EXPECT_EQ(f.provider.stats().dropped_by(DropReason::ExportFailed), 10U);
}

TEST(BatchProcessor, CountsThePartOfABatchThatWasRefused) {
  Fixture f;
  f.script->answers = {{.outcome = ExportOutcome::Delivered, .rejected_spans = 3, .message = "too old"}};
  f.record(10);
  EXPECT_TRUE(f.processor->flush(1min));
  EXPECT_EQ(f.provider.stats().exported, 7U);
  EXPECT_EQ(f.provider.stats().dropped_by(DropReason::PartialReject), 3U);
}

TEST(BatchProcessor, GivesUpWhenRetriesHaveLastedTooLong) {
  Fixture f({.schedule_delay = 1h, .export_timeout = 0ms});
  f.script->answers = {{.outcome = ExportOutcome::Retryable}};
  f.record(4);
  EXPECT_TRUE(f.processor->flush(1min));
  EXPECT_EQ(f.provider.stats().dropped_by(DropReason::ExportFailed), 4U);
}

TEST(BatchProcessor, ShutdownDeliversTheRestAndClosesTheProvider) {
  Fixture f;
  f.record(700);
  EXPECT_TRUE(f.processor->shutdown(1min));
  EXPECT_EQ(f.script->delivered, 700U);
  f.record(5);
  const TraceStats stats = f.provider.stats();
  EXPECT_EQ(stats.started, 700U);
  EXPECT_TRUE(f.processor->shutdown(1min));
  EXPECT_FALSE(f.processor->flush(0ms));
}

TEST(BatchProcessor, ShutdownDoesNotWaitForACollectorThatIsAway) {
  Fixture f({.schedule_delay = 1h, .export_timeout = 24h, .retry = {.initial_delay = 1h, .max_delay = 1h}});
  for (int i = 0; i < 10; ++i) f.script->answers.push_back({.outcome = ExportOutcome::Retryable});
  f.record(600);
  EXPECT_FALSE(f.processor->flush(0ms));  // the worker now waits an hour for its retry
  EXPECT_FALSE(f.processor->shutdown(0ms));
  const TraceStats stats = f.provider.stats();
  EXPECT_EQ(stats.exported + stats.dropped_total(), stats.started);
}

TEST(BatchProcessor, CountsAddUpWhenItStopsInTheMiddleOfTraffic) {
  Fixture f({.schedule_delay = 1ms, .max_batch_spans = 64, .retry = quick_retry}, {.max_queue_bytes = 128 << 10});
  std::atomic<bool> go_on = true;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      while (go_on) {
        ScopedSpan outer = f.tracer.start_scoped_span("outer");
        f.tracer.start_span("inner").set("k", "v").end();
      }
    });
  }
  while (f.script->delivered < 2000) std::this_thread::yield();
  (void)f.processor->shutdown(1min);
  go_on = false;
  for (auto& thread : threads) thread.join();
  const TraceStats stats = f.provider.stats();
  EXPECT_EQ(stats.exported + stats.dropped_total(), stats.started);
}

TEST(BatchProcessor, SaysWhyTheFactoryFailed) {
  TracerProvider provider = *TracerProvider::create();
  const auto started = BatchProcessor::start(
      provider, []() -> Result<std::unique_ptr<Exporter>> { return Error{Errc::NotFound, "no certificate"}; });
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().message, "no certificate");
}

TEST(BatchProcessor, CutsBatchesByBytesSoThatRequestsStayBelowTheLimit) {
  Fixture f({.schedule_delay = 1h, .max_batch_bytes = 64 << 10});
  const std::string padding(1000, 'x');
  for (int i = 0; i < 300; ++i) f.tracer.start_span("s").set("padding", padding).end();
  EXPECT_TRUE(f.processor->flush(1min));
  EXPECT_EQ(f.script->delivered, 300U);
  EXPECT_GE(f.script->batch_sizes.size(), 5U);
  EXPECT_LE(f.script->largest_request, 64U << 10);
  EXPECT_GT(f.script->largest_request, 60U << 10);
}

TEST(BatchProcessor, ARestThatDoesNotFillABatchWaitsAlsoAfterAFlush) {
  Fixture f({.schedule_delay = 1h, .max_batch_spans = 100});
  f.record(30);
  EXPECT_TRUE(f.processor->flush(1min));
  f.record(150);
  while (f.script->delivered < 130) std::this_thread::yield();
  EXPECT_EQ(f.processor->flush(1min), true);
  EXPECT_EQ(f.script->batch_sizes, (std::vector<std::uint64_t>{30, 100, 50}));
}

TEST(BatchProcessor, AFlushEndsAlthoughOtherThreadsGoOnRecording) {
  Fixture f({.schedule_delay = 1h, .max_batch_spans = 8});
  std::atomic<bool> go_on = true;
  std::thread other([&] {
    while (go_on) f.record(1);
  });
  for (int i = 0; i < 20; ++i) {
    f.record(1);
    EXPECT_TRUE(f.processor->flush(1min));
  }
  go_on = false;
  other.join();
}

TEST(BatchProcessor, RefusesOptionsOutOfRange) {
  TracerProvider provider = *TracerProvider::create();
  EXPECT_FALSE(BatchProcessor::start(provider, std::unique_ptr<Exporter>()));
  EXPECT_FALSE(BatchProcessor::start(provider, ExporterFactory()));
  const auto exporter = [] { return std::make_unique<ScriptedExporter>(std::make_shared<Script>()); };
  EXPECT_FALSE(BatchProcessor::start(provider, exporter(), {.schedule_delay = 0ms}));
  EXPECT_FALSE(BatchProcessor::start(provider, exporter(), {.max_batch_spans = 0}));
  EXPECT_FALSE(BatchProcessor::start(provider, exporter(), {.max_batch_bytes = 65535}));
  EXPECT_FALSE(BatchProcessor::start(provider, exporter(), {.export_timeout = -1ms}));
  EXPECT_FALSE(BatchProcessor::start(provider, exporter(), {.spool = SpoolOptions{.folder = ""}}));
}

}  // namespace
}  // namespace segue
