// OtlpHttpMetricExporter: sends metrics to any OpenTelemetry receiver over HTTP, as protobuf.
//
//   auto exporter = segue::OtlpHttpMetricExporter::create({.endpoint = "http://localhost:4318/v1/metrics"});
//   auto reader = segue::PeriodicReader::start(*meters, *std::move(exporter));
//
// Options, outcomes, thread safety and errors are those of OtlpHttpExporter, except that there is no JSON.
#pragma once

#include <memory>
#include <string_view>

#include "segue/export/otlp_http_exporter.h"
#include "segue/metrics/metric_exporter.h"

namespace segue {

class OtlpHttpMetricExporter final : public MetricExporter {
 public:
  /// InvalidArgument names the option that is wrong, the protocol if it is not Protobuf; NotFound the file that cannot be read.
  static Result<std::unique_ptr<OtlpHttpMetricExporter>> create(const OtlpHttpOptions& options);
  ~OtlpHttpMetricExporter() override;

  ExportResult export_metrics(std::string_view request) noexcept override;
  std::string_view name() const noexcept override { return "otlp_http_metrics"; }

 private:
  struct State;
  explicit OtlpHttpMetricExporter(std::unique_ptr<State> state) noexcept;

  std::unique_ptr<State> state_;
};

}  // namespace segue
