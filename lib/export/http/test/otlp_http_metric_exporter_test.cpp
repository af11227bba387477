#include "segue/export/otlp_http_metric_exporter.h"

#include <gtest/gtest.h>

#include "loopback_server.h"
#include "segue/metrics/meter_provider.h"

namespace segue {
namespace {

TEST(OtlpHttpMetricExporter, SendsACollectionAsItIs) {
  const test::LoopbackServer server;
  auto exporter = OtlpHttpMetricExporter::create({.endpoint = server.url("/v1/metrics"), .headers = {{"x-key", "k"}}});
  ASSERT_TRUE(exporter);
  const auto meters = MeterProvider::create();
  (*meters)->counter("jorge.handoff.total").add();
  const std::string request = (*meters)->collect();
  EXPECT_EQ((*exporter)->export_metrics(request).outcome, ExportOutcome::Delivered);
  const auto sent = server.requests().at(0);
  EXPECT_EQ(sent.target, "/v1/metrics");
  EXPECT_EQ(sent.header("content-type"), "application/x-protobuf");
  EXPECT_EQ(sent.header("x-key"), "k");
  EXPECT_EQ(sent.body, request);
}

TEST(OtlpHttpMetricExporter, TellsWhatMayBeSentAgain) {
  const test::LoopbackServer server({{.status_line = "503 Service Unavailable"}, {.status_line = "400 Bad Request"}});
  auto exporter = OtlpHttpMetricExporter::create({.endpoint = server.url("/v1/metrics")});
  ASSERT_TRUE(exporter);
  EXPECT_EQ((*exporter)->export_metrics("x").outcome, ExportOutcome::Retryable);
  EXPECT_EQ((*exporter)->export_metrics("x").outcome, ExportOutcome::Rejected);
}

TEST(OtlpHttpMetricExporter, OptionsAreValidated) {
  EXPECT_FALSE(OtlpHttpMetricExporter::create({.endpoint = "gopher://x"}));
  EXPECT_FALSE(OtlpHttpMetricExporter::create({.protocol = OtlpHttpProtocol::Json}));
}

}  // namespace
}  // namespace segue
