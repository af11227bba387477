// What produces the spans: this process, as OpenTelemetry's resource conventions describe one.
#pragma once

#include <cstdint>

#include "environment.h"
#include "segue/sdk/observability.h"

namespace segue::detail {

struct Resource {
  TextPairs texts;
  std::int64_t process_id = 0;
};

/// What is detected, under what `vendor` knows, under OTEL_RESOURCE_ATTRIBUTES, under the options.
Resource detect_resource(const ObservabilityOptions& options, const Environment& environment, const TextPairs& vendor);

/// Makes the resource of a process that has just been forked from the one it describes.
void become_child(Resource& resource);

}  // namespace segue::detail
