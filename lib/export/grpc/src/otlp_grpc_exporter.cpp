#include "segue/export/otlp_grpc_exporter.h"

#include <utility>

#include "otlp_grpc_client.h"
#include "segue/export/request_frame.h"

namespace segue {

struct OtlpGrpcExporter::State {
  explicit State(detail::OtlpGrpcClient given) noexcept : client(std::move(given)) {}

  detail::OtlpGrpcClient client;
  RequestFrame frame;
};

Result<std::unique_ptr<OtlpGrpcExporter>> OtlpGrpcExporter::create(const OtlpGrpcOptions& options) {
  constexpr const char* method = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";
  auto client = detail::OtlpGrpcClient::create(options, method);
  if (!client) return client.error().with_context("otlp grpc exporter");
  return std::unique_ptr<OtlpGrpcExporter>(new OtlpGrpcExporter(std::make_unique<State>(*std::move(client))));
}

OtlpGrpcExporter::OtlpGrpcExporter(std::unique_ptr<State> state) noexcept : state_(std::move(state)) {}
OtlpGrpcExporter::~OtlpGrpcExporter() = default;

ExportResult OtlpGrpcExporter::export_spans(const ExportBatch& batch) noexcept {
  try {
    state_->frame.assign(batch);
  } catch (const std::exception& exception) {
    return {.outcome = ExportOutcome::Rejected, .message = exception.what()};
  }
  return state_->client.send(state_->frame.pieces(), state_->frame.size());
}

}  // namespace segue
