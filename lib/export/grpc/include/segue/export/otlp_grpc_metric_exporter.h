// OtlpGrpcMetricExporter: sends metrics to any OpenTelemetry receiver over gRPC.
//
//   auto exporter = segue::OtlpGrpcMetricExporter::create({.endpoint = "http://localhost:4317"});
//   auto reader = segue::PeriodicReader::start(*meters, *std::move(exporter));
//
// Options, outcomes, thread safety, errors and what happens after a fork are those of OtlpGrpcExporter. It has a connection
// of its own.
#pragma once

#include <memory>
#include <string_view>

#include "segue/export/otlp_grpc_exporter.h"
#include "segue/metrics/metric_exporter.h"

namespace segue {

class OtlpGrpcMetricExporter final : public MetricExporter {
 public:
  /// Fails like OtlpGrpcExporter's. Does not connect yet.
  static Result<std::unique_ptr<OtlpGrpcMetricExporter>> create(const OtlpGrpcOptions& options);
  ~OtlpGrpcMetricExporter() override;

  ExportResult export_metrics(std::string_view request) noexcept override;
  std::string_view name() const noexcept override { return "otlp_grpc_metrics"; }

 private:
  struct State;
  explicit OtlpGrpcMetricExporter(std::unique_ptr<State> state) noexcept;

  std::unique_ptr<State> state_;
};

}  // namespace segue
