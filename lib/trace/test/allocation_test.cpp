// Counts allocations on the recording path: after warm-up there are none.
#include <gtest/gtest.h>

#include <cstdlib>
#include <new>

#include "segue/trace/probability_sampler.h"
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

// Allocations while spans are recorded, after a few rounds to warm up.
std::size_t allocations_once_warm(const TracerProviderOptions& options) {
  TracerProvider provider = make_provider(options);
  const Tracer tracer = provider.tracer("t");
  std::size_t on_recording_path = 0;
  for (int round = 0; round < 53; ++round) {
    const std::size_t before = allocations;
    for (int i = 0; i < 200; ++i) record_one(tracer, i);
    if (round >= 3) on_recording_path += allocations - before;
    while (RecordBatch batch = provider.queue().collect(1000)) provider.queue().release(std::move(batch));
  }
  EXPECT_EQ(provider.stats().dropped_total(), 0U);
  EXPECT_GT(provider.stats().started + provider.stats().recorded_only, 0U);
  return on_recording_path;
}

class Sum final : public SpanObserver {
  void on_end(const FinishedSpan& span) noexcept override {
    const ValueView value = span.attribute("i");
    if (const auto* number = std::get_if<std::int64_t>(&value)) total_ += *number;
  }
  std::int64_t total_ = 0;
};

TEST(Allocation, TheRecordingPathAllocatesNothingOnceWarm) {
  EXPECT_EQ(allocations_once_warm({.max_queue_bytes = 1 << 20}), 0U);
}

TEST(Allocation, NeitherDoSamplingByProbabilityAndObservers) {
  EXPECT_EQ(allocations_once_warm({.sampler = always_record(parent_based(consistent_probability(0.5))),
                                   .observers = {std::make_shared<Sum>()},
                                   .max_queue_bytes = 1 << 20}),
            0U);
}

}  // namespace
}  // namespace segue
