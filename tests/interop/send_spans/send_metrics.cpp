// Sends one collection of metrics with one of Segue's exporters to a receiver in another language, and prints what became of
// it. What is sent is fixed: three executed handoffs, and nodes that took 0.5 and 2 seconds.
//
//   send_metrics otlp_grpc http://127.0.0.1:4317 gzip
//   delivered 0 rejected
//
// Errors: exit code 1 with the message on standard error for an endpoint that cannot be used, 2 for a wrong command line.
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "print_result.h"
#include "segue/export/otlp_grpc_metric_exporter.h"
#include "segue/export/otlp_http_metric_exporter.h"
#include "segue/metrics/meter_provider.h"

namespace {

using segue::MetricExporter, segue::OtlpCompression, segue::Result;

template <class T>
Result<std::unique_ptr<MetricExporter>> as_metric_exporter(Result<std::unique_ptr<T>> made) {
  if (!made) return made.error();
  return std::unique_ptr<MetricExporter>(*std::move(made));
}

Result<std::unique_ptr<MetricExporter>> make_exporter(const std::string& kind, const std::string& endpoint,
                                                      OtlpCompression compression) {
  if (kind == "otlp_grpc") {
    return as_metric_exporter(
        segue::OtlpGrpcMetricExporter::create({.endpoint = endpoint, .compression = compression}));
  }
  return as_metric_exporter(segue::OtlpHttpMetricExporter::create({.endpoint = endpoint, .compression = compression}));
}

std::string collect() {
  const auto meters = segue::MeterProvider::create({.resource = {{"service.name", "bots"}}, .scope_version = "1.4.0"});
  (*meters)
      ->counter("workflow.handoff.total", {.unit = "{handoff}", .description = "Handoffs between bots"})
      .add(3, {{"handoff.outcome", "executed"}});
  const auto durations = (*meters)->histogram("workflow.node.duration", {.unit = "s"}, segue::seconds_bounds);
  for (const double seconds : {0.5, 2.0}) durations.record(seconds, {{"workflow.node_name", "analyze_intent"}});
  return (*meters)->collect();
}

}  // namespace

int main(int count, char** arguments) {
  const std::vector<std::string> words(arguments + 1, arguments + count);
  const bool is_gzip = words.size() == 3 && words[2] == "gzip";
  if ((words.size() != 2 && !is_gzip) || (words[0] != "otlp_grpc" && words[0] != "otlp_http")) {
    std::cerr << "usage: send_metrics otlp_grpc|otlp_http ENDPOINT [gzip]\n";
    return 2;
  }
  const auto exporter = make_exporter(words[0], words[1], is_gzip ? OtlpCompression::Gzip : OtlpCompression::None);
  if (!exporter) {
    std::cerr << exporter.error().message << '\n';
    return 1;
  }
  segue::interop::print((*exporter)->export_metrics(collect()));
  return 0;
}
