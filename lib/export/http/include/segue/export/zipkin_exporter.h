// ZipkinExporter: sends spans to Zipkin, or whatever takes its v2 JSON.
//
//   Result<std::unique_ptr<ZipkinExporter>> exporter =
//       ZipkinExporter::create({.endpoint = "http://zipkin.example:9411/api/v2/spans"});
//
// Follows OpenTelemetry's mapping: attributes become tags, events annotations, the status the tags `otel.status_code` and
// `error`, the scope `otel.scope.*`. Links, tracestate, resource attributes other than `service.name`, and fractions of a
// microsecond have no place in Zipkin and are left out. Answers mean what they mean to OtlpHttpExporter.
// Thread safety: that of Exporter. Errors: options are validated in `create`; spans are decoded for this, so a batch that is
// not OTLP is Rejected.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "segue/base/result.h"
#include "segue/export/exporter.h"
#include "segue/export/otlp_options.h"

namespace segue {

struct ZipkinOptions {
  /// Used exactly as given. OTEL_EXPORTER_ZIPKIN_ENDPOINT. "https" turns TLS on.
  std::string endpoint = "http://localhost:9411/api/v2/spans";
  /// Sent with every request.
  ExportHeaders headers = {};
  /// For one whole request, from 1 ms. OTEL_EXPORTER_ZIPKIN_TIMEOUT.
  std::chrono::milliseconds timeout = std::chrono::seconds(10);
  /// Zipkin reads gzip; it saves more than nine tenths of the bytes.
  OtlpCompression compression = OtlpCompression::None;
  /// Certificates to trust, PEM. Default: the system's.
  std::string ca_file = {};
  /// For receivers that ask clients who they are, PEM; both or neither.
  std::string client_certificate_file = {};
  std::string client_key_file = {};
};

class ZipkinExporter final : public Exporter {
 public:
  /// InvalidArgument names the option that is wrong, NotFound the file that cannot be read.
  static Result<std::unique_ptr<ZipkinExporter>> create(const ZipkinOptions& options);
  ~ZipkinExporter() override;

  ExportResult export_spans(const ExportBatch& batch) noexcept override;
  std::string_view name() const noexcept override { return "zipkin"; }

 private:
  struct State;
  explicit ZipkinExporter(std::unique_ptr<State> state) noexcept;

  std::unique_ptr<State> state_;
};

}  // namespace segue
