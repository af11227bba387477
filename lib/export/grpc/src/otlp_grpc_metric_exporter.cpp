#include "segue/export/otlp_grpc_metric_exporter.h"

#include <utility>

#include "otlp_grpc_client.h"

namespace segue {

struct OtlpGrpcMetricExporter::State {
  detail::OtlpGrpcClient client;
};

Result<std::unique_ptr<OtlpGrpcMetricExporter>> OtlpGrpcMetricExporter::create(const OtlpGrpcOptions& options) {
  constexpr const char* method = "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export";
  auto client = detail::OtlpGrpcClient::create(options, method);
  if (!client) return client.error().with_context("otlp grpc metric exporter");
  auto state = std::make_unique<State>(State{*std::move(client)});
  return std::unique_ptr<OtlpGrpcMetricExporter>(new OtlpGrpcMetricExporter(std::move(state)));
}

OtlpGrpcMetricExporter::OtlpGrpcMetricExporter(std::unique_ptr<State> state) noexcept : state_(std::move(state)) {}
OtlpGrpcMetricExporter::~OtlpGrpcMetricExporter() = default;

ExportResult OtlpGrpcMetricExporter::export_metrics(std::string_view request) noexcept {
  return state_->client.send({&request, 1}, request.size());
}

}  // namespace segue
