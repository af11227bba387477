#include "segue/sdk/observability.h"

#include <pthread.h>
#include <unistd.h>

#include <cstdlib>
#include <functional>
#include <mutex>
#include <optional>
#include <vector>

#include "configuration.h"
#include "exporters.h"
#include "segue/metrics/default_meters.h"
#include "segue/metrics/node_metrics.h"
#include "segue/trace/provider.h"
#include "setup_plan.h"

namespace segue {
namespace {

// The process's tracing; leaked on purpose, since spans may end while static objects are being destroyed.
struct Observability {
  std::mutex mutex;
  std::mutex resource_mutex;  ///< Of a child's resource; taken after `mutex`.
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

using ResourceOfChild = std::function<std::vector<Attribute>()>;

// What spans and metrics ask for in a forked child, which is one new instance to both. It keeps the texts that its answer
// points to.
ResourceOfChild resource_of_child(Observability& state, detail::Resource resource) {
  struct Kept {
    detail::Resource resource;
    pid_t process = getpid();
    std::optional<detail::ResourceAttributes> view = {};
  };
  auto kept = std::make_shared<Kept>();
  kept->resource = std::move(resource);
  kept->view.emplace(kept->resource);
  return [kept, &state] {
    const std::lock_guard lock(state.resource_mutex);
    if (kept->process != getpid()) {
      detail::become_child(kept->resource);
      kept->view.emplace(kept->resource);
      kept->process = getpid();
    }
    return kept->view->attributes();
  };
}

Result<void> make_meters(Observability& state, const ResourceOfChild& child, const detail::SetupPlan& plan) {
  if (!plan.metrics) return {};
  const detail::ResourceAttributes resource(plan.resource);
  auto meters = MeterProvider::create({.resource = resource.attributes(),
                                       .resource_after_fork = child,
                                       .scope_version = SEGUE_VERSION,
                                       .temporality = plan.metrics->temporality});
  if (!meters) return meters.error();
  state.meters.push_back(*std::move(meters));
  return {};
}

Result<TracerProvider> make_provider(Observability& state, ObservabilityOptions& options, const ResourceOfChild& child,
                                     const detail::SetupPlan& plan) {
  SamplerPointer sampler = plan.sampler;
  if (plan.metrics) {
    options.observers.push_back(std::make_shared<NodeMetrics>(*state.meters.back()));
    sampler = always_record(std::move(sampler));
  }
  const detail::ResourceAttributes resource(plan.resource);
  return TracerProvider::create({.resource = resource.attributes(),
                                 .resource_after_fork = child,
                                 .sampler = std::move(sampler),
                                 .limits = plan.limits,
                                 .observers = std::move(options.observers),
                                 .max_queue_spans = plan.max_queue_spans});
}

Result<std::unique_ptr<BatchProcessor>> start_processor(TracerProvider& provider, ObservabilityOptions& options,
                                                        const detail::SetupPlan& plan) {
  if (options.exporter != nullptr) return BatchProcessor::start(provider, std::move(options.exporter), plan.batch);
  return BatchProcessor::start(
      provider, [destinations = plan.destinations] { return detail::make_exporter(destinations); }, plan.batch);
}

Result<void> start_metrics(Observability& state, const detail::SetupPlan& plan) {
  if (!plan.metrics) return {};
  detail::observe_spans(*state.meters.back(), *state.provider);
  auto reader = detail::start_reader(*state.meters.back(), *plan.metrics);
  if (!reader) return reader.error().with_context("metrics");
  state.reader = *std::move(reader);
  set_default_meters(state.meters.back().get());
  return {};
}

// A child of a fork must not find the locks held by a thread that it does not have. Registered after the provider has
// registered its own locks, and so taken before them, in the order in which everybody takes them.
void keep_locks_over_forks() {
  const auto lock = [] {
    observability().mutex.lock();
    observability().resource_mutex.lock();
  };
  const auto unlock = [] {
    observability().resource_mutex.unlock();
    observability().mutex.unlock();
  };
  static const int registered = pthread_atfork(lock, unlock, unlock);
  (void)registered;
}

Result<void> start(Observability& state, ObservabilityOptions& options, const detail::SetupPlan& plan) {
  const ResourceOfChild child = resource_of_child(state, plan.resource);
  if (auto made = make_meters(state, child, plan); !made) return made;
  auto provider = make_provider(state, options, child, plan);
  if (!provider) return provider.error();
  state.provider.emplace(*std::move(provider));
  keep_locks_over_forks();
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

}  // namespace

Result<bool> setup_observability(ObservabilityOptions options) {
  auto environment = detail::load_environment(options);
  if (!environment) return environment.error();
  const auto plan = detail::make_setup_plan(options, *environment);
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
