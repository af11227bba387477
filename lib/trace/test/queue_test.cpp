#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <thread>

#include "trace_test_support.h"

namespace segue {
namespace {

TEST(Queue, HandsOutAtMostTheBatchAskedForAndNothingTwice) {
  TracerProvider provider = make_provider();
  const Tracer tracer = provider.tracer("t");
  for (int i = 0; i < 1000; ++i) tracer.start_span("s").set("i", i).end();
  std::uint64_t total = 0;
  while (RecordBatch batch = provider.queue().collect(64)) {
    EXPECT_LE(batch.span_count, 64U);
    total += batch.span_count;
    provider.queue().release(std::move(batch));
  }
  EXPECT_EQ(total, 1000U);
}

TEST(Queue, WhenFullDropsNewSpansCountsThemAndRecovers) {
  TracerProvider provider = make_provider({.max_queue_bytes = 64 << 10});
  const Tracer tracer = provider.tracer("t");
  const std::string padding(1000, 'x');
  for (int i = 0; i < 500; ++i) tracer.start_span("s").set("padding", padding).end();
  const TraceStats full = provider.stats();
  EXPECT_EQ(full.started, 500U);
  EXPECT_GT(full.dropped_by(DropReason::QueueFull), 0U);
  const std::size_t kept = drain(provider).spans.size();
  EXPECT_EQ(kept + full.dropped_total(), 500U);
  tracer.start_span("after").end();
  EXPECT_EQ(drain(provider).spans.size(), 1U);
}

TEST(Queue, ASpanLargerThanAChunkTravelsAndOneOverTheLimitIsCounted) {
  TracerProvider provider = make_provider({.limits = {.max_span_bytes = 200'000}});
  const Tracer tracer = provider.tracer("t");
  tracer.start_span("big").set("text", std::string(150'000, 'x')).end();
  Span larger = tracer.start_span("larger");
  larger.set("a", std::string(150'000, 'x')).set("b", std::string(150'000, 'x'));  // the second is over the limit
  larger.end();
  const SpanList list = drain(provider);
  ASSERT_EQ(list.spans.size(), 2U);
  EXPECT_EQ(value_of<std::string_view>(list.spans[0], "text").size(), 150'000U);
  EXPECT_EQ(list.spans[1].dropped_attributes, 1U);
}

TEST(Queue, SpansThatEndAfterTheCloseAreDroppedAndCounted) {
  TracerProvider provider = make_provider();
  const Tracer tracer = provider.tracer("t");
  Span late = tracer.start_span("late");
  provider.close();
  late.end();
  EXPECT_FALSE(tracer.start_span("never").is_recording());
  EXPECT_EQ(provider.stats().dropped_by(DropReason::AfterShutdown), 1U);
}

TEST(Queue, ASpanMayOutliveItsProvider) {
  Span span;
  {
    TracerProvider provider = make_provider();
    Span started = provider.tracer("t").start_span("s");
    provider.tracer("t").start_span("recorded and never collected").end();
    new (&span) Span(std::move(started));
  }
  span.set("still", "safe");
  span.end();
}

TEST(Queue, WhatAThreadRecordedSurvivesTheThread) {
  TracerProvider provider = make_provider();
  const Tracer tracer = provider.tracer("t");
  std::thread([&] { tracer.start_span("s").end(); }).join();
  EXPECT_EQ(drain(provider).spans.size(), 1U);
  EXPECT_TRUE(drain(provider).spans.empty());
  EXPECT_EQ(provider.stats().started, 1U);
}

TEST(Queue, ASpanMayEndOnAnotherThread) {
  TracerProvider provider = make_provider();
  const Tracer tracer = provider.tracer("t");
  for (int i = 0; i < 300; ++i) {
    Span span = tracer.start_span("s");
    std::thread([moved = std::move(span)]() mutable { moved.set("there", true).end(); }).join();
  }
  EXPECT_EQ(drain(provider).spans.size(), 300U);
}

TEST(Queue, EverySpanOfManyThreadsIsCollectedOrCountedWhileTheBackEndReads) {
  TracerProvider provider = make_provider({.max_queue_bytes = 256 << 10});
  constexpr int thread_count = 8;
  constexpr int spans_per_thread = 5000;
  std::atomic<int> running = thread_count;
  std::vector<std::thread> threads;
  for (int t = 0; t < thread_count; ++t) {
    threads.emplace_back([&, t] {
      const Tracer tracer = provider.tracer(t % 2 == 0 ? "even" : "odd");
      for (int i = 0; i < spans_per_thread; ++i) {
        ScopedSpan outer = tracer.start_scoped_span("outer");
        tracer.start_span("inner").set("i", i);
      }
      --running;
    });
  }
  std::set<SpanId> seen;
  std::uint64_t collected = 0;
  const auto take_all = [&] {
    const SpanList list = drain(provider);
    collected += list.spans.size();
    for (const SpanView& span : list.spans) seen.insert(span.span_id);
  };
  while (running > 0) {
    provider.queue().wait(std::chrono::milliseconds(20), 512);
    take_all();
  }
  for (auto& thread : threads) thread.join();
  take_all();
  const TraceStats stats = provider.stats();
  EXPECT_EQ(stats.started, 2U * thread_count * spans_per_thread);
  EXPECT_EQ(collected + stats.dropped_total(), stats.started);
  EXPECT_EQ(seen.size(), collected);  // no span twice
}

TEST(Queue, AWaitEndsWhenAThreadHasEnoughSpans) {
  TracerProvider provider = make_provider();
  const Tracer tracer = provider.tracer("t");
  std::thread waiter([&] {
    provider.queue().wait(std::chrono::minutes(5), 10);
    while (provider.queue().collect(1).span_count == 0) provider.queue().wait(std::chrono::minutes(5), 10);
  });
  std::thread recorder([&] {
    for (int i = 0; i < 20; ++i) tracer.start_span("s").end();
  });
  recorder.join();
  waiter.join();  // hangs, and so fails, if the wake is lost
}

}  // namespace
}  // namespace segue
