#include <gtest/gtest.h>

#include <atomic>
#include <numeric>
#include <set>
#include <string>
#include <thread>
#include <vector>

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

TEST(Queue, KeepsExactlyAsManySpansAsItMayAndDropsNewOnes) {
  for (const std::uint64_t limit : {1U, 2U, 100U, 2048U}) {
    TracerProvider provider = make_provider({.max_queue_spans = limit});
    const Tracer tracer = provider.tracer("t");
    for (std::uint64_t i = 0; i < limit + 5; ++i) tracer.start_span("s").set("i", static_cast<std::int64_t>(i)).end();
    EXPECT_EQ(provider.stats().dropped_by(DropReason::QueueFull), 5U);
    const SpanList list = drain(provider);
    ASSERT_EQ(list.spans.size(), limit);
    EXPECT_EQ(value_of<std::int64_t>(list.spans.back(), "i"), static_cast<std::int64_t>(limit) - 1) << "old spans stay";
    tracer.start_span("after").end();
    EXPECT_EQ(drain(provider).spans.size(), 1U);
  }
}

TEST(Queue, ASpanTakesItsRoomUntilItIsReleased) {
  TracerProvider provider = make_provider({.max_queue_spans = 10});
  const Tracer tracer = provider.tracer("t");
  for (int i = 0; i < 10; ++i) tracer.start_span("s").end();
  RecordBatch batch = provider.queue().collect(10);
  tracer.start_span("too early").end();
  provider.queue().release(std::move(batch));
  tracer.start_span("in time").end();
  EXPECT_EQ(provider.stats().dropped_by(DropReason::QueueFull), 1U);
  EXPECT_EQ(drain(provider).spans.size(), 1U);
}

TEST(Queue, ManyThreadsTogetherStayWithinTheLimitInSpans) {
  constexpr std::uint64_t limit = 4096;
  TracerProvider provider = make_provider({.max_queue_spans = limit});
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&] {
      const Tracer tracer = provider.tracer("t");
      for (int i = 0; i < 1000; ++i) tracer.start_span("s").end();
    });
  }
  for (auto& thread : threads) thread.join();
  const std::uint64_t kept = drain(provider).spans.size();
  EXPECT_LE(kept, limit);
  EXPECT_GT(kept, limit - 8 * limit / 512);
  EXPECT_EQ(kept + provider.stats().dropped_by(DropReason::QueueFull), 8000U);
  std::thread([&] {
    for (std::uint64_t i = 0; i < limit; ++i) provider.tracer("t").start_span("s").end();
  }).join();
  EXPECT_EQ(drain(provider).spans.size(), limit) << "threads that are gone hold no room";
}

TEST(Queue, ABatchIsCutByBytesAndHoldsAtLeastOneSpan) {
  TracerProvider provider = make_provider();
  const Tracer tracer = provider.tracer("t");
  const std::string padding(1000, 'x');
  for (int i = 0; i < 100; ++i) tracer.start_span("s").set("padding", padding).end();
  tracer.start_span("large").set("padding", std::string(50'000, 'x')).end();
  std::vector<std::uint64_t> sizes;
  while (RecordBatch batch = provider.queue().collect(1000, 10'000)) {
    EXPECT_TRUE(batch.byte_count <= 10'000 || batch.span_count == 1);
    sizes.push_back(batch.span_count);
    provider.queue().release(std::move(batch));
  }
  EXPECT_EQ(std::accumulate(sizes.begin(), sizes.end(), std::uint64_t{0}), 101U);
  EXPECT_GE(sizes.front(), 8U);
  EXPECT_EQ(sizes.back(), 1U);
}

TEST(Queue, APassUpToAMarkEndsThoughRecordingGoesOn) {
  TracerProvider provider = make_provider();
  const Tracer tracer = provider.tracer("t");
  RecordQueue& queue = provider.queue();
  EXPECT_FALSE(queue.is_behind_mark());
  for (int i = 0; i < 20; ++i) tracer.start_span("s").end();
  queue.mark();
  int batches = 0;
  while (queue.is_behind_mark()) {
    RecordBatch batch = queue.collect(5);
    for (int i = 0; i < 10; ++i) tracer.start_span("more than is taken").end();
    queue.release(std::move(batch));
    ++batches;
  }
  EXPECT_EQ(batches, 4);
  EXPECT_EQ(queue.unread(), 40U);
}

TEST(Queue, IsHalfFullByBytesOrBySpans) {
  TracerProvider by_spans = make_provider({.max_queue_spans = 10});
  for (int i = 0; i < 5; ++i) by_spans.tracer("t").start_span("s").end();
  EXPECT_FALSE(by_spans.queue().is_half_full());
  by_spans.tracer("t").start_span("s").end();
  EXPECT_TRUE(by_spans.queue().is_half_full());
  TracerProvider by_bytes = make_provider({.max_queue_bytes = 128 << 10});
  EXPECT_FALSE(by_bytes.queue().is_half_full());
  for (int i = 0; i < 130; ++i) by_bytes.tracer("t").start_span("s").set("padding", std::string(1000, 'x')).end();
  EXPECT_TRUE(by_bytes.queue().is_half_full());
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
