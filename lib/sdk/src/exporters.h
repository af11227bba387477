// Makes the exporters that a destination names.
#pragma once

#include <memory>
#include <span>

#include "destination.h"
#include "segue/export/exporter.h"
#include "segue/metrics/metric_exporter.h"

namespace segue::detail {

/// One exporter for all kinds of the destination, or of all destinations. InvalidArgument and NotFound say what of its settings cannot be used,
/// FailedPrecondition that this build lacks an exporter.
Result<std::unique_ptr<Exporter>> make_exporter(const Destination& destination);
Result<std::unique_ptr<Exporter>> make_exporter(std::span<const Destination> destinations);

/// The OTLP one alone.
Result<std::unique_ptr<Exporter>> make_otlp_exporter(const OtlpDestination& otlp);

/// The same for metrics.
Result<std::unique_ptr<MetricExporter>> make_metric_exporter(const OtlpDestination& otlp);

}  // namespace segue::detail
