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
  template <class T>
  using Named = std::map<std::string, std::shared_ptr<T>, std::less<>>;

  std::string resource;
  std::string scope;
  Temporality temporality;
  std::size_t max_attribute_sets;
  std::uint64_t window_start;

  std::mutex mutex;  // guards what follows
  Named<detail::CounterState> counters;
  Named<detail::HistogramState> histograms;
  Named<detail::ObservedCounter> observed;
  std::vector<std::shared_ptr<detail::Instrument>> instruments;
  std::uint64_t last_collection;

  /// The instrument of that name, made and kept if there is none; the caller holds the lock.
  template <class T, class... Arguments>
  std::shared_ptr<T> find_or_add(Named<T>& known, std::string_view name, const InstrumentOptions& options,
                                 Arguments&&... arguments);
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

template <class T, class... Arguments>
std::shared_ptr<T> MeterProvider::State::find_or_add(Named<T>& known, std::string_view name,
                                                     const InstrumentOptions& options, Arguments&&... arguments) {
  if (const auto found = known.find(name); found != known.end()) return found->second;
  auto instrument = std::make_shared<T>(info_of(name, options), std::forward<Arguments>(arguments)...);
  known.emplace(name, instrument);
  instruments.push_back(instrument);
  return instrument;
}

Counter MeterProvider::counter(std::string_view name, const InstrumentOptions& options) {
  const std::lock_guard lock(state_->mutex);
  return Counter(state_->find_or_add(state_->counters, name, options, state_->max_attribute_sets));
}

Histogram MeterProvider::histogram(std::string_view name, const InstrumentOptions& options,
                                   std::span<const double> bounds) {
  const std::lock_guard lock(state_->mutex);
  return Histogram(state_->find_or_add(state_->histograms, name, options, state_->max_attribute_sets, bounds));
}

void MeterProvider::observe_counter(std::string_view name, const InstrumentOptions& options,
                                    std::function<std::uint64_t()> read, Attributes attributes) {
  const std::lock_guard lock(state_->mutex);
  state_->find_or_add(state_->observed, name, options)->add_series(std::move(read), attributes);
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
