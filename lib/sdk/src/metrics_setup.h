// The metrics side of setup_observability: off unless asked for.
#pragma once

#include <chrono>
#include <memory>
#include <optional>

#include "destination.h"
#include "segue/metrics/meter_provider.h"
#include "segue/metrics/periodic_reader.h"
#include "segue/trace/provider.h"

namespace segue::detail {

struct MetricsPlan {
  OtlpDestination otlp;  ///< By HTTP as protobuf, or by gRPC.
  Temporality temporality = Temporality::Cumulative;
  std::chrono::milliseconds interval{60'000};
};

/// Nothing if metrics are off.
std::optional<MetricsPlan> plan_metrics(const ObservabilityOptions& options, const Environment& environment,
                                        const Destination& spans);

/// The same where the environment does not count: they go to the receiver of the spans, with the same headers. Nothing also
/// if its address does not tell that of metrics, which is reported.
std::optional<MetricsPlan> plan_metrics_beside(const ObservabilityOptions& options, const Environment& environment,
                                               const Destination& spans);

/// Counts what becomes of the provider's spans, under OpenTelemetry's names for an SDK's own metrics. The provider must
/// outlive the meters' last collection.
void observe_spans(MeterProvider& meters, const TracerProvider& provider);

Result<std::unique_ptr<PeriodicReader>> start_reader(MeterProvider& meters, const MetricsPlan& plan);

}  // namespace segue::detail
