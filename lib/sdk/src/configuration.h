// What setup_observability does with its options and the environment beside where spans go: how many, how often, how large.
#pragma once

#include <string>

#include "environment.h"
#include "segue/export/batch_processor.h"
#include "segue/sdk/observability.h"
#include "segue/trace/limits.h"

namespace segue::detail {

/// The process's variables, with those of the .env file that options or SEGUE_ENV_FILE name behind them. An error only for a
/// file that the options name.
Result<Environment> load_environment(const ObservabilityOptions& options);

bool is_enabled(const ObservabilityOptions& options, const Environment& environment);
SamplerPointer choose_sampler(const ObservabilityOptions& options, const Environment& environment);
SpanLimits read_limits(const Environment& environment);
BatchOptions read_batch_options(const ObservabilityOptions& options, const Environment& environment);
/// 0: bounded by bytes alone.
std::uint64_t read_max_queue_spans(const Environment& environment);

void apply_propagators(const Environment& environment);
void apply_semantic_conventions(const Environment& environment);
void apply_log_level(const Environment& environment);

}  // namespace segue::detail
