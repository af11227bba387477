// Counts allocations on the recording path: after warm-up there are none.
#include <gtest/gtest.h>

#include <cstdlib>
#include <new>

#include "trace_test_support.h"

namespace {
thread_local std::size_t allocations = 0;
}

[[gnu::noinline]] void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  ++allocations;
  return std::malloc(size);
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace segue {
namespace {

void record_one(const Tracer& tracer, int i) {
  ScopedSpan outer = tracer.start_scoped_span("POST /api/v1/webhooks/ghl", {.kind = SpanKind::Server});
  ScopedSpan span = tracer.start_scoped_span("lead_bot.analyze_intent");
  span.set("workflow.bot_type", "lead_bot").set("workflow.node_name", "analyze_intent");
  span.set("workflow.contact_id", "contact-0123456789").set("i", i).set("score", 0.5).set("ok", true);
  span.add_event("intent_analyzed", {{"score", 0.93}, {"phrase", "budget"}});
  span.add_link(outer.context(), {{"workflow.link.type", "handoff"}});
  span.set_status(StatusCode::Error, "not qualified");
}

TEST(Allocation, TheRecordingPathAllocatesNothingOnceWarm) {
  TracerProvider provider = make_provider({.max_queue_bytes = 1 << 20});
  const Tracer tracer = provider.tracer("t");
  const auto record_and_release = [&] {
    for (int i = 0; i < 200; ++i) record_one(tracer, i);
    while (RecordBatch batch = provider.queue().collect(1000)) provider.queue().release(std::move(batch));
  };
  for (int round = 0; round < 3; ++round) record_and_release();
  std::size_t on_recording_path = 0;
  for (int round = 0; round < 50; ++round) {
    const std::size_t before = allocations;
    for (int i = 0; i < 200; ++i) record_one(tracer, i);
    on_recording_path += allocations - before;
    while (RecordBatch batch = provider.queue().collect(1000)) provider.queue().release(std::move(batch));
  }
  EXPECT_EQ(on_recording_path, 0U);
  EXPECT_EQ(provider.stats().dropped_total(), 0U);
}

}  // namespace
}  // namespace segue
