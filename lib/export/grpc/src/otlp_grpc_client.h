// OtlpGrpcClient: what the OTLP/gRPC exporters of all signals share: checking options, and the call and what its answer means.
//
//   auto client = OtlpGrpcClient::create(options, "/opentelemetry.proto.collector.trace.v1.TraceService/Export");
//   return client->send(frame.pieces(), frame.size());
//
// Thread safety: one call at a time, from any thread. Errors: as OtlpGrpcExporter's.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

#include "grpc_caller.h"
#include "segue/export/otlp_grpc_exporter.h"

namespace segue::detail {

class OtlpGrpcClient {
 public:
  /// `method` is "/package.Service/Method" of an OTLP collector service.
  static Result<OtlpGrpcClient> create(const OtlpGrpcOptions& options, const char* method);

  /// Sends the pieces one after the other as one request of `size` bytes.
  ExportResult send(std::span<const std::string_view> pieces, std::size_t size) noexcept;

 private:
  explicit OtlpGrpcClient(std::unique_ptr<GrpcCaller> caller) noexcept : caller_(std::move(caller)) {}

  std::unique_ptr<GrpcCaller> caller_;
};

}  // namespace segue::detail
