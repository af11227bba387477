#include "setup_plan.h"

#include <algorithm>

#include "configuration.h"
#include "segue/base/log.h"
#include "segue/trace/default_propagator.h"
#if defined(SEGUE_HAS_YAML)
#include "config_file.h"
#endif

namespace segue::detail {
namespace {

// What the chosen vendor's variables say of this service.
TextPairs resource_of_vendor(const Destination& destination) {
  return destination.vendor ? destination.vendor->resource : TextPairs();
}

Result<std::optional<SetupPlan>> plan_by_environment(const ObservabilityOptions& options,
                                                     const Environment& environment) {
  apply_log_level(environment);
  apply_propagators(environment);
  apply_semantic_conventions(environment);
  if (!is_enabled(options, environment)) return std::optional<SetupPlan>();
  auto destination = decide_destination(options, environment);
  if (!destination) return destination.error();
  if (destination->kinds.empty() && options.exporter == nullptr) return std::optional<SetupPlan>();
  SetupPlan plan = {.destinations = {},
                    .resource = detect_resource(options, environment, resource_of_vendor(*destination)),
                    .sampler = choose_sampler(options, environment),
                    .limits = read_limits(environment),
                    .batch = read_batch_options(options, environment),
                    .max_queue_spans = read_max_queue_spans(environment),
                    .metrics = plan_metrics(options, environment, *destination)};
  plan.destinations.push_back(*std::move(destination));
  return std::optional<SetupPlan>(std::move(plan));
}

#if defined(SEGUE_HAS_YAML)

// The file's exporters, headers and keys included, serve as they are or not at all: no key goes to an address that it was not
// written for.
Result<std::vector<Destination>> choose_destinations(const ObservabilityOptions& options, const Environment& vendors,
                                                     const std::vector<Destination>& file) {
  if (!options.exporter_type && !options.endpoint && !options.protocol) return file;
  auto destination = decide_destination(options, vendors);
  if (!destination) return destination.error();
  return std::vector<Destination>{*std::move(destination)};
}

std::optional<MetricsPlan> choose_metrics(const ObservabilityOptions& options, const Environment& vendors,
                                          const FileConfiguration& file, const std::vector<Destination>& destinations) {
  if (file.metrics) return options.metrics.value_or(true) ? file.metrics : std::nullopt;
  const auto otlp = std::ranges::find_if(destinations, [](const Destination& destination) {
    return std::ranges::find(destination.kinds, ExporterKind::Otlp) != destination.kinds.end();
  });
  return plan_metrics_beside(options, vendors, otlp == destinations.end() ? Destination() : *otlp);
}

Result<std::optional<SetupPlan>> plan_by_file(const ObservabilityOptions& options, const Environment& environment,
                                              const std::string& path) {
  auto file = load_config_file(path, environment);
  if (!file) return file.error();
  if (file->log_level) set_log_level(*file->log_level);
  set_default_propagator(file->propagator);
  if (!options.enabled.value_or(!file->is_disabled)) return std::optional<SetupPlan>();
  const Environment vendors = environment.with_vendors_alone();
  auto destinations = choose_destinations(options, vendors, file->destinations);
  if (!destinations) return destinations.error();
  const bool goes_nowhere = std::ranges::all_of(*destinations, [](const auto& each) { return each.kinds.empty(); });
  if (goes_nowhere && options.exporter == nullptr) {
    if (file->metrics) log(LogLevel::Warning, "metrics are off: they are counted from spans, which go nowhere");
    return std::optional<SetupPlan>();
  }
  const TextPairs vendor = destinations->empty() ? TextPairs() : resource_of_vendor(destinations->front());
  SetupPlan plan = {.destinations = {},
                    .resource = describe_resource(options, file->resource, vendor),
                    .sampler = options.sampler != nullptr ? options.sampler : file->sampler,
                    .limits = file->limits,
                    .batch = file->batch,
                    .max_queue_spans = file->max_queue_spans,
                    .metrics = choose_metrics(options, vendors, *file, *destinations)};
  plan.destinations = *std::move(destinations);
  if (options.spool_folder && !plan.batch.spool) plan.batch.spool.emplace();
  if (options.spool_folder) plan.batch.spool->folder = *options.spool_folder;
  return std::optional<SetupPlan>(std::move(plan));
}

#else

Result<std::optional<SetupPlan>> plan_by_file(const ObservabilityOptions&, const Environment&, const std::string&) {
  return Error{Errc::FailedPrecondition, "this build reads no configuration files; build with SEGUE_WITH_YAML"};
}

#endif

}  // namespace

std::optional<Environment::Found> find_config_file(const Environment& environment) {
  return environment.find("OTEL_CONFIG_FILE");
}

Result<std::optional<SetupPlan>> make_setup_plan(const ObservabilityOptions& options, const Environment& environment) {
  const auto file = find_config_file(environment);
  if (!file) return plan_by_environment(options, environment);
  auto plan = plan_by_file(options, environment, file->value);
  if (!plan) return plan.error().with_context(file->variable);
  return plan;
}

}  // namespace segue::detail
