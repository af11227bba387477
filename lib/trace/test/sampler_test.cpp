#include <gtest/gtest.h>

#include "trace_test_support.h"

namespace segue {
namespace {

TEST(Sampling, AlwaysOffSpansCarryContextAndRecordNothing) {
  TracerProvider provider = make_provider({.sampler = always_off()});
  ScopedSpan span = provider.tracer("t").start_scoped_span("s");
  span.set("k", 1);
  EXPECT_FALSE(span.is_recording());
  EXPECT_TRUE(span.context().is_valid());
  EXPECT_FALSE(span.context().is_sampled());
  EXPECT_EQ(current_span_context().span_id, span.context().span_id);
  span.end();
  EXPECT_TRUE(drain(provider).spans.empty());
  EXPECT_EQ(provider.stats().unsampled, 1U);
  EXPECT_EQ(provider.stats().started, 0U);
}

TEST(Sampling, ParentBasedFollowsTheParentAndAsksTheRootSamplerOtherwise) {
  TracerProvider provider = make_provider({.sampler = parent_based(always_off())});
  const Tracer tracer = provider.tracer("t");
  EXPECT_FALSE(tracer.start_span("root").is_recording());
  Context remote;
  remote.span.trace_id.bytes[0] = 1;
  remote.span.span_id.bytes[0] = 1;
  remote.span.trace_flags = SpanContext::sampled_flag;
  EXPECT_TRUE(tracer.start_span("child", {.parent = &remote}).is_recording());
  remote.span.trace_flags = 0;
  EXPECT_FALSE(tracer.start_span("child", {.parent = &remote}).is_recording());
}

TEST(Sampling, TheRatioDecidesByTheTraceIdSoThatServicesAgree) {
  const SamplerPointer half = trace_id_ratio(0.5);
  const auto keeps = [&](std::string_view hex) {
    const SpanContext none;
    const TraceId id = *TraceId::from_hex(hex);
    return half->sample({none, id, "n", SpanKind::Internal, {}}) == SamplingDecision::RecordAndSample;
  };
  EXPECT_TRUE(keeps("ffffffffffffffffff7fffffffffffff"));   // the last 56 bits just below one half
  EXPECT_FALSE(keeps("00000000000000000080000000000000"));  // exactly one half
  EXPECT_TRUE(keeps("ffffffffffffffffff00000000000000"));
}

TEST(Sampling, RatiosOutOfRangeAreClamped) {
  EXPECT_EQ(trace_id_ratio(-1)->description(), "TraceIdRatioBased{0.000000}");
  EXPECT_EQ(trace_id_ratio(7)->description(), "TraceIdRatioBased{1.000000}");
  EXPECT_EQ(parent_based(trace_id_ratio(0.1))->description(), "ParentBased{TraceIdRatioBased{0.100000}}");
}

TEST(Sampling, TheShareKeptIsNearTheRatio) {
  TracerProvider provider = make_provider({.sampler = parent_based(trace_id_ratio(0.25))});
  const Tracer tracer = provider.tracer("t");
  int kept = 0;
  for (int i = 0; i < 10'000; ++i) kept += tracer.start_span("s").is_recording() ? 1 : 0;
  EXPECT_NEAR(kept, 2500, 300);  // seven standard deviations
}

}  // namespace
}  // namespace segue
