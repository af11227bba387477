// What set-up decides before anything is started, from the options and either a configuration file or the environment.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "destination.h"
#include "environment.h"
#include "metrics_setup.h"
#include "resource.h"
#include "segue/export/batch_processor.h"
#include "segue/sdk/observability.h"
#include "segue/trace/limits.h"
#include "segue/trace/sampler.h"

namespace segue::detail {

struct SetupPlan {
  std::vector<Destination> destinations;  ///< May be empty if the options bring an exporter.
  Resource resource;
  SamplerPointer sampler;
  SpanLimits limits;
  BatchOptions batch;
  std::uint64_t max_queue_spans = 0;  ///< 0: bounded by bytes alone.
  std::optional<MetricsPlan> metrics = {};
};

/// OTEL_CONFIG_FILE.
std::optional<Environment::Found> find_config_file(const Environment& environment);

/// Nothing if tracing is off. What concerns the whole process takes effect at once: the level of the log, the propagator
/// and semantic conventions. An error for an argument that cannot be used, and for a configuration file.
Result<std::optional<SetupPlan>> make_setup_plan(const ObservabilityOptions& options, const Environment& environment);

}  // namespace segue::detail
