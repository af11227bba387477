#include "configuration.h"

#include <algorithm>
#include <cstdlib>
#include <limits>

#include "env_file.h"
#include "segue/base/log.h"
#include "segue/trace/default_propagator.h"
#include "segue/trace/probability_sampler.h"
#include "segue/trace/rule_sampler.h"
#include "segue/workflow/semantic_conventions.h"

namespace segue::detail {
namespace {

constexpr std::uint64_t max_count = std::numeric_limits<std::uint32_t>::max();

std::uint32_t read_count(const Environment& environment, std::string_view variable, std::uint32_t fallback) {
  return static_cast<std::uint32_t>(environment.number(variable, fallback, {0, max_count}));
}

// OTEL_TRACES_SAMPLER_ARG as a number within [low, high].
double read_sampler_argument(const Environment& environment, double fallback, double low, double high) {
  const auto found = environment.find("OTEL_TRACES_SAMPLER_ARG");
  if (!found) return fallback;
  char* end = nullptr;
  const double number = std::strtod(found->value.c_str(), &end);
  if (end == found->value.c_str() + found->value.size() && number >= low && number <= high) return number;
  warn_variable(*found, "using " + std::to_string(fallback));
  return fallback;
}

double read_ratio(const Environment& environment) { return read_sampler_argument(environment, 1.0, 0.0, 1.0); }

// Null for an unknown name.
SamplerPointer root_sampler_named(std::string_view name, const Environment& environment) {
  if (name == "always_on") return always_on();
  if (name == "always_off") return always_off();
  if (name == "traceidratio") return trace_id_ratio(read_ratio(environment));
  if (name == "consistent_probability") return consistent_probability(read_ratio(environment));
  if (name == "rate_limited") return rate_limited({.per_second = read_sampler_argument(environment, 100, 0, 1e9)});
  return nullptr;
}

SamplerPointer sampler_named(std::string_view name, const Environment& environment) {
  constexpr std::string_view parent_prefix = "parentbased_";
  const bool follows_parent = name.starts_with(parent_prefix);
  if (follows_parent) name.remove_prefix(parent_prefix.size());
  auto root = root_sampler_named(name, environment);
  return follows_parent && root != nullptr ? parent_based(std::move(root)) : root;
}

std::optional<SpoolOptions> read_spool_options(const ObservabilityOptions& options, const Environment& environment) {
  const auto folder = options.spool_folder ? options.spool_folder : environment.text("SEGUE_SPOOL_FOLDER");
  constexpr Environment::Range bytes = {std::uint64_t{64} << 10, std::uint64_t{1} << 50};
  SpoolOptions spool;
  spool.max_bytes = environment.number("SEGUE_SPOOL_MAX_BYTES", spool.max_bytes, bytes);
  if (!folder) return std::nullopt;
  spool.folder = *folder;
  return spool;
}

}  // namespace

Result<Environment> load_environment(const ObservabilityOptions& options) {
  if (options.env_file) {
    auto file = read_env_file(*options.env_file);
    if (!file) return file.error().with_context("env_file");
    return Environment(*std::move(file));
  }
  Environment process;
  const auto path = process.text("SEGUE_ENV_FILE");
  if (!path) return process;
  auto file = read_env_file(*path);
  if (file) return Environment(*std::move(file));
  log(LogLevel::Warning, "SEGUE_ENV_FILE: " + file.error().message + "; it is ignored");
  return process;
}

bool is_enabled(const ObservabilityOptions& options, const Environment& environment) {
  if (options.enabled) return *options.enabled;
  const auto found = environment.find("OTEL_SDK_DISABLED");
  if (!found) return false;
  const bool value = *environment.flag("OTEL_SDK_DISABLED");
  return found->variable == "OTEL_ENABLED" ? value : !value;
}

SamplerPointer choose_sampler(const ObservabilityOptions& options, const Environment& environment) {
  if (options.sampler != nullptr) return options.sampler;
  if (const auto found = environment.find("OTEL_TRACES_SAMPLER")) {
    if (auto sampler = sampler_named(to_lower(found->value), environment)) return sampler;
    warn_variable(*found, "using parentbased_always_on");
  }
  return parent_based(always_on());
}

SpanLimits read_limits(const Environment& environment) {
  SpanLimits limits;
  limits.max_attributes = read_count(environment, "OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", limits.max_attributes);
  limits.max_events = read_count(environment, "OTEL_SPAN_EVENT_COUNT_LIMIT", limits.max_events);
  limits.max_links = read_count(environment, "OTEL_SPAN_LINK_COUNT_LIMIT", limits.max_links);
  limits.max_event_attributes =
      read_count(environment, "OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT", limits.max_event_attributes);
  limits.max_link_attributes = read_count(environment, "OTEL_LINK_ATTRIBUTE_COUNT_LIMIT", limits.max_link_attributes);
  limits.max_value_length =
      environment.number("OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", limits.max_value_length, {0, SIZE_MAX});
  return limits;
}

BatchOptions read_batch_options(const ObservabilityOptions& options, const Environment& environment) {
  BatchOptions batch;
  batch.schedule_delay = environment.milliseconds("OTEL_BSP_SCHEDULE_DELAY", batch.schedule_delay);
  batch.export_timeout = environment.milliseconds("OTEL_BSP_EXPORT_TIMEOUT", batch.export_timeout);
  batch.max_batch_spans = static_cast<std::uint32_t>(
      environment.number("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", batch.max_batch_spans, {1, max_count}));
  batch.spool = read_spool_options(options, environment);
  return batch;
}

std::uint64_t read_max_queue_spans(const Environment& environment) {
  return environment.number("OTEL_BSP_MAX_QUEUE_SIZE", 0, {1, max_count});
}

void apply_semantic_conventions(const Environment& environment) {
  const auto found = environment.find("OTEL_SEMCONV_STABILITY_OPT_IN");
  if (!found) return;
  const auto names = split_list(to_lower(found->value));
  const bool is_experimental = std::ranges::any_of(
      names, [](const std::string& name) { return name == "gen_ai_latest_experimental" || name == "experimental"; });
  if (is_experimental) set_semantic_conventions(SemanticConventions::Experimental);
}

void apply_propagators(const Environment& environment) {
  const auto found = environment.find("OTEL_PROPAGATORS");
  if (!found) return;
  auto propagator = Propagator::from_names(found->value);
  if (propagator) {
    set_default_propagator(*std::move(propagator));
  } else {
    warn_variable(*found, "using tracecontext,baggage");
  }
}

void apply_log_level(const Environment& environment) {
  const auto found = environment.find("OTEL_LOG_LEVEL");
  if (!found) return;
  const std::string level = to_lower(found->value);
  if (level == "debug") return set_log_level(LogLevel::Debug);
  if (level == "info") return set_log_level(LogLevel::Info);
  if (level == "warn" || level == "warning") return set_log_level(LogLevel::Warning);
  if (level == "error") return set_log_level(LogLevel::Error);
  if (level == "none" || level == "off") return set_log_level(LogLevel::Off);
  warn_variable(*found, "using warn");
}

}  // namespace segue::detail
