#include "segue/sdk/observability.h"

#include <cstdlib>
#include <mutex>
#include <vector>

#include "configuration.h"
#include "segue/export/console_exporter.h"
#include "segue/export/otlp_http_exporter.h"
#include "segue/trace/provider.h"

namespace segue {
namespace {

// The process's tracing; leaked on purpose, since spans may end while static objects are being destroyed.
struct Observability {
  std::mutex mutex;
  std::optional<TracerProvider> provider;
  std::unique_ptr<BatchProcessor> processor;
  TraceStats last_stats;
};

Observability& observability() {
  static auto* instance = new Observability;
  return *instance;
}

Result<std::unique_ptr<Exporter>> make_exporter(ObservabilityOptions& options, detail::ExporterType type) {
  if (options.exporter != nullptr) return std::move(options.exporter);
  if (type == detail::ExporterType::Console) return std::unique_ptr<Exporter>(std::make_unique<ConsoleExporter>());
  auto otlp = OtlpHttpExporter::create(detail::otlp_options_of(options));
  if (!otlp) return otlp.error().with_context("OTLP exporter");
  return std::unique_ptr<Exporter>(*std::move(otlp));
}

Result<TracerProvider> make_provider(const ObservabilityOptions& options) {
  const detail::Resource resource = detail::resource_of(options);
  std::vector<Attribute> attributes;
  for (const auto& [key, value] : resource.texts) {
    if (!value.empty()) attributes.push_back({key, value});
  }
  attributes.push_back({"process.pid", resource.process_id});
  return TracerProvider::create(
      {.resource = attributes, .sampler = detail::sampler_of(options), .limits = detail::limits_from_environment()});
}

Result<void> start(Observability& state, ObservabilityOptions& options, detail::ExporterType type) {
  auto exporter = make_exporter(options, type);
  if (!exporter) return exporter.error();
  auto provider = make_provider(options);
  if (!provider) return provider.error();
  state.provider.emplace(*std::move(provider));
  auto processor =
      BatchProcessor::start(*state.provider, *std::move(exporter), detail::batch_options_from_environment());
  if (!processor) {
    state.provider.reset();
    return processor.error();
  }
  state.processor = *std::move(processor);
  set_default_tracer(state.provider->tracer("segue", SEGUE_VERSION));
  return {};
}

void shut_down_at_exit() {
  static const int registered = std::atexit([] { (void)shutdown_observability(); });
  (void)registered;
}

}  // namespace

Result<bool> setup_observability(ObservabilityOptions options) {
  detail::apply_log_level_from_environment();
  detail::apply_propagators_from_environment();
  if (!detail::is_enabled(options)) return false;
  const auto type = detail::exporter_type_of(options);
  if (!type) return type.error();
  if (*type == detail::ExporterType::None && options.exporter == nullptr) return false;

  Observability& state = observability();
  const std::lock_guard lock(state.mutex);
  if (state.provider) return Error{Errc::FailedPrecondition, "tracing is set up already"};
  if (auto started = start(state, options, *type); !started) return started.error();
  shut_down_at_exit();
  return true;
}

bool flush_observability(std::chrono::milliseconds timeout) {
  Observability& state = observability();
  const std::lock_guard lock(state.mutex);
  return state.processor == nullptr || state.processor->flush(timeout);
}

bool shutdown_observability(std::chrono::milliseconds timeout) {
  Observability& state = observability();
  const std::lock_guard lock(state.mutex);
  if (state.processor == nullptr) return true;
  set_default_tracer(Tracer());
  const bool complete = state.processor->shutdown(timeout);
  state.last_stats = state.provider->stats();
  state.processor.reset();
  state.provider.reset();
  return complete;
}

TraceStats observability_stats() noexcept {
  Observability& state = observability();
  const std::lock_guard lock(state.mutex);
  return state.provider ? state.provider->stats() : state.last_stats;
}

}  // namespace segue
