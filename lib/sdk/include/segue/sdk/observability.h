// setup_observability: one call that turns tracing on, as the environment says.
//
//   int main() {
//     auto tracing = segue::setup_observability({.service_name = "bots"});
//     if (!tracing) std::cerr << tracing.error().message << "\n";   // the program runs on, untraced
//     ...
//   }  // what is left is sent at exit
//
// Every option may also come from the environment; precedence: argument, the OpenTelemetry variable, its alias, the default.
// Tracing is off unless the argument, OTEL_SDK_DISABLED=false or OTEL_ENABLED=true says otherwise. A variable with a value that makes no sense
// is reported in the log and its default is used. See docs/guide/configuration.md for all of them. OTEL_CONFIG_FILE names one file
// that stands in for the variables: what they may say below, it says in its own words. It turns tracing on unless it says
// otherwise, and one that cannot be followed is an error, not a default.
// Thread safety: any thread, but set up once. Errors: InvalidArgument for an argument out of range or a configuration file that does
// not follow its schema, NotFound for one that cannot be read, FailedPrecondition if tracing is set up already.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "segue/base/result.h"
#include "segue/export/batch_processor.h"
#include "segue/trace/sampler.h"
#include "segue/trace/span_observer.h"
#include "segue/trace/stats.h"

namespace segue {

struct ObservabilityOptions {
  /// The resource's service.name. OTEL_SERVICE_NAME, or service.name in OTEL_RESOURCE_ATTRIBUTES; default
  /// "unknown_service:" and the program's name.
  std::optional<std::string> service_name = {};
  /// More about what produces the spans, e.g. {"service.version", "1.4.0"}. OTEL_RESOURCE_ATTRIBUTES.
  std::vector<std::pair<std::string, std::string>> resource_attributes = {};
  /// OTEL_SDK_DISABLED, alias OTEL_ENABLED; default false.
  std::optional<bool> enabled = {};
  /// "otlp" (alias "jaeger"), "zipkin", "console", "otlp/stdout", "file", "none", the name of a vendor ("honeycomb",
  /// "datadog", "newrelic", "grafana", "lightstep"), or several with commas. OTEL_TRACES_EXPORTER, alias OTEL_EXPORTER_TYPE;
  /// default "otlp". An unknown one from the environment is reported and replaced by "console".
  std::optional<std::string> exporter_type = {};
  /// The collector's base URL; over HTTP /v1/traces is added. OTEL_EXPORTER_OTLP_TRACES_ENDPOINT (used as it is),
  /// OTEL_EXPORTER_OTLP_ENDPOINT, alias OTEL_ENDPOINT; default that of the one vendor whose variables are set, else
  /// http://localhost:4318, with gRPC http://localhost:4317.
  std::optional<std::string> endpoint = {};
  /// "http/protobuf", "http/json" or "grpc". OTEL_EXPORTER_OTLP_PROTOCOL; default "http/protobuf".
  std::optional<std::string> protocol = {};
  /// A .env file: NAME=value lines that stand in for variables that are unset. SEGUE_ENV_FILE; default none. Must exist if
  /// given here.
  std::optional<std::string> env_file = {};
  /// Where batches wait on disk while the collector is away. SEGUE_SPOOL_FOLDER; default none: they are dropped and counted.
  std::optional<std::string> spool_folder = {};
  /// Node durations, handoffs and counters as metrics to the same receiver. Spans that are not sampled are then
  /// recorded all the same, as the numbers must not depend on sampling. OTEL_METRICS_EXPORTER=otlp; default false.
  std::optional<bool> metrics = {};
  /// Default: OTEL_TRACES_SAMPLER and OTEL_TRACES_SAMPLER_ARG, else parentbased_always_on.
  SamplerPointer sampler = nullptr;
  /// See every recorded span as it ends.
  std::vector<std::shared_ptr<SpanObserver>> observers = {};
  /// Replaces the exporter that the options above choose. Belongs to this process: a forked child drops its spans.
  std::unique_ptr<Exporter> exporter = nullptr;
};

#if defined(SEGUE_NO_TRACING)
inline Result<bool> setup_observability(ObservabilityOptions = {}) { return false; }
inline bool flush_observability(std::chrono::milliseconds = {}) { return true; }
inline bool shutdown_observability(std::chrono::milliseconds = {}) { return true; }
inline TraceStats observability_stats() noexcept { return {}; }
#else
/// True if tracing is on now, false if it is switched off.
Result<bool> setup_observability(ObservabilityOptions options = {});

/// Sends what has ended so far; false if `timeout` passed first. True when tracing is off.
bool flush_observability(std::chrono::milliseconds timeout = std::chrono::seconds(5));

/// Sends what is left and turns tracing off; false if spans were lost. Runs by itself at exit. Tracing may be set up again.
bool shutdown_observability(std::chrono::milliseconds timeout = std::chrono::seconds(5));

/// What became of the spans; all zero when tracing was never on.
TraceStats observability_stats() noexcept;
#endif

}  // namespace segue
