// What an OTLP server answers, in both encodings, for servers and exporters alike.
//
//   reply(200, otlp::to_json(otlp::ExportResponse{.rejected_spans = 1, .error_message = "span id is all zeros"}));
//   Result<otlp::RpcStatus> status = otlp::rpc_status_from_protobuf(body);
//
// Success is the empty protobuf message, `{}` in JSON. Thread safety: pure functions, from any thread.
// Errors: reading malformed input is InvalidArgument; unknown fields are ignored.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "segue/base/result.h"

namespace segue::otlp {

/// An ExportTraceServiceResponse. Spans rejected here must not be sent again.
struct ExportResponse {
  std::int64_t rejected_spans = 0;
  /// With no span rejected this is a warning.
  std::string error_message = {};

  bool operator==(const ExportResponse&) const = default;
};

/// A google.rpc.Status: the body of every HTTP error, and gRPC's grpc-status-details-bin.
struct RpcStatus {
  /// gRPC's number, e.g. 3 for INVALID_ARGUMENT.
  std::int32_t code = 0;
  std::string message = {};
  /// A google.rpc.RetryInfo among the details: the sender may try again after this long. Only in protobuf:
  /// HTTP says it with Retry-After.
  std::optional<std::chrono::nanoseconds> retry_delay = std::nullopt;

  bool operator==(const RpcStatus&) const = default;
};

std::string to_protobuf(const ExportResponse& response);
std::string to_json(const ExportResponse& response);
Result<ExportResponse> export_response_from_protobuf(std::string_view protobuf);
Result<ExportResponse> export_response_from_json(std::string_view json);

std::string to_protobuf(const RpcStatus& status);
std::string to_json(const RpcStatus& status);
Result<RpcStatus> rpc_status_from_protobuf(std::string_view protobuf);
Result<RpcStatus> rpc_status_from_json(std::string_view json);

}  // namespace segue::otlp
