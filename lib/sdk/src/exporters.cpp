#include "exporters.h"

#include "segue/export/console_exporter.h"
#include "segue/export/fan_out_exporter.h"
#include "segue/export/file_exporter.h"
#include "segue/export/otlp_http_exporter.h"
#include "segue/export/otlp_http_metric_exporter.h"
#include "segue/export/zipkin_exporter.h"
#if defined(SEGUE_HAS_GRPC)
#include "segue/export/otlp_grpc_exporter.h"
#include "segue/export/otlp_grpc_metric_exporter.h"
#endif

namespace segue::detail {
namespace {

template <class Base, class T>
Result<std::unique_ptr<Base>> as_base(Result<std::unique_ptr<T>> made) {
  if (!made) return made.error();
  return std::unique_ptr<Base>(*std::move(made));
}

template <class T>
Result<std::unique_ptr<Exporter>> as_exporter(Result<std::unique_ptr<T>> made) {
  return as_base<Exporter>(std::move(made));
}

OtlpCompression compression_of(const OtlpDestination& otlp) {
  return otlp.is_compressed ? OtlpCompression::Gzip : OtlpCompression::None;
}

OtlpHttpOptions http_options_of(const OtlpDestination& otlp) {
  const bool is_json = otlp.transport == OtlpTransport::HttpJson;
  return {.endpoint = otlp.endpoint,
          .headers = otlp.headers,
          .timeout = otlp.timeout,
          .compression = compression_of(otlp),
          .protocol = is_json ? OtlpHttpProtocol::Json : OtlpHttpProtocol::Protobuf,
          .ca_file = otlp.ca_file,
          .client_certificate_file = otlp.client_certificate_file,
          .client_key_file = otlp.client_key_file};
}

#if defined(SEGUE_HAS_GRPC)
OtlpGrpcOptions grpc_options_of(const OtlpDestination& otlp) {
  return {.endpoint = otlp.endpoint,
          .headers = otlp.headers,
          .timeout = otlp.timeout,
          .compression = compression_of(otlp),
          .ca_file = otlp.ca_file,
          .client_certificate_file = otlp.client_certificate_file,
          .client_key_file = otlp.client_key_file,
          .insecure = otlp.is_insecure};
}

Result<std::unique_ptr<Exporter>> make_grpc_exporter(const OtlpDestination& otlp) {
  return as_exporter(OtlpGrpcExporter::create(grpc_options_of(otlp)));
}

Result<std::unique_ptr<MetricExporter>> make_grpc_metric_exporter(const OtlpDestination& otlp) {
  return as_base<MetricExporter>(OtlpGrpcMetricExporter::create(grpc_options_of(otlp)));
}
#else
Error without_grpc() {
  return {Errc::FailedPrecondition, "this build has no OTLP/gRPC; build with SEGUE_WITH_GRPC or use http/protobuf"};
}

Result<std::unique_ptr<Exporter>> make_grpc_exporter(const OtlpDestination&) { return without_grpc(); }
Result<std::unique_ptr<MetricExporter>> make_grpc_metric_exporter(const OtlpDestination&) { return without_grpc(); }
#endif

Result<std::unique_ptr<Exporter>> make_one(ExporterKind kind, const Destination& destination) {
  switch (kind) {
    case ExporterKind::Otlp: return make_otlp_exporter(destination.otlp);
    case ExporterKind::Console: return std::unique_ptr<Exporter>(std::make_unique<ConsoleExporter>());
    case ExporterKind::OtlpStdout: return as_exporter(FileExporter::create({}));
    case ExporterKind::File: return as_exporter(FileExporter::create({.path = destination.file}));
    case ExporterKind::Zipkin:
      return as_exporter(
          ZipkinExporter::create({.endpoint = destination.zipkin_endpoint, .timeout = destination.zipkin_timeout}));
  }
  return Error{Errc::Internal, "an exporter without a maker"};
}

}  // namespace

Result<std::unique_ptr<Exporter>> make_otlp_exporter(const OtlpDestination& otlp) {
  if (otlp.transport == OtlpTransport::Grpc) return make_grpc_exporter(otlp);
  return as_exporter(OtlpHttpExporter::create(http_options_of(otlp)));
}

Result<std::unique_ptr<MetricExporter>> make_metric_exporter(const OtlpDestination& otlp) {
  if (otlp.transport == OtlpTransport::Grpc) return make_grpc_metric_exporter(otlp);
  return as_base<MetricExporter>(OtlpHttpMetricExporter::create(http_options_of(otlp)));
}

Result<std::unique_ptr<Exporter>> make_exporter(const Destination& destination) {
  return make_exporter(std::span(&destination, 1));
}

Result<std::unique_ptr<Exporter>> make_exporter(std::span<const Destination> destinations) {
  std::vector<std::unique_ptr<Exporter>> exporters;
  for (const Destination& destination : destinations) {
    for (const ExporterKind kind : destination.kinds) {
      auto exporter = make_one(kind, destination);
      if (!exporter) return exporter.error();
      exporters.push_back(*std::move(exporter));
    }
  }
  if (exporters.size() == 1) return std::move(exporters.front());
  if (exporters.size() > FanOutExporter::max_destinations) {
    return Error{Errc::InvalidArgument, "more than " + std::to_string(FanOutExporter::max_destinations) + " exporters"};
  }
  return std::unique_ptr<Exporter>(std::make_unique<FanOutExporter>(std::move(exporters)));
}

}  // namespace segue::detail
