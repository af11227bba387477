#include "metrics_setup.h"

#include "exporters.h"
#include "segue/base/log.h"
#include "segue/export/otlp_http_metric_exporter.h"
#include "segue/model/attributes.h"

namespace segue::detail {
namespace {

bool is_wanted(const ObservabilityOptions& options, const Environment& environment) {
  const auto found = environment.find("OTEL_METRICS_EXPORTER");
  if (options.metrics || !found) return options.metrics.value_or(false);
  const std::string name = to_lower(found->value);
  if (name != "otlp" && name != "none") warn_variable(*found, "metrics are off");
  return name == "otlp";
}

// "http://host:4318/v1/metrics" for "http://host:4318/v1/traces"; nothing where traces go by gRPC or to a path of another name.
std::optional<std::string> beside_traces(const OtlpDestination& otlp) {
  constexpr std::string_view path = "/v1/traces";
  if (otlp.transport == OtlpTransport::Grpc || !otlp.endpoint.ends_with(path)) return std::nullopt;
  return otlp.endpoint.substr(0, otlp.endpoint.size() - path.size()) + "/v1/metrics";
}

Temporality choose_temporality(const Environment& environment, const Destination& destination) {
  const auto found = environment.find("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE");
  if (!found) return destination.wants_delta ? Temporality::Delta : Temporality::Cumulative;
  const std::string name = to_lower(found->value);
  if (name == "delta" || name == "lowmemory") return Temporality::Delta;
  if (name != "cumulative") warn_variable(*found, "using cumulative");
  return Temporality::Cumulative;
}

}  // namespace

std::optional<MetricsPlan> plan_metrics(const ObservabilityOptions& options, const Environment& environment,
                                        const Destination& destination) {
  MetricsPlan plan = {.otlp = destination.otlp};
  const auto given = environment.text("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT");
  plan.temporality = choose_temporality(environment, destination);
  plan.interval = environment.milliseconds("OTEL_METRIC_EXPORT_INTERVAL", plan.interval);
  if (!is_wanted(options, environment)) return std::nullopt;
  const auto endpoint = given ? given : beside_traces(destination.otlp);
  if (!endpoint) {
    log(LogLevel::Warning,
        "metrics are off: set OTEL_EXPORTER_OTLP_METRICS_ENDPOINT, or meter_provider in the configuration file, to an "
        "OTLP/HTTP address for them");
    return std::nullopt;
  }
  plan.otlp.endpoint = *endpoint;
  plan.otlp.transport = OtlpTransport::HttpProtobuf;
  plan.otlp.is_compressed = false;  // not worth it for a few kilobytes a minute
  return plan;
}

void observe_spans(MeterProvider& meters, const TracerProvider& provider) {
  const InstrumentOptions started = {.unit = "{span}", .description = "Spans that were started"};
  const InstrumentOptions exported = {.unit = "{span}", .description = "Spans that were delivered"};
  const InstrumentOptions processed = {.unit = "{span}", .description = "Spans that were dropped, by reason"};
  constexpr std::string_view sampling_result = "otel.span.sampling_result";
  meters.observe_counter("otel.sdk.span.started", started, [&provider] { return provider.stats().started; },
                         {{sampling_result, "RECORD_AND_SAMPLE"}});
  meters.observe_counter("otel.sdk.span.started", started, [&provider] { return provider.stats().recorded_only; },
                         {{sampling_result, "RECORD_ONLY"}});
  meters.observe_counter("otel.sdk.span.started", started, [&provider] { return provider.stats().unsampled; },
                         {{sampling_result, "DROP"}});
  meters.observe_counter("otel.sdk.exporter.span.exported", exported,
                         [&provider] { return provider.stats().exported; });
  for (std::size_t i = 0; i < drop_reason_count; ++i) {
    const auto reason = static_cast<DropReason>(i);
    meters.observe_counter("otel.sdk.processor.span.processed", processed,
                           [&provider, reason] { return provider.stats().dropped_by(reason); },
                           {{attributes::error_type, to_string(reason)}});
  }
}

Result<std::unique_ptr<PeriodicReader>> start_reader(MeterProvider& meters, const MetricsPlan& plan) {
  auto exporter = OtlpHttpMetricExporter::create(http_options_of(plan.otlp));
  if (!exporter) return exporter.error();
  return PeriodicReader::start(meters, *std::move(exporter), {.interval = plan.interval});
}

}  // namespace segue::detail
