#include "segue/trace/probability_sampler.h"

#include <gtest/gtest.h>

#include "ot_trace_state.h"
#include "segue/trace/rule_sampler.h"
#include "trace_test_support.h"

namespace segue {
namespace {

constexpr std::uint64_t all = std::uint64_t{1} << 56;

TraceId trace_id_with(std::uint64_t randomness) {
  TraceId id;
  id.bytes[0] = 0xaa;  // the first half must not matter
  for (std::size_t i = 0; i < 7; ++i) id.bytes[15 - i] = static_cast<std::uint8_t>(randomness >> 8 * i);
  return id;
}

SpanContext parent_with(std::string state, std::uint64_t randomness = 0, bool is_sampled = true) {
  SpanContext parent;
  parent.trace_id = trace_id_with(randomness);
  parent.span_id.bytes[0] = 1;
  parent.trace_flags = is_sampled ? SpanContext::sampled_flag : 0;
  parent.trace_state = TraceState(std::move(state));
  return parent;
}

// The trace state of a span that `sampler` samples below `parent`, or "dropped".
std::string state_after(const SamplerPointer& sampler, const SpanContext& parent) {
  const SamplingResult result = sampler->sample({parent, parent.trace_id, "s"});
  const std::string state(detail::with_sampling(parent.trace_state, result).header());
  return result.decision == SamplingDecision::RecordAndSample ? state : "dropped " + state;
}

std::string threshold_of(double ratio) { return state_after(consistent_probability(ratio), parent_with("", all - 1)); }

TEST(ConsistentProbability, WritesItsThresholdWithFourSignificantDigits) {
  EXPECT_EQ(threshold_of(1), "ot=th:0");
  EXPECT_EQ(threshold_of(0.5), "ot=th:8");
  EXPECT_EQ(threshold_of(0.25), "ot=th:c");
  EXPECT_EQ(threshold_of(0.1), "ot=th:e666");
  EXPECT_EQ(threshold_of(0.01), "ot=th:fd70a");
  EXPECT_EQ(threshold_of(0.001), "ot=th:ffbe77");
  EXPECT_EQ(threshold_of(1.0 / 3), "ot=th:aaab");
  EXPECT_EQ(threshold_of(0x1p-56), "ot=th:ffffffffffffff");
  EXPECT_EQ(threshold_of(0x1p-57), "dropped ");
  EXPECT_EQ(threshold_of(0), "dropped ");
  EXPECT_EQ(threshold_of(-1), "dropped ");
  EXPECT_EQ(threshold_of(std::nan("")), "dropped ");
  EXPECT_EQ(threshold_of(2), "ot=th:0");
}

TEST(ConsistentProbability, KeepsFromTheThresholdOnAndNothingBelow) {
  const SamplerPointer tenth = consistent_probability(0.1);
  EXPECT_EQ(state_after(tenth, parent_with("", 0xe6660000000000)), "ot=th:e666");
  EXPECT_EQ(state_after(tenth, parent_with("", 0xe665ffffffffff)), "dropped ");
  EXPECT_EQ(tenth->description(), "ProbabilitySampler{0.100000}");
}

TEST(ConsistentProbability, KeepsExactlyItsShareOfEvenlySpreadTraces) {
  for (const double ratio : {0.01, 0.1, 0.25, 0.5, 0.75, 1.0}) {
    const SamplerPointer sampler = consistent_probability(ratio);
    int kept = 0;
    for (std::uint64_t i = 0; i < 10'000; ++i) {
      const TraceId id = trace_id_with(all / 10'000 * i);
      if (sampler->sample({SpanContext(), id, "s"}).decision == SamplingDecision::RecordAndSample) ++kept;
    }
    EXPECT_NEAR(kept, ratio * 10'000, 1) << ratio;  // a threshold of four digits is off by less than one in 10,000
  }
}

TEST(ConsistentProbability, TakesTheExplicitRandomnessInsteadOfTheTraceId) {
  const SamplerPointer half = consistent_probability(0.5);
  EXPECT_EQ(state_after(half, parent_with("ot=rv:80000000000000", 0)), "ot=th:8;rv:80000000000000");
  EXPECT_EQ(state_after(half, parent_with("ot=rv:7fffffffffffff", all - 1)), "dropped ot=rv:7fffffffffffff");
  // Not 14 lower-case digits: no randomness value, but not ours to remove either.
  EXPECT_EQ(state_after(half, parent_with("ot=rv:8", 0)), "dropped ot=rv:8");
  EXPECT_EQ(state_after(half, parent_with("ot=rv:8000000000000A", all - 1)), "ot=th:8;rv:8000000000000A");
}

TEST(ConsistentProbability, ReplacesTheThresholdAndLeavesEverythingElse) {
  const SamplerPointer half = consistent_probability(0.5);
  EXPECT_EQ(state_after(half, parent_with("rojo=1,ot=p:8;th:c;r:62,congo=2", all - 1)),
            "ot=th:8;p:8;r:62,rojo=1,congo=2");
  EXPECT_EQ(state_after(half, parent_with("rojo=1,ot=p:8;th:c;r:62,congo=2", 0)), "dropped ot=p:8;r:62,rojo=1,congo=2");
  EXPECT_EQ(state_after(half, parent_with("rojo=1,ot=th:c", 0)), "dropped rojo=1");
  EXPECT_EQ(state_after(half, parent_with("ot=th:8,rojo=1", all - 1)), "ot=th:8,rojo=1");
}

TEST(ConsistentProbability, AMemberThatWouldBecomeTooLongGoesWithoutThreshold) {
  const SamplerPointer half = consistent_probability(0.5);
  const std::string fits(256 - std::string_view("th:8;a:").size(), 'x');
  EXPECT_EQ(state_after(half, parent_with("ot=a:" + fits, all - 1)), "ot=th:8;a:" + fits);
  EXPECT_EQ(state_after(half, parent_with("ot=a:" + fits + "x", all - 1)), "ot=a:" + fits + "x");
}

TEST(ParentThreshold, ChildrenKeepTheirParentsThreshold) {
  const SamplerPointer sampler = parent_threshold(consistent_probability(0.5));
  EXPECT_EQ(state_after(sampler, parent_with("ot=th:e666", all - 1)), "ot=th:e666");
  EXPECT_EQ(state_after(sampler, parent_with("", 0)), "");
  EXPECT_EQ(state_after(sampler, parent_with("ot=th:e666", 0, false)), "dropped ");
  // Sampled although the threshold says otherwise: the threshold is not to be believed.
  EXPECT_EQ(state_after(sampler, parent_with("ot=th:e666;a:1", 0)), "ot=a:1");
  EXPECT_EQ(sampler->sample({SpanContext(), trace_id_with(all - 1), "root"}).threshold, all / 2);
  EXPECT_EQ(sampler->description(), "ParentThreshold{root=ProbabilitySampler{0.500000}}");
}

TEST(ContactRatio, KeepsOrDropsAllTracesOfAContactTogether) {
  const SamplerPointer sampler = contact_ratio(0.3, always_off());
  int kept_contacts = 0;
  for (int contact = 0; contact < 1000; ++contact) {
    const std::string id = "contact-" + std::to_string(contact);
    const Attribute as_node[] = {{"workflow.contact_id", id}};
    const Attribute as_handoff[] = {{"handoff.contact_id", id}};
    const auto decide = [&](std::uint64_t randomness, Attributes attributes) {
      return sampler->sample({SpanContext(), trace_id_with(randomness), "s", SpanKind::Internal, attributes}).decision;
    };
    const SamplingDecision first = decide(0, as_node);
    EXPECT_EQ(decide(all - 1, as_node), first);
    EXPECT_EQ(decide(all / 3, as_handoff), first);
    if (first == SamplingDecision::RecordAndSample) ++kept_contacts;
  }
  EXPECT_NEAR(kept_contacts, 300, 75);  // five standard deviations, but the ids and so the count are always the same
}

TEST(ContactRatio, TellsOthersByWhichRandomnessItDecided) {
  TracerProvider provider = make_provider({.sampler = parent_based(contact_ratio(1, always_off()))});
  const Tracer tracer = provider.tracer("t");
  const Span root = tracer.start_span("s", {.attributes = {{"workflow.contact_id", "contact-1"}}});
  const std::string state(root.context().trace_state.header());
  ASSERT_EQ(state.size(), std::string_view("ot=th:0;rv:00000000000000").size()) << state;
  EXPECT_EQ(detail::read_ot(root.context().trace_state).randomness, contact_randomness("contact-1"));
  const Context parent{.span = root.context(), .baggage = {}};
  EXPECT_EQ(tracer.start_span("child", {.parent = &parent}).context().trace_state.header(), state);
  EXPECT_FALSE(tracer.start_span("without a contact").context().is_sampled());
}

TEST(ContactRatio, TheHashIsStable) {
  EXPECT_EQ(contact_randomness(""), 0xd01f60ba992926U);
  EXPECT_EQ(contact_randomness("contact-1"), 0xf0510bd183c905U);
}

TEST(ConsistentProbability, RootsOfAProviderCarryTheThresholdToTheWire) {
  TracerProvider provider = make_provider({.sampler = parent_based(consistent_probability(0.5))});
  const Tracer tracer = provider.tracer("t");
  std::uint64_t kept = 0;
  for (int i = 0; i < 200; ++i) {
    const ScopedSpan root = tracer.start_scoped_span("root");
    const ScopedSpan child = tracer.start_scoped_span("child");
    const bool is_kept = root.context().is_sampled();
    EXPECT_EQ(is_kept, (root.context().trace_id.bytes[9] & 0x80) != 0);
    EXPECT_EQ(root.context().trace_state.header(), is_kept ? "ot=th:8" : "");
    EXPECT_EQ(child.context().trace_state.header(), is_kept ? "ot=th:8" : "");
    kept += is_kept ? 2 : 0;
  }
  const SpanList list = drain(provider);
  ASSERT_EQ(list.spans.size(), kept);
  for (const SpanView& span : list.spans) EXPECT_EQ(span.trace_state, "ot=th:8");
}

}  // namespace
}  // namespace segue
