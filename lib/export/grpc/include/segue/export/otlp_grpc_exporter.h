// OtlpGrpcExporter: sends spans to any OpenTelemetry receiver over gRPC.
//
//   Result<std::unique_ptr<OtlpGrpcExporter>> exporter = OtlpGrpcExporter::create(
//       {.endpoint = "https://ingest.lightstep.com:443", .headers = {{"lightstep-access-token", token}}});
//
// Follows OTLP 1.x: CANCELLED, DEADLINE_EXCEEDED, ABORTED, OUT_OF_RANGE, UNAVAILABLE and DATA_LOSS are Retryable, as is
// RESOURCE_EXHAUSTED where the receiver says when to come back; everything else is Rejected. Its RetryInfo is passed on,
// and a partial success is a delivery with rejected spans. One connection is kept open; it belongs to this exporter alone.
// Thread safety: that of Exporter. Errors: options are validated in `create`; a response over 4 MiB is Rejected.
// After a fork: gRPC's threads stay with the parent, so in the child exports are Rejected and nothing new can be created. A
// program whose children are to be traced creates the exporter in them alone, or sends by HTTP.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "segue/base/result.h"
#include "segue/export/exporter.h"
#include "segue/export/otlp_options.h"

namespace segue {

struct OtlpGrpcOptions {
  /// "http://host:port" is plain text and "https://host:port" TLS; without a port 4317 and 443. Without a scheme, any
  /// target gRPC knows: "host:port", "dns:///host:port", "unix:/run/collector". OTEL_EXPORTER_OTLP_TRACES_ENDPOINT.
  std::string endpoint = "http://localhost:4317";
  /// Sent with every request as metadata, names in lower case. OTEL_EXPORTER_OTLP_HEADERS.
  ExportHeaders headers = {};
  /// For one whole call, from 1 ms. OTEL_EXPORTER_OTLP_TIMEOUT.
  std::chrono::milliseconds timeout = std::chrono::seconds(10);
  /// Gzip saves about nine tenths of the bytes and costs several times the CPU, since gRPC sets the level.
  /// OTEL_EXPORTER_OTLP_COMPRESSION.
  OtlpCompression compression = OtlpCompression::None;
  /// Certificates to trust, PEM. Default: the system's. OTEL_EXPORTER_OTLP_CERTIFICATE.
  std::string ca_file = {};
  /// For receivers that ask clients who they are, PEM; both or neither.
  /// OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE, OTEL_EXPORTER_OTLP_CLIENT_KEY.
  std::string client_certificate_file = {};
  std::string client_key_file = {};
  /// Plain text where the endpoint has no scheme; without effect where it has one. OTEL_EXPORTER_OTLP_INSECURE.
  bool insecure = false;
};

class OtlpGrpcExporter final : public Exporter {
 public:
  /// InvalidArgument names the option that is wrong, NotFound the file that cannot be read, FailedPrecondition says that
  /// this is the forked child of a process that has created one. Does not connect yet.
  static Result<std::unique_ptr<OtlpGrpcExporter>> create(const OtlpGrpcOptions& options);
  ~OtlpGrpcExporter() override;

  ExportResult export_spans(const ExportBatch& batch) noexcept override;
  std::string_view name() const noexcept override { return "otlp_grpc"; }

 private:
  struct State;
  explicit OtlpGrpcExporter(std::unique_ptr<State> state) noexcept;

  std::unique_ptr<State> state_;
};

}  // namespace segue
