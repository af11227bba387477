// The parts of a configuration file that say where spans and metrics go.
#pragma once

#include "config_file.h"
#include "config_section.h"

namespace segue::detail {

/// tracer_provider.processors: destinations, batches and the bound of the queue.
void read_processors(const ConfigValue& processors, FileConfiguration& configuration, Findings& findings);

/// meter_provider: the first periodic reader with OTLP over HTTP.
void read_meter_provider(const ConfigValue& provider, FileConfiguration& configuration, Findings& findings);

}  // namespace segue::detail
