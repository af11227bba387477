#include "segue/trace/rule_sampler.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "segue/trace/probability_sampler.h"
#include "trace_test_support.h"

namespace segue {
namespace {

const TraceId some_trace = *TraceId::from_hex("4bf92f3577b34da6a3ce929d0e0e4736");

bool keeps(const Sampler& sampler, std::string_view name, Attributes attributes = {},
           SpanKind kind = SpanKind::Internal, const SpanContext& parent = {}) {
  return sampler.sample({parent, some_trace, name, kind, attributes}).decision == SamplingDecision::RecordAndSample;
}

bool matches(SpanMatch match, std::string_view name, Attributes attributes = {}) {
  return keeps(*rule_based({{.when = std::move(match)}}, always_off()), name, attributes);
}

TEST(Rules, PatternsKnowStarsAndQuestionMarks) {
  EXPECT_TRUE(matches({.name = "handoff.*"}, "handoff.lead_to_buyer"));
  EXPECT_TRUE(matches({.name = "*"}, ""));
  EXPECT_TRUE(matches({.name = "*_to_*er"}, "handoff.lead_to_buyer_to_seller"));
  EXPECT_TRUE(matches({.name = "GET /v?/*"}, "GET /v2/"));
  EXPECT_TRUE(matches({.name = "same"}, "same"));
  EXPECT_TRUE(matches({.name = ""}, ""));
  EXPECT_FALSE(matches({.name = "handoff.*"}, "handoff"));
  EXPECT_FALSE(matches({.name = "same"}, "same more"));
  EXPECT_FALSE(matches({.name = "?"}, ""));
  EXPECT_FALSE(matches({.name = "*a*b"}, "xxbxxa"));
  EXPECT_FALSE(matches({.name = ""}, "x"));
}

TEST(Rules, LookAtBotNodeKindAndAttributesGivenAtStart) {
  const Attribute node[] = {{"workflow.bot_type", "lead_bot"}, {"workflow.node_name", "qualify_lead"}};
  EXPECT_TRUE(matches({.bot = "lead_bot", .node = "qualify*"}, "s", node));
  EXPECT_FALSE(matches({.bot = "buyer_bot"}, "s", node));
  EXPECT_FALSE(matches({.bot = "lead_bot"}, "s"));
  const std::vector<std::string_view> tags = {"hot", "buyer"};
  const std::vector<AttributeValue> mixed = {1, "x"};
  const Attribute given[] = {{"turns", 12},    {"score", 0.5}, {"vip", true},
                             {"tags", tags},   {"empty", ""},  {"mixed", AttributeValues(mixed)},
                             {"null", nullptr}};
  EXPECT_TRUE(matches({.attributes = {{.key = "empty"}}}, "s", given));
  EXPECT_FALSE(matches({.attributes = {{.key = "missing"}}}, "s", given));
  EXPECT_TRUE(matches({.attributes = {{.key = "turns", .value = "1?"}, {.key = "vip", .value = "true"}}}, "s", given));
  EXPECT_FALSE(
      matches({.attributes = {{.key = "turns", .value = "12"}, {.key = "vip", .value = "false"}}}, "s", given));
  EXPECT_TRUE(matches({.attributes = {{.key = "score", .value = "0.5"}}}, "s", given));
  EXPECT_TRUE(matches({.attributes = {{.key = "tags", .value = "buy*"}}}, "s", given));
  EXPECT_FALSE(matches({.attributes = {{.key = "tags", .value = "cold"}}}, "s", given));
  EXPECT_TRUE(matches({.attributes = {{.key = "mixed", .value = "x"}}}, "s", given));
  EXPECT_FALSE(matches({.attributes = {{.key = "mixed", .value = "2"}}}, "s", given));
  EXPECT_TRUE(matches({.attributes = {{.key = "null"}}}, "s", given));
  EXPECT_FALSE(matches({.attributes = {{.key = "null", .value = "?*"}}}, "s", given));
  const SamplerPointer servers = rule_based({{.when = {.kind = SpanKind::Server}}}, nullptr);
  EXPECT_TRUE(keeps(*servers, "s", {}, SpanKind::Server));
  EXPECT_FALSE(keeps(*servers, "s", {}, SpanKind::Client));
}

TEST(Rules, LookAtTheParent) {
  const SamplerPointer sampler =
      rule_based({{.when = {.parents = {ParentKind::None, ParentKind::RemoteSampled}}}}, always_off());
  SpanContext parent;
  EXPECT_TRUE(keeps(*sampler, "root"));
  parent.trace_id = some_trace;
  parent.span_id.bytes[0] = 1;
  parent.trace_flags = SpanContext::sampled_flag;
  EXPECT_FALSE(keeps(*sampler, "local child", {}, SpanKind::Internal, parent));
  parent.is_remote = true;
  EXPECT_TRUE(keeps(*sampler, "remote child", {}, SpanKind::Internal, parent));
}

TEST(Rules, ChooseContactsByTheSameHashAsTheContactSampler) {
  const SamplerPointer rule = rule_based({{.when = {.contact_share = 0.3}}}, always_off());
  const SamplerPointer ratio = contact_ratio(0.3, always_off());
  for (int contact = 0; contact < 100; ++contact) {
    const std::string id = std::to_string(contact);
    const Attribute given[] = {{"workflow.contact_id", id}};
    EXPECT_EQ(keeps(*rule, "s", given), keeps(*ratio, "s", given));
  }
  EXPECT_FALSE(keeps(*rule, "nobody's span"));
}

TEST(Rules, TheFirstThatMatchesDecidesAndTheRestGetsTheDefault) {
  const SamplerPointer sampler = rule_based({{.when = {.name = "handoff.*"}, .then = always_on()},
                                             {.when = {.attributes = {{.key = "error.type"}}}, .then = nullptr},
                                             {.when = {.name = "GET /health*"}, .then = always_off()},
                                             {.when = {.name = "GET *"}, .then = always_on()}},
                                            consistent_probability(0));
  EXPECT_TRUE(keeps(*sampler, "handoff.lead_to_buyer"));
  EXPECT_TRUE(keeps(*sampler, "lead_bot.qualify", {{"error.type", "timeout"}}));
  EXPECT_FALSE(keeps(*sampler, "GET /healthz"));
  EXPECT_TRUE(keeps(*sampler, "GET /webhook"));
  EXPECT_FALSE(keeps(*sampler, "lead_bot.qualify"));
  EXPECT_EQ(rule_based({{.when = {.name = "a*", .kind = SpanKind::Server}}}, nullptr)->description(),
            "RuleBased{name=a*&kind=server:AlwaysOnSampler,otherwise:AlwaysOffSampler}");
}

TEST(Rules, EverySpanIsCountedWithTheShareItsRuleKeeps) {
  TracerProvider provider =
      make_provider({.sampler = parent_based(rule_based({{.when = {.name = "handoff.*"}, .then = always_on()}},
                                                        consistent_probability(0.5)))});
  const Tracer tracer = provider.tracer("t");
  EXPECT_EQ(tracer.start_span("handoff.lead_to_buyer").context().trace_state.header(), "ot=th:0");
  bool saw_half = false;
  for (int i = 0; i < 64; ++i) saw_half |= tracer.start_span("node").context().trace_state.header() == "ot=th:8";
  EXPECT_TRUE(saw_half);
}

TEST(AnyOf, SamplesWithTheLowestThresholdOfAll) {
  const SamplerPointer sampler = any_of({consistent_probability(0.25), consistent_probability(0.5)});
  TraceId id;
  id.bytes[9] = 0x90;  // rejected by 25 %, kept by 50 %
  const SamplingResult result = sampler->sample({SpanContext(), id, "s"});
  EXPECT_EQ(result.decision, SamplingDecision::RecordAndSample);
  EXPECT_EQ(result.probability, Probability::Known);
  EXPECT_EQ(result.threshold, std::uint64_t{1} << 55);
  id.bytes[9] = 0x70;
  EXPECT_EQ(sampler->sample({SpanContext(), id, "s"}).decision, SamplingDecision::Drop);
  EXPECT_EQ(sampler->description(), "AnyOf{ProbabilitySampler{0.250000},ProbabilitySampler{0.500000}}");
}

TEST(AnyOf, KnowsNoShareWhereOneOfThemDoesNot) {
  const SamplerPointer sampler = any_of({rate_limited({.per_second = 1}), always_on(), nullptr});
  EXPECT_EQ(sampler->sample({SpanContext(), some_trace, "s"}).probability, Probability::Unknown);
  EXPECT_FALSE(keeps(*any_of({}), "s"));
}

TEST(Annotated, SaysOnTheSpanWhyItWasKept) {
  TracerProvider provider = make_provider(
      {.sampler = any_of({annotated(always_on(), {{"sampling.rule", "all"}}), annotated(nullptr, {{"b", "2"}}),
                          annotated(always_off(), {{"not.chosen", "x"}})})});
  provider.tracer("t").start_span("s").end();
  const SpanList list = drain(provider);
  EXPECT_EQ(value_of<std::string_view>(list.spans.at(0), "sampling.rule"), "all");
  EXPECT_EQ(value_of<std::string_view>(list.spans.at(0), "b"), "2");
  EXPECT_EQ(list.spans.at(0).attributes.size(), 2U);
}

TEST(RateLimited, AllowsTheBurstThenTheRate) {
  auto now = std::make_shared<std::uint64_t>(1'000'000'000'000);
  const SamplerPointer sampler = rate_limited({.per_second = 2, .burst = 3, .clock = [now] { return *now; }});
  const auto taken = [&] {
    int count = 0;
    while (count < 100 && keeps(*sampler, "s")) ++count;
    return count;
  };
  EXPECT_EQ(taken(), 3);
  *now += 499'999'999;
  EXPECT_EQ(taken(), 0);
  *now += 1;
  EXPECT_EQ(taken(), 1);
  *now += 1'000'000'000;
  EXPECT_EQ(taken(), 2);
  *now += 3'600'000'000'000;
  EXPECT_EQ(taken(), 3) << "a long pause fills the bucket and no more";
  EXPECT_EQ(sampler->description(), "RateLimited{2/s,burst=3}");
}

TEST(RateLimited, TakesOddNumbersAsSomethingSensible) {
  const auto at_once = [](double per_second, double burst) {
    const SamplerPointer sampler =
        rate_limited({.per_second = per_second, .burst = burst, .clock = [] { return std::uint64_t{5}; }});
    int count = 0;
    while (count < 100 && keeps(*sampler, "s")) ++count;
    return count;
  };
  EXPECT_EQ(at_once(0, 5), 0);
  EXPECT_EQ(at_once(-1, 5), 0);
  EXPECT_EQ(at_once(std::nan(""), 5), 0);
  EXPECT_EQ(at_once(10, 0), 10);
  EXPECT_EQ(at_once(0.001, 0), 1);
  EXPECT_EQ(at_once(1e-300, 2), 2);
  EXPECT_EQ(at_once(HUGE_VAL, 0), 100);
}

TEST(RateLimited, ManyThreadsTogetherGetNoMoreThanTheBurst) {
  const SamplerPointer sampler =
      rate_limited({.per_second = 1, .burst = 1000, .clock = [] { return std::uint64_t{1'000'000'000}; }});
  std::atomic<int> taken = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < 1000; ++j) taken += keeps(*sampler, "s") ? 1 : 0;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(taken, 1000);
}

}  // namespace
}  // namespace segue
