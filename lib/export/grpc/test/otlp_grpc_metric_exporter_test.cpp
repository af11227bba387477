// Against a real gRPC server on the loopback interface. How codes, TLS and timeouts are dealt with is
// otlp_grpc_exporter_test.cpp's: both exporters call through the same client.
#include "segue/export/otlp_grpc_metric_exporter.h"

#include <gtest/gtest.h>

#include "grpc_server.h"
#include "segue/metrics/meter_provider.h"
#include "segue/otlp/response.h"

namespace segue {
namespace {

using test::GrpcServer;

std::unique_ptr<OtlpGrpcMetricExporter> make_exporter(const GrpcServer& server, OtlpGrpcOptions options = {}) {
  options.endpoint = "http://" + server.address();
  return *OtlpGrpcMetricExporter::create(options);
}

TEST(OtlpGrpcMetricExporter, SendsACollectionAsItIs) {
  const auto meters = MeterProvider::create();
  (*meters)->counter("jorge.handoff.total").add();
  const std::string request = (*meters)->collect();
  for (const OtlpCompression compression : {OtlpCompression::None, OtlpCompression::Gzip}) {
    const GrpcServer server;
    const auto exporter = make_exporter(server, {.headers = {{"X-Key", "k"}}, .compression = compression});
    const ExportResult result = exporter->export_metrics(request);
    EXPECT_EQ(result.outcome, ExportOutcome::Delivered) << result.message;
    const auto sent = server.requests().at(0);
    EXPECT_EQ(sent.method, "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export");
    EXPECT_EQ(sent.value("x-key"), "k");
    EXPECT_EQ(sent.body, request);
  }
}

TEST(OtlpGrpcMetricExporter, TellsWhatMayBeSentAgain) {
  const GrpcServer server({{.code = 14, .message = "busy"}, {.code = 3, .message = "bad"}});
  const auto exporter = make_exporter(server);
  EXPECT_EQ(exporter->export_metrics("").outcome, ExportOutcome::Retryable);
  const ExportResult refused = exporter->export_metrics("");
  EXPECT_EQ(refused.outcome, ExportOutcome::Rejected);
  EXPECT_EQ(refused.message, "gRPC INVALID_ARGUMENT: bad");
}

TEST(OtlpGrpcMetricExporter, PassesOnWhatAPartialSuccessSays) {
  const GrpcServer server({{.body = otlp::to_protobuf(otlp::ExportResponse{2, "too old"})}});
  const ExportResult result = make_exporter(server)->export_metrics("");
  EXPECT_EQ(result.outcome, ExportOutcome::Delivered);
  EXPECT_EQ(result.rejected_spans, 2U);
  EXPECT_EQ(result.message, "too old");
}

TEST(OtlpGrpcMetricExporter, OptionsAreValidated) {
  const auto refused = OtlpGrpcMetricExporter::create({.endpoint = "http://host:4317/path"});
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().message.starts_with("otlp grpc metric exporter: endpoint")) << refused.error().message;
}

}  // namespace
}  // namespace segue
