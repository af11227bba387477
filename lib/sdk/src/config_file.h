// A configuration file: OpenTelemetry's declarative configuration, file_format 1.x, as far as Segue has what it configures.
//
//   file_format: "1.0"
//   tracer_provider:
//     processors:
//       - batch: {exporter: {otlp_http: {endpoint: "${COLLECTOR}/v1/traces"}}}
//
// Pure reading: what the file says of the whole process is applied by make_setup_plan. What is absent or null has the default that
// the schema names, except that the queue is bounded by bytes unless the file bounds it by spans, and the log's level
// stays as it is. Thread safety: any thread.
// Errors: InvalidArgument for what does not follow the schema, with line and path; NotFound, LimitExceeded.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "destination.h"
#include "metrics_setup.h"
#include "resource.h"
#include "segue/base/log.h"
#include "segue/export/batch_processor.h"
#include "segue/propagation/propagator.h"
#include "segue/trace/limits.h"
#include "segue/trace/sampler.h"
#include "segue/yaml/document.h"

namespace segue::detail {

struct FileConfiguration {
  bool is_disabled = false;
  std::optional<LogLevel> log_level = {};
  Propagator propagator;  ///< That of no format, unless the file names some.
  FileResource resource = {};
  std::vector<Destination> destinations = {};  ///< One per processor; empty: tracing is off.
  SamplerPointer sampler = nullptr;
  SpanLimits limits = {};
  BatchOptions batch = {};
  std::uint64_t max_queue_spans = 0;  ///< 0: bounded by bytes alone.
  std::optional<MetricsPlan> metrics = {};
  std::vector<std::string> remarks = {};  ///< For the log: what was left out, and what does not mean what it seems to.
};

/// What `text` says, with the variables that it refers to.
Result<FileConfiguration> read_configuration(std::string_view text, const VariableLookup& look_up);

/// The file at `path`; its remarks are logged.
Result<FileConfiguration> load_config_file(const std::string& path, const Environment& environment);

}  // namespace segue::detail
