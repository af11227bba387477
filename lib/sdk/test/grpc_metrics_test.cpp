#include <gtest/gtest.h>

#include "decoded_metrics.h"
#include "grpc_server.h"
#include "sdk_test_support.h"
#include "segue/segue.h"

namespace segue {
namespace {

using GrpcMetrics = test::SdkTest;

TEST_F(GrpcMetrics, GoBesideTheSpans) {
  const test::GrpcServer server;
  set("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc");
  set("OTEL_EXPORTER_OTLP_ENDPOINT", "http://" + server.address());
  set("OTEL_EXPORTER_OTLP_METRICS_HEADERS", "x-key=metrics");
  const auto on = setup_observability({.enabled = true, .metrics = true});
  ASSERT_TRUE(on) << on.error().message;
  increment_counter("jorge.interaction.total", 2);
  {
    const auto span = workflow_span("lead_bot", "analyze_intent");
  }
  EXPECT_TRUE(shutdown_observability(std::chrono::minutes(1)));
  const auto requests = server.requests();
  ASSERT_EQ(requests.size(), 2U);
  const bool has_metrics_first = requests[0].value("x-key") == "metrics";
  const auto& metrics = requests[has_metrics_first ? 0 : 1];
  const auto& spans = requests[has_metrics_first ? 1 : 0];
  EXPECT_EQ(spans.method, "/opentelemetry.proto.collector.trace.v1.TraceService/Export");
  EXPECT_EQ(spans.value("x-key"), "");
  EXPECT_EQ(metrics.method, "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export");
  EXPECT_EQ(test::decode_metrics(metrics.body).at("jorge.interaction.total").points.at(0).value, 2);
}

}  // namespace
}  // namespace segue
