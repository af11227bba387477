// OtlpHttpExporter: sends spans to any OpenTelemetry receiver over HTTP.
//
//   Result<std::unique_ptr<OtlpHttpExporter>> exporter = OtlpHttpExporter::create(
//       {.endpoint = "https://api.honeycomb.io/v1/traces", .headers = {{"x-honeycomb-team", key}}});
//
// Follows OTLP 1.x: 429, 502, 503, 504 and connection failures are Retryable, other failures Rejected; Retry-After is
// passed on; a partial success is a delivery with rejected spans. Encoded spans go to the socket as they are, one
// connection is kept open, and redirects are not followed, since headers often carry keys.
// Thread safety: that of Exporter. Errors: options are validated in `create`; of a response, 4 MiB are read at most.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "segue/base/result.h"
#include "segue/export/exporter.h"
#include "segue/export/otlp_options.h"

namespace segue {

enum class OtlpHttpProtocol : std::uint8_t { Protobuf, Json };

struct OtlpHttpOptions {
  /// Used exactly as given. OTEL_EXPORTER_OTLP_TRACES_ENDPOINT. "https" turns TLS on.
  std::string endpoint = "http://localhost:4318/v1/traces";
  /// Sent with every request, e.g. an API key. OTEL_EXPORTER_OTLP_HEADERS.
  ExportHeaders headers = {};
  /// For one whole request, from 1 ms. OTEL_EXPORTER_OTLP_TIMEOUT.
  std::chrono::milliseconds timeout = std::chrono::seconds(10);
  /// Gzip saves about nine tenths of the bytes and costs some CPU. OTEL_EXPORTER_OTLP_COMPRESSION.
  OtlpCompression compression = OtlpCompression::None;
  /// JSON costs several times the CPU; for receivers that know nothing else. OTEL_EXPORTER_OTLP_PROTOCOL.
  OtlpHttpProtocol protocol = OtlpHttpProtocol::Protobuf;
  /// Certificates to trust, PEM. Default: the system's. OTEL_EXPORTER_OTLP_CERTIFICATE.
  std::string ca_file = {};
  /// For receivers that ask clients who they are, PEM; both or neither.
  /// OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE, OTEL_EXPORTER_OTLP_CLIENT_KEY.
  std::string client_certificate_file = {};
  std::string client_key_file = {};
};

class OtlpHttpExporter final : public Exporter {
 public:
  /// InvalidArgument names the option that is wrong, NotFound the file that cannot be read.
  static Result<std::unique_ptr<OtlpHttpExporter>> create(const OtlpHttpOptions& options);
  ~OtlpHttpExporter() override;

  ExportResult export_spans(const ExportBatch& batch) noexcept override;
  std::string_view name() const noexcept override { return "otlp_http"; }

 private:
  struct State;
  explicit OtlpHttpExporter(std::unique_ptr<State> state) noexcept;

  std::unique_ptr<State> state_;
};

}  // namespace segue
