#include "segue/metrics/node_metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "decoded_metrics.h"
#include "segue/model/attributes.h"
#include "segue/trace/provider.h"

namespace segue {
namespace {

using testing::ElementsAre;
using testing::Pair;

struct Nodes : testing::Test {
  Nodes() : meters(*MeterProvider::create()), observer(std::make_shared<NodeMetrics>(*meters)) {}

  TracerProvider make_provider(SamplerPointer sampler) {
    auto provider = TracerProvider::create({.sampler = std::move(sampler), .observers = {observer}});
    EXPECT_TRUE(provider);
    return *std::move(provider);
  }

  std::unique_ptr<MeterProvider> meters;
  std::shared_ptr<NodeMetrics> observer;
};

constexpr std::uint64_t start = 1'700'000'000'000'000'000;

void run_node(const Tracer& tracer, std::uint64_t milliseconds, StatusCode status) {
  Span span = tracer.start_span("lead_bot.analyze_intent",
                                {.start_unix_nanos = start,
                                 .attributes = {{attributes::workflow_bot_type, "lead_bot"},
                                                {attributes::workflow_node_name, "analyze_intent"}}});
  span.set_status(status);
  span.end(start + milliseconds * 1'000'000);
}

TEST_F(Nodes, AreMeasuredAlsoWhereTheyAreNotSampled) {
  auto provider = make_provider(always_record(always_off()));
  const Tracer tracer = provider.tracer("test");
  run_node(tracer, 40, StatusCode::Ok);
  run_node(tracer, 1900, StatusCode::Ok);
  run_node(tracer, 5, StatusCode::Error);
  {
    const Span other = tracer.start_span("GET");
  }
  const auto metric = test::decode_metrics(meters->collect()).at("workflow.node.duration");
  EXPECT_EQ(metric.unit, "s");
  ASSERT_EQ(metric.points.size(), 2U);
  for (const auto& point : metric.points) {
    const bool has_failed = point.attributes.contains("error.type");
    EXPECT_EQ(point.attributes.at("workflow.node_name"), "analyze_intent");
    EXPECT_EQ(point.count, has_failed ? 1U : 2U);
    EXPECT_DOUBLE_EQ(point.max, has_failed ? 0.005 : 1.9);
  }
}

TEST_F(Nodes, HandoffsAreCountedByHowTheyEnd) {
  auto provider = make_provider(always_on());
  const Tracer tracer = provider.tracer("test");
  for (const char* outcome : {"executed", "blocked", "executed"}) {
    Span span = tracer.start_span(
        "handoff.lead_to_buyer",
        {.attributes = {{attributes::handoff_source_bot, "lead_bot"}, {attributes::handoff_target_bot, "buyer_bot"}}});
    span.set(attributes::handoff_outcome, outcome);
  }
  std::map<std::string, std::int64_t> counts;
  const auto metrics = test::decode_metrics(meters->collect());
  for (const auto& point : metrics.at("workflow.handoff.total").points) {
    counts[point.attributes.at("handoff.outcome")] = point.value;
  }
  EXPECT_THAT(counts, ElementsAre(Pair("blocked", 1), Pair("executed", 2)));
}

}  // namespace
}  // namespace segue
