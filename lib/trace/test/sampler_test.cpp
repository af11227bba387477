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
    return half->sample({none, id, "n"}).decision == SamplingDecision::RecordAndSample;
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

TEST(Sampling, ParentBasedAsksAnotherSamplerForEachKindOfParent) {
  const SamplerPointer sampler = parent_based({.root = always_off(),
                                               .remote_sampled = always_off(),
                                               .remote_not_sampled = always_on(),
                                               .local_sampled = nullptr,
                                               .local_not_sampled = always_record(always_off())});
  EXPECT_EQ(sampler->description(),
            "ParentBased{root:AlwaysOffSampler,remoteParentSampled:AlwaysOffSampler,remoteParentNotSampled:"
            "AlwaysOnSampler,localParentSampled:AlwaysOnSampler,localParentNotSampled:AlwaysRecord{AlwaysOffSampler}}");
  TracerProvider provider = make_provider({.sampler = sampler});
  const Tracer tracer = provider.tracer("t");
  Context parent;
  const auto is_sampled = [&] { return tracer.start_span("s", {.parent = &parent}).context().is_sampled(); };
  EXPECT_FALSE(is_sampled());
  parent.span.trace_id.bytes[0] = 1;
  parent.span.span_id.bytes[0] = 1;
  parent.span.is_remote = true;
  EXPECT_TRUE(is_sampled());
  parent.span.trace_flags = SpanContext::sampled_flag;
  EXPECT_FALSE(is_sampled());
  parent.span.is_remote = false;
  EXPECT_TRUE(is_sampled());
  parent.span.trace_flags = 0;
  EXPECT_FALSE(is_sampled());
  EXPECT_EQ(provider.stats().recorded_only, 1U);
  EXPECT_EQ(provider.stats().started, 2U);
  EXPECT_EQ(provider.stats().unsampled, 2U);
}

TEST(Sampling, ParentBasedAnswersTheSameWhenItIsAskedInsideAnotherSampler) {
  const SamplerPointer plain = parent_based(always_off());
  SpanContext parent;
  parent.trace_id.bytes[0] = parent.span_id.bytes[0] = 1;
  parent.trace_flags = SpanContext::sampled_flag;
  const SamplingResult followed = plain->sample({parent, parent.trace_id, "s"});
  EXPECT_EQ(followed.decision, SamplingDecision::RecordAndSample);
  EXPECT_EQ(followed.probability, Probability::Inherited);
  EXPECT_EQ(plain->sample({SpanContext(), parent.trace_id, "s"}).decision, SamplingDecision::Drop);
}

TEST(Sampling, AlwaysRecordKeepsWhatIsDroppedFromTheExporterOnly) {
  TracerProvider provider = make_provider({.sampler = always_record(parent_based(trace_id_ratio(0)))});
  const Tracer tracer = provider.tracer("t");
  {
    ScopedSpan root = tracer.start_scoped_span("root");
    EXPECT_TRUE(root.is_recording());
    EXPECT_FALSE(root.context().is_sampled());
    const ScopedSpan child = tracer.start_scoped_span("child");
    EXPECT_TRUE(child.is_recording());
    EXPECT_FALSE(child.context().is_sampled());
  }
  EXPECT_TRUE(drain(provider).spans.empty());
  const TraceStats stats = provider.stats();
  EXPECT_EQ(stats.recorded_only, 2U);
  EXPECT_EQ(stats.started, 0U);
  EXPECT_EQ(stats.dropped_total(), 0U);
}

TEST(Sampling, NullSamplersStandForTheirDefaults) {
  EXPECT_EQ(parent_based(nullptr)->description(), "ParentBased{AlwaysOnSampler}");
  EXPECT_EQ(always_record(nullptr)->description(), "AlwaysRecord{AlwaysOnSampler}");
}

TEST(Sampling, TheSamplerSeesLinksAndMayChangeStateAndAttributes) {
  class Custom final : public Sampler {
   public:
    SamplingResult sample(const SamplingInput& input) const noexcept override {
      SamplingResult result{.decision = SamplingDecision::RecordAndSample};
      if (input.links.size() == 1) result.trace_state = TraceState("vendor=seen");
      for (int i = 0; i < 6; ++i) result.add(attributes_);  // over the limit: left out
      return result;
    }
    std::string description() const override { return "Custom"; }

   private:
    std::vector<Attribute> attributes_ = {{"sampling.rule", "custom"}};
  };
  TracerProvider provider = make_provider({.sampler = std::make_shared<Custom>()});
  const Tracer tracer = provider.tracer("t");
  const SpanContext linked = tracer.start_span("first").context();
  tracer.start_span("second", {.attributes = {{"given", 1}}, .links = {{linked, {{"why", "handoff"}}}}}).end();
  const SpanList list = drain(provider);
  EXPECT_EQ(list.spans.at(0).trace_state, "");
  const SpanView& second = list.spans.at(1);
  EXPECT_EQ(second.trace_state, "vendor=seen");
  EXPECT_EQ(second.attributes.size(), 2U);
  EXPECT_EQ(value_of<std::string_view>(second, "sampling.rule"), "custom");
  ASSERT_EQ(second.links.size(), 1U);
  EXPECT_EQ(second.links[0].span_id, linked.span_id);
  EXPECT_EQ(find_string(second.links[0].attributes, "why"), "handoff");
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
