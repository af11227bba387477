#include "metrics_setup.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>
#include <vector>

#include "exporters.h"
#include "segue/base/log.h"
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

// "http://host:4318/v1/metrics" for "http://host:4318/v1/traces"; nothing for a path of another name. gRPC has no paths.
std::optional<std::string> beside_traces(const OtlpDestination& otlp) {
  constexpr std::string_view path = "/v1/traces";
  if (otlp.transport == OtlpTransport::Grpc) return otlp.endpoint;
  if (!otlp.endpoint.ends_with(path)) return std::nullopt;
  return otlp.endpoint.substr(0, otlp.endpoint.size() - path.size()) + "/v1/metrics";
}

Temporality choose_temporality(const Environment& environment, const Destination& destination) {
  const auto found = environment.find("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE");
  if (!found) {
    const bool wants_delta = destination.vendor && destination.vendor->wants_delta;
    return wants_delta ? Temporality::Delta : Temporality::Cumulative;
  }
  const std::string name = to_lower(found->value);
  if (name == "delta" || name == "lowmemory") return Temporality::Delta;
  if (name != "cumulative") warn_variable(*found, "using cumulative");
  return Temporality::Cumulative;
}

MetricsPlan make_plan(OtlpDestination otlp, const Environment& environment, const Destination& spans) {
  MetricsPlan plan = {.otlp = std::move(otlp), .temporality = choose_temporality(environment, spans)};
  plan.interval = environment.milliseconds("OTEL_METRIC_EXPORT_INTERVAL", plan.interval);
  return plan;
}

}  // namespace

std::optional<MetricsPlan> plan_metrics(const ObservabilityOptions& options, const Environment& environment,
                                        const Destination& spans) {
  if (!is_wanted(options, environment)) return std::nullopt;
  return make_plan(decide_metrics_destination(options, environment, spans), environment, spans);
}

std::optional<MetricsPlan> plan_metrics_beside(const ObservabilityOptions& options, const Environment& environment,
                                               const Destination& spans) {
  if (!is_wanted(options, environment)) return std::nullopt;
  OtlpDestination otlp = spans.otlp;
  const auto endpoint = beside_traces(otlp);
  if (!endpoint) {
    log(LogLevel::Warning, "metrics are off: give them a meter_provider with an address in the configuration file");
    return std::nullopt;
  }
  otlp.endpoint = *endpoint;
  if (otlp.transport == OtlpTransport::HttpJson) otlp.transport = OtlpTransport::HttpProtobuf;
  return make_plan(std::move(otlp), environment, spans);
}

void observe_spans(MeterProvider& meters, const TracerProvider& provider) {
  const InstrumentOptions started = {.unit = "{span}", .description = "Spans that were started"};
  const InstrumentOptions exported = {.unit = "{span}", .description = "Spans that were delivered"};
  const InstrumentOptions processed = {.unit = "{span}", .description = "Spans that were dropped, by reason"};
  constexpr std::string_view sampling_result = "otel.span.sampling_result";
  std::vector<ObservedSeries> series = {
      {"otel.sdk.span.started", started, {{sampling_result, "RECORD_AND_SAMPLE"}}},
      {"otel.sdk.span.started", started, {{sampling_result, "RECORD_ONLY"}}},
      {"otel.sdk.span.started", started, {{sampling_result, "DROP"}}},
      {"otel.sdk.exporter.span.exported", exported},
  };
  for (std::size_t i = 0; i < drop_reason_count; ++i) {
    const std::string_view reason = to_string(static_cast<DropReason>(i));
    series.push_back({"otel.sdk.processor.span.processed", processed, {{attributes::error_type, reason}}});
  }
  meters.observe_counters(series, [&provider](std::span<std::uint64_t> values) {
    const TraceStats stats = provider.stats();
    const auto dropped = std::ranges::copy(
        std::array{stats.started, stats.recorded_only, stats.unsampled, stats.exported}, values.begin());
    std::ranges::copy(stats.dropped, dropped.out);
  });
}

Result<std::unique_ptr<PeriodicReader>> start_reader(MeterProvider& meters, const MetricsPlan& plan) {
  return PeriodicReader::start(meters, [otlp = plan.otlp] { return make_metric_exporter(otlp); },
                               {.interval = plan.interval});
}

}  // namespace segue::detail
