#include "segue/metrics/meter_provider.h"

#include <map>
#include <mutex>
#include <vector>

#include <protozero/pbf_writer.hpp>

#include "fork_watch.h"
#include "instrument_state.h"
#include "segue/base/clock.h"
#include "segue/otlp/wire.h"
#include "segue/trace/encode_attributes.h"

namespace segue {
namespace {

// ExportMetricsServiceRequest, ResourceMetrics, ScopeMetrics and InstrumentationScope in opentelemetry-proto.
enum RequestField : protozero::pbf_tag_type { resource_metrics = 1 };
enum ResourceMetricsField : protozero::pbf_tag_type { resource_field = 1, scope_metrics = 2 };
enum ScopeMetricsField : protozero::pbf_tag_type { scope_field = 1, metrics_field = 2 };
enum ScopeField : protozero::pbf_tag_type { scope_name = 1, scope_version = 2 };

std::string encode_scope(std::string_view name, std::string_view version) {
  std::string message;
  protozero::pbf_writer writer(message);
  writer.add_string(scope_name, name.data(), name.size());
  writer.add_string(scope_version, version.data(), version.size());
  return message;
}

detail::InstrumentInfo info_of(std::string_view name, const InstrumentOptions& options) {
  return {std::string(name), std::string(options.unit), std::string(options.description)};
}

}  // namespace

struct MeterProvider::State {
  std::string resource;
  std::string scope;
  Temporality temporality;
  std::size_t max_attribute_sets;
  std::uint64_t window_start;

  std::mutex mutex;  // guards what follows
  std::map<std::string, std::shared_ptr<detail::CounterState>, std::less<>> counters;
  std::map<std::string, std::shared_ptr<detail::HistogramState>, std::less<>> histograms;
  std::map<std::string, std::shared_ptr<detail::ObservedCounter>> observed;
  std::vector<std::shared_ptr<detail::Instrument>> instruments;
  std::uint64_t last_collection;

  std::vector<std::string> collect_metrics(const detail::CollectionWindow& window);
  std::string encode(const std::vector<std::string>& metrics) const;
};

Result<std::unique_ptr<MeterProvider>> MeterProvider::create(const MeterProviderOptions& options) {
  detail::watch_forks();
  if (options.max_attribute_sets < 2) return Error{Errc::InvalidArgument, "max_attribute_sets is below 2"};
  auto state = std::make_unique<State>();
  state->resource = encode_attributes(otlp::wire::resource_attributes, options.resource);
  state->scope = encode_scope(options.scope, options.scope_version);
  state->temporality = options.temporality;
  state->max_attribute_sets = options.max_attribute_sets;
  state->window_start = unix_nanos_now();
  state->last_collection = state->window_start;
  return std::unique_ptr<MeterProvider>(new MeterProvider(std::move(state)));
}

MeterProvider::MeterProvider(std::unique_ptr<State> state) noexcept : state_(std::move(state)) {}
MeterProvider::~MeterProvider() = default;

Counter MeterProvider::counter(std::string_view name, const InstrumentOptions& options) {
  const std::lock_guard lock(state_->mutex);
  if (const auto known = state_->counters.find(name); known != state_->counters.end()) return Counter(known->second);
  auto counter = std::make_shared<detail::CounterState>(info_of(name, options), state_->max_attribute_sets);
  state_->counters.emplace(name, counter);
  state_->instruments.push_back(counter);
  return Counter(std::move(counter));
}

Histogram MeterProvider::histogram(std::string_view name, const InstrumentOptions& options,
                                   std::span<const double> bounds) {
  const std::lock_guard lock(state_->mutex);
  if (const auto known = state_->histograms.find(name); known != state_->histograms.end()) {
    return Histogram(known->second);
  }
  auto histogram = std::make_shared<detail::HistogramState>(info_of(name, options), state_->max_attribute_sets, bounds);
  state_->histograms.emplace(name, histogram);
  state_->instruments.push_back(histogram);
  return Histogram(std::move(histogram));
}

void MeterProvider::observe_counter(std::string_view name, const InstrumentOptions& options,
                                    std::function<std::uint64_t()> read, Attributes attributes) {
  const std::lock_guard lock(state_->mutex);
  auto& counter = state_->observed[std::string(name)];
  if (counter == nullptr) {
    counter = std::make_shared<detail::ObservedCounter>(info_of(name, options));
    state_->instruments.push_back(counter);
  }
  counter->add_series(std::move(read), attributes);
}

std::vector<std::string> MeterProvider::State::collect_metrics(const detail::CollectionWindow& window) {
  std::vector<std::string> metrics;
  for (const auto& instrument : instruments) {
    if (std::string metric = instrument->collect(window); !metric.empty()) metrics.push_back(std::move(metric));
  }
  return metrics;
}

std::string MeterProvider::State::encode(const std::vector<std::string>& metrics) const {
  std::string request;
  protozero::pbf_writer writer(request);
  protozero::pbf_writer group(writer, resource_metrics);
  group.add_message(resource_field, resource);
  protozero::pbf_writer scope_group(group, scope_metrics);
  scope_group.add_message(scope_field, scope);
  for (const std::string& metric : metrics) scope_group.add_message(metrics_field, metric);
  return request;
}

std::string MeterProvider::collect() {
  const std::lock_guard lock(state_->mutex);
  const std::uint64_t now = unix_nanos_now();
  const bool is_delta = state_->temporality == Temporality::Delta;
  const auto metrics =
      state_->collect_metrics({is_delta ? state_->last_collection : state_->window_start, now, state_->temporality});
  state_->last_collection = now;
  return metrics.empty() ? std::string() : state_->encode(metrics);
}

void Counter::add(std::uint64_t amount, Attributes attributes) const noexcept {
  if (state_ == nullptr || detail::is_forked_child()) return;
  try {
    state_->add(amount, attributes);
  } catch (const std::bad_alloc&) {  // NOLINT(bugprone-empty-catch): a count less, but the program goes on
  }
}

void Histogram::record(double value, Attributes attributes) const noexcept {
  if (state_ == nullptr || detail::is_forked_child()) return;
  try {
    state_->record(value, attributes);
  } catch (const std::bad_alloc&) {  // NOLINT(bugprone-empty-catch): likewise
  }
}

}  // namespace segue
