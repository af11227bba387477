// Many threads, a collector in every mood, a spool or none, and a stop in the middle: in the end every span is accounted
// for. Run it under the thread sanitizer.
#include <gtest/gtest.h>

#include <atomic>
#include <deque>
#include <mutex>
#include <thread>

#include "segue/base/log.h"
#include "segue/base/random.h"
#include "segue/export/batch_processor.h"
#include "spool_test_support.h"

namespace segue {
namespace {

using namespace std::chrono_literals;

#if defined(__SANITIZE_THREAD__)
constexpr int spans_per_thread = 1500;
#else
constexpr int spans_per_thread = 6000;
#endif

// Delivers, refuses, stalls and goes away for a while, in an order that nobody chose.
class MoodyCollector {
 public:
  ExportResult receive(const ExportBatch& batch) {
    const std::uint64_t spans = batch.span_count();
    if (is_away_ > 0) {
      --is_away_;
      return {.outcome = ExportOutcome::Retryable, .message = "away"};
    }
    switch (random_bits() % 12) {
      case 0: is_away_ = static_cast<int>(random_bits() % 12); return {.outcome = ExportOutcome::Retryable};
      case 1: return {.outcome = ExportOutcome::Rejected, .message = "refused"};
      case 2: delivered_ += spans - spans / 2; return {.rejected_spans = spans / 2, .message = "half of it"};
      case 3: stall(); break;
      case 4: return {.outcome = ExportOutcome::Retryable, .retry_after = 2ms};
      default: break;
    }
    delivered_ += spans;
    return {};
  }
  std::uint64_t delivered() const { return delivered_; }

 private:
  static void stall() {
    for (int i = 0; i < 2000; ++i) std::this_thread::yield();
  }
  int is_away_ = 0;  // attempts yet to fail
  std::atomic<std::uint64_t> delivered_ = 0;
};

class MoodyExporter final : public Exporter {
 public:
  explicit MoodyExporter(MoodyCollector& collector) : collector_(collector) {}
  ExportResult export_spans(const ExportBatch& batch) noexcept override { return collector_.receive(batch); }
  std::string_view name() const noexcept override { return "moody"; }

 private:
  MoodyCollector& collector_;
};

// Spans on their way from one thread to another, as those of coroutines are.
class Crossing {
 public:
  /// Takes a span and gives back one of another thread's, most likely.
  Span exchange(Span span) {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(span));
    if (waiting_.size() < 16) return {};
    Span other = std::move(waiting_.front());
    waiting_.pop_front();
    return other;
  }
  void end_all() {
    const std::lock_guard lock(mutex_);
    waiting_.clear();
  }

 private:
  std::mutex mutex_;
  std::deque<Span> waiting_;
};

struct StressTest : testing::TestWithParam<bool> {
  StressTest() {
    set_log_level(LogLevel::Off);
    if (GetParam()) {
      batch.spool = SpoolOptions{.folder = folder.path().string(), .max_bytes = 256 << 10};
    }
  }
  ~StressTest() override { set_log_level(LogLevel::Warning); }

  std::unique_ptr<BatchProcessor> start(TracerProvider& provider) {
    return *BatchProcessor::start(provider, std::make_unique<MoodyExporter>(collector), batch);
  }

  void expect_to_add_up(const TraceStats& stats) const {
    EXPECT_EQ(stats.started, stats.exported + stats.dropped_total() + stats.spooled);
    EXPECT_EQ(collector.delivered(), stats.exported + stats.recovered);
    EXPECT_TRUE(GetParam() || stats.spooled == 0);
  }

  /// What is left in the spool is delivered by the next process, or lost to the collector's moods, and counted.
  void expect_recovery_of(std::uint64_t spans) {
    TracerProvider provider = *TracerProvider::create();
    const auto processor = start(provider);
    while (provider.stats().recovered + provider.stats().recovered_lost < spans) (void)processor->flush(1ms);
    EXPECT_TRUE(processor->shutdown(1min));
    EXPECT_EQ(provider.stats().recovered + provider.stats().recovered_lost, spans);
  }

  test::TemporaryFolder folder;
  BatchOptions batch{.schedule_delay = 1ms,
                     .max_batch_spans = 64,
                     .export_timeout = 5ms,
                     .retry = {.initial_delay = 1ms, .max_delay = 2ms}};
  MoodyCollector collector;
};

void record(const Tracer& tracer, Crossing& crossing) {
  ScopedSpan outer = tracer.start_scoped_span("outer", {.kind = SpanKind::Server});
  outer.set("workflow.contact_id", "c-1");
  Span inner = tracer.start_span("inner");
  inner.set("score", 0.5);
  crossing.exchange(std::move(inner)).end();
}

TEST_P(StressTest, EverySpanIsAccountedForWhenItStopsInTheMiddle) {
  TracerProvider provider = *TracerProvider::create({.max_queue_bytes = 256 << 10, .max_queue_spans = 3000});
  const auto processor = start(provider);
  Crossing crossing;
  std::vector<std::thread> threads;
  std::atomic<int> recording = 8;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      const Tracer tracer = provider.tracer(t % 2 == 0 ? "even" : "odd");
      for (int i = 0; i < spans_per_thread; ++i) {
        record(tracer, crossing);
        if (i % 500 == t) (void)processor->flush(std::chrono::milliseconds(t));
      }
      --recording;
    });
  }
  while (collector.delivered() < 2000 && recording > 0) std::this_thread::yield();
  (void)processor->shutdown(50ms);
  for (auto& thread : threads) thread.join();
  crossing.end_all();
  const TraceStats stats = provider.stats();
  expect_to_add_up(stats);
  if (GetParam()) expect_recovery_of(stats.spooled);
}

TEST_P(StressTest, EverySpanIsAccountedForWhenThreadsComeAndGo) {
  TracerProvider provider = *TracerProvider::create({.max_queue_spans = 1000});
  const auto processor = start(provider);
  Crossing crossing;
  std::atomic<int> to_start = 200;
  std::vector<std::thread> starters;
  for (int s = 0; s < 4; ++s) {
    starters.emplace_back([&] {
      while (to_start.fetch_sub(1) > 0) {
        std::thread([&] {
          const Tracer tracer = provider.tracer("t");
          for (int i = 0; i < 30; ++i) record(tracer, crossing);
        }).join();
      }
    });
  }
  for (auto& starter : starters) starter.join();
  crossing.end_all();
  EXPECT_TRUE(processor->flush(1min));
  (void)processor->shutdown(1min);
  EXPECT_EQ(provider.stats().started, 200U * 30U * 2U);
  expect_to_add_up(provider.stats());
  if (GetParam()) expect_recovery_of(provider.stats().spooled);
}

INSTANTIATE_TEST_SUITE_P(Spool, StressTest, testing::Bool(),
                         [](const auto& parameter) { return parameter.param ? "WithASpool" : "WithoutASpool"; });

}  // namespace
}  // namespace segue
