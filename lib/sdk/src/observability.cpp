#include "segue/sdk/observability.h"

#include <pthread.h>

#include <cstdlib>
#include <mutex>
#include <vector>

#include "configuration.h"
#include "destination.h"
#include "exporters.h"
#include "metrics_setup.h"
#include "resource.h"
#include "segue/metrics/default_meters.h"
#include "segue/metrics/node_metrics.h"
#include "segue/trace/provider.h"

namespace segue {
namespace {

// The process's tracing; leaked on purpose, since spans may end while static objects are being destroyed.
struct Observability {
  std::mutex mutex;
  std::optional<TracerProvider> provider;
  std::unique_ptr<BatchProcessor> processor;
  std::unique_ptr<PeriodicReader> reader;
  /// Never freed, as other threads may hold on to them: one per set-up with metrics.
  std::vector<std::unique_ptr<MeterProvider>> meters;
  TraceStats last_stats;
};

Observability& observability() {
  static auto* instance = new Observability;
  return *instance;
}

// What set-up decides from options and environment before anything is started.
struct Plan {
  detail::Environment environment;
  detail::Destination destination;
  detail::Resource resource;
  std::optional<detail::MetricsPlan> metrics;
};

std::vector<Attribute> as_attributes(const detail::Resource& resource) {
  std::vector<Attribute> attributes;
  for (const auto& [key, value] : resource.texts) {
    if (!value.empty()) attributes.push_back({key, value});
  }
  attributes.push_back({"process.pid", resource.process_id});
  return attributes;
}

// What the provider asks for in a forked child; it keeps the texts that its answer points to.
std::function<std::vector<Attribute>()> resource_of_child(detail::Resource resource) {
  auto kept = std::make_shared<detail::Resource>(std::move(resource));
  return [kept] {
    detail::become_child(*kept);
    return as_attributes(*kept);
  };
}

Result<void> make_meters(Observability& state, const Plan& plan) {
  if (!plan.metrics) return {};
  auto meters = MeterProvider::create({.resource = as_attributes(plan.resource),
                                       .scope_version = SEGUE_VERSION,
                                       .temporality = plan.metrics->temporality});
  if (!meters) return meters.error();
  state.meters.push_back(*std::move(meters));
  return {};
}

Result<TracerProvider> make_provider(Observability& state, ObservabilityOptions& options, const Plan& plan) {
  SamplerPointer sampler = detail::choose_sampler(options, plan.environment);
  if (plan.metrics) {
    options.observers.push_back(std::make_shared<NodeMetrics>(*state.meters.back()));
    sampler = always_record(std::move(sampler));
  }
  return TracerProvider::create({.resource = as_attributes(plan.resource),
                                 .resource_after_fork = resource_of_child(plan.resource),
                                 .sampler = std::move(sampler),
                                 .limits = detail::read_limits(plan.environment),
                                 .observers = std::move(options.observers),
                                 .max_queue_spans = detail::read_max_queue_spans(plan.environment)});
}

Result<std::unique_ptr<BatchProcessor>> start_processor(TracerProvider& provider, ObservabilityOptions& options,
                                                        const Plan& plan) {
  const BatchOptions batch = detail::read_batch_options(options, plan.environment);
  if (options.exporter != nullptr) return BatchProcessor::start(provider, std::move(options.exporter), batch);
  return BatchProcessor::start(
      provider, [destination = plan.destination] { return detail::make_exporter(destination); }, batch);
}

Result<void> start_metrics(Observability& state, const Plan& plan) {
  if (!plan.metrics) return {};
  detail::observe_spans(*state.meters.back(), *state.provider);
  auto reader = detail::start_reader(*state.meters.back(), *plan.metrics);
  if (!reader) return reader.error().with_context("metrics");
  state.reader = *std::move(reader);
  set_default_meters(state.meters.back().get());
  return {};
}

// A child of a fork must not find the lock held by a thread that it does not have. Registered after the provider has
// registered its own locks, and so taken before them, in the order in which everybody takes them.
void keep_lock_over_forks() {
  static const int registered =
      pthread_atfork([] { observability().mutex.lock(); }, [] { observability().mutex.unlock(); },
                     [] { observability().mutex.unlock(); });
  (void)registered;
}

Result<void> start(Observability& state, ObservabilityOptions& options, const Plan& plan) {
  if (auto made = make_meters(state, plan); !made) return made;
  auto provider = make_provider(state, options, plan);
  if (!provider) return provider.error();
  state.provider.emplace(*std::move(provider));
  keep_lock_over_forks();
  auto processor = start_processor(*state.provider, options, plan);
  if (!processor) return processor.error();
  state.processor = *std::move(processor);
  if (auto started = start_metrics(state, plan); !started) return started;
  set_default_tracer(state.provider->tracer("segue", SEGUE_VERSION));
  return {};
}

void stop(Observability& state) {
  state.reader.reset();
  state.processor.reset();
  state.provider.reset();
}

void shut_down_at_exit() {
  static const int registered = std::atexit([] { (void)shutdown_observability(); });
  (void)registered;
}

void apply_to_process(const detail::Environment& environment) {
  detail::apply_log_level(environment);
  detail::apply_propagators(environment);
  detail::apply_semantic_conventions(environment);
  detail::warn_of_unsupported(environment);
}

// Nothing if tracing is off.
Result<std::optional<Plan>> make_plan(const ObservabilityOptions& options, detail::Environment environment) {
  if (!detail::is_enabled(options, environment)) return std::optional<Plan>();
  auto destination = detail::decide_destination(options, environment);
  if (!destination) return destination.error();
  if (destination->kinds.empty() && options.exporter == nullptr) return std::optional<Plan>();
  auto resource = detail::detect_resource(options, environment, destination->vendor_resource);
  auto metrics = detail::plan_metrics(options, environment, *destination);
  return std::optional<Plan>(
      Plan{std::move(environment), *std::move(destination), std::move(resource), std::move(metrics)});
}

}  // namespace

Result<bool> setup_observability(ObservabilityOptions options) {
  auto environment = detail::load_environment(options);
  if (!environment) return environment.error();
  apply_to_process(*environment);
  const auto plan = make_plan(options, *std::move(environment));
  if (!plan) return plan.error();
  if (!plan->has_value()) return false;

  Observability& state = observability();
  const std::lock_guard lock(state.mutex);
  if (state.provider) return Error{Errc::FailedPrecondition, "tracing is set up already"};
  if (auto started = start(state, options, **plan); !started) {
    stop(state);
    return started.error();
  }
  shut_down_at_exit();
  return true;
}

bool flush_observability(std::chrono::milliseconds timeout) {
  Observability& state = observability();
  const std::lock_guard lock(state.mutex);
  const bool spans = state.processor == nullptr || state.processor->flush(timeout);
  const bool metrics = state.reader == nullptr || state.reader->flush(timeout);
  return spans && metrics;
}

bool shutdown_observability(std::chrono::milliseconds timeout) {
  Observability& state = observability();
  const std::lock_guard lock(state.mutex);
  if (state.processor == nullptr) return true;
  set_default_tracer(Tracer());
  set_default_meters(nullptr);
  const bool spans = state.processor->shutdown(timeout);
  const bool metrics = state.reader == nullptr || state.reader->shutdown(timeout);
  state.last_stats = state.provider->stats();
  stop(state);
  return spans && metrics;
}

TraceStats observability_stats() noexcept {
  Observability& state = observability();
  const std::lock_guard lock(state.mutex);
  return state.provider ? state.provider->stats() : state.last_stats;
}

}  // namespace segue
