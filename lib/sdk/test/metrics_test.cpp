#include "metrics_setup.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "decoded_metrics.h"
#include "loopback_server.h"
#include "sdk_test_support.h"
#include "segue/segue.h"

namespace segue {
namespace {

using testing::HasSubstr;

class Metrics : public test::SdkTest {
 protected:
  std::optional<detail::MetricsPlan> plan() {
    const detail::Environment environment;
    const auto destination = detail::decide_destination(options_, environment);
    EXPECT_TRUE(destination);
    return detail::plan_metrics(options_, environment, *destination);
  }
};

TEST_F(Metrics, AreOffUnlessAskedFor) {
  EXPECT_FALSE(plan());
  set("OTEL_METRICS_EXPORTER", "none");
  EXPECT_FALSE(plan());
  set("OTEL_METRICS_EXPORTER", "prometheus");
  EXPECT_FALSE(plan());
  EXPECT_THAT(log_, HasSubstr("OTEL_METRICS_EXPORTER: 'prometheus' is not usable; metrics are off"));
  set("OTEL_METRICS_EXPORTER", "otlp");
  EXPECT_TRUE(plan());
  options_.metrics = false;
  EXPECT_FALSE(plan());
}

TEST_F(Metrics, GoBesideTheTracesUnlessTheyHaveAnAddressOfTheirOwn) {
  options_.metrics = true;
  options_.endpoint = "http://collector:4318/prefix";
  EXPECT_EQ(plan()->otlp.endpoint, "http://collector:4318/prefix/v1/metrics");
  options_.endpoint = "http://collector:4317";
  options_.protocol = "grpc";
  EXPECT_FALSE(plan());
  EXPECT_THAT(log_, HasSubstr("set OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"));
  set("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "http://metrics:1/exact");
  EXPECT_EQ(plan()->otlp.endpoint, "http://metrics:1/exact");
}

TEST_F(Metrics, AreCumulativeExceptForThoseWhoWantDifferences) {
  options_.metrics = true;
  EXPECT_EQ(plan()->temporality, Temporality::Cumulative);
  set("NEW_RELIC_LICENSE_KEY", "key");
  EXPECT_EQ(plan()->temporality, Temporality::Delta);
  set("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", "cumulative");
  EXPECT_EQ(plan()->temporality, Temporality::Cumulative);
}

TEST_F(Metrics, TellOfNodesCountersAndTheSpansThemselvesAlsoUnsampledOnes) {
  const test::LoopbackServer server;
  const auto on =
      setup_observability({.enabled = true, .endpoint = server.url(""), .metrics = true, .sampler = always_off()});
  ASSERT_TRUE(on) << on.error().message;
  {
    const auto span = workflow_span("lead_bot", "analyze_intent");
  }
  increment_counter("jorge.interaction.total", 2);
  EXPECT_TRUE(flush_observability(std::chrono::minutes(1)));
  EXPECT_TRUE(shutdown_observability(std::chrono::minutes(1)));
  increment_counter("jorge.interaction.total");

  const auto requests = server.requests();
  ASSERT_FALSE(requests.empty());
  for (const auto& request : requests) EXPECT_EQ(request.target, "/v1/metrics") << "nothing was sampled";
  const auto metrics = test::decode_metrics(requests.back().body);
  const auto& node = metrics.at("workflow.node.duration").points.at(0);
  EXPECT_EQ(node.attributes.at("workflow.bot_type"), "lead_bot");
  EXPECT_EQ(node.count, 1U);
  EXPECT_EQ(metrics.at("jorge.interaction.total").points.at(0).value, 2);
  for (const auto& point : metrics.at("otel.sdk.span.started").points) {
    const bool is_ours = point.attributes.at("otel.span.sampling_result") == "RECORD_ONLY";
    EXPECT_EQ(point.value, is_ours ? 1 : 0);
  }
  EXPECT_EQ(metrics.at("otel.sdk.processor.span.processed").points.size(), drop_reason_count);
}

}  // namespace
}  // namespace segue
