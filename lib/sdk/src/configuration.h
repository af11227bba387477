// What setup_observability does with its options and the environment, decided before anything is started.
#pragma once

#include <string>

#include "environment.h"
#include "segue/export/batch_processor.h"
#include "segue/export/otlp_http_exporter.h"
#include "segue/sdk/observability.h"
#include "segue/trace/limits.h"

namespace segue::detail {

enum class ExporterType : std::uint8_t { Otlp, Console, None };

struct Resource {
  TextPairs texts;
  std::int64_t process_id = 0;
};

bool is_enabled(const ObservabilityOptions& options);

/// InvalidArgument for an unknown type given as an argument.
Result<ExporterType> exporter_type_of(const ObservabilityOptions& options);

Resource resource_of(const ObservabilityOptions& options);
OtlpHttpOptions otlp_options_of(const ObservabilityOptions& options);
SamplerPointer sampler_of(const ObservabilityOptions& options);
SpanLimits limits_from_environment();
BatchOptions batch_options_from_environment();
void apply_propagators_from_environment();
void apply_log_level_from_environment();

}  // namespace segue::detail
