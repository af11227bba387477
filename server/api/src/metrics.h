// The page /metrics: what the program counts, in Prometheus' text format 0.0.4.
//
// Names begin with "segue_"; every span or request that was lost is there by reason, also reasons that never occurred,
// so that a rate can be taken from the start. Thread safety: any thread. Errors: none.
#pragma once

#include <cstdint>
#include <string>

#include "segue/server/api/api.h"

namespace segue::server {

std::string render_metrics(const Store& store, const MetricSources& sources, std::uint64_t started_unix_nanos);

}  // namespace segue::server
