#include "segue/metrics/meter_provider.h"

#include <atomic>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

#include <protozero/pbf_writer.hpp>

#include "fork_registry.h"
#include "instrument_state.h"
#include "segue/base/clock.h"
#include "segue/base/log.h"
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

struct MeterProvider::State final : private ForkListener {
  template <class T>
  using Named = std::map<std::string, std::unique_ptr<T>, std::less<>>;

  explicit State(const MeterProviderOptions& options);
  ~State();
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  /// The instrument of that name, made and kept if there is none; the caller holds the lock.
  template <class T, class... Arguments>
  T* find_or_add(Named<T>& known, std::string_view name, const InstrumentOptions& options, Arguments&&... arguments);
  void refresh_resource();
  void read_sources();
  std::vector<std::string> collect_metrics(const detail::CollectionWindow& window);
  std::string encode(const std::vector<std::string>& metrics) const;

  const std::string scope;
  const Temporality temporality;
  const std::size_t max_attribute_sets;
  const std::function<std::vector<Attribute>()> resource_after_fork;
  std::atomic<bool> has_parents_resource = false;

  std::mutex mutex;  // guards what follows; taken before the instruments' locks
  std::string resource;
  Named<detail::CounterState> counters;
  Named<detail::HistogramState> histograms;
  Named<detail::ObservedCounter> observed;
  std::vector<detail::Instrument*> instruments;
  std::vector<std::shared_ptr<const detail::ObservedSource>> sources;
  std::uint64_t window_start = unix_nanos_now();
  std::uint64_t last_collection = window_start;

 private:
  void before_fork() noexcept override;
  void after_fork_in_parent() noexcept override;
  void after_fork_in_child() noexcept override;
  void first_use_in_child() noexcept override {}
};

MeterProvider::State::State(const MeterProviderOptions& options)
    : scope(encode_scope(options.scope, options.scope_version)),
      temporality(options.temporality),
      max_attribute_sets(options.max_attribute_sets),
      resource_after_fork(options.resource_after_fork),
      resource(encode_attributes(otlp::wire::resource_attributes, options.resource)) {
  detail::add_fork_listener(this);
}

MeterProvider::State::~State() { detail::remove_fork_listener(this); }

Result<std::unique_ptr<MeterProvider>> MeterProvider::create(const MeterProviderOptions& options) {
  if (options.max_attribute_sets < 2) return Error{Errc::InvalidArgument, "max_attribute_sets is below 2"};
  return std::unique_ptr<MeterProvider>(new MeterProvider(std::make_shared<State>(options)));
}

MeterProvider::MeterProvider(std::shared_ptr<State> state) noexcept : state_(std::move(state)) {}

MeterProvider::~MeterProvider() {
  const std::lock_guard lock(state_->mutex);
  state_->sources.clear();  // what they read may go away, too
}

// Instruments.

template <class T, class... Arguments>
T* MeterProvider::State::find_or_add(Named<T>& known, std::string_view name, const InstrumentOptions& options,
                                     Arguments&&... arguments) {
  if (const auto found = known.find(name); found != known.end()) return found->second.get();
  auto made = std::make_unique<T>(info_of(name, options), std::forward<Arguments>(arguments)...);
  T* const instrument = made.get();
  known.emplace(name, std::move(made));
  instruments.push_back(instrument);
  return instrument;
}

Counter MeterProvider::counter(std::string_view name, const InstrumentOptions& options) {
  const std::lock_guard lock(state_->mutex);
  auto* const found = state_->find_or_add(state_->counters, name, options, state_->max_attribute_sets);
  return Counter(std::shared_ptr<detail::CounterState>(state_, found));
}

Histogram MeterProvider::histogram(std::string_view name, const InstrumentOptions& options,
                                   std::span<const double> bounds) {
  const std::lock_guard lock(state_->mutex);
  auto* const found = state_->find_or_add(state_->histograms, name, options, state_->max_attribute_sets, bounds);
  return Histogram(std::shared_ptr<detail::HistogramState>(state_, found));
}

void MeterProvider::observe_counters(std::span<const ObservedSeries> series,
                                     std::function<void(std::span<std::uint64_t>)> read) {
  const std::lock_guard lock(state_->mutex);
  auto source = std::make_shared<detail::ObservedSource>(detail::ObservedSource{std::move(read)});
  for (const ObservedSeries& each : series) {
    auto* const counter = state_->find_or_add(state_->observed, each.name, each.options);
    source->series.emplace_back(counter, counter->add_series(each.attributes));
  }
  state_->sources.push_back(std::move(source));
}

void MeterProvider::observe_counter(std::string_view name, const InstrumentOptions& options,
                                    std::function<std::uint64_t()> read, Attributes attributes) {
  const ObservedSeries series = {name, options, {attributes.begin(), attributes.end()}};
  observe_counters({&series, 1},
                   [read = std::move(read)](std::span<std::uint64_t> values) { values.front() = read(); });
}

void Counter::add(std::uint64_t amount, Attributes attributes) const noexcept {
  if (state_ == nullptr) return;
  detail::wake_in_child();
  try {
    state_->add(amount, attributes);
  } catch (const std::bad_alloc&) {  // NOLINT(bugprone-empty-catch): a count less, but the program goes on
  }
}

void Histogram::record(double value, Attributes attributes) const noexcept {
  if (state_ == nullptr) return;
  detail::wake_in_child();
  try {
    state_->record(value, attributes);
  } catch (const std::bad_alloc&) {  // NOLINT(bugprone-empty-catch): likewise
  }
}

// Collecting.

// The application's functions run without a lock, as they may take some of their own.
void MeterProvider::State::refresh_resource() {
  if (!has_parents_resource.exchange(false, std::memory_order_relaxed) || !resource_after_fork) return;
  try {
    std::string own = encode_attributes(otlp::wire::resource_attributes, resource_after_fork());
    const std::lock_guard lock(mutex);
    resource = std::move(own);
  } catch (const std::exception& failure) {
    log(LogLevel::Warning, std::string("a forked child's metrics keep its parent's resource: ") + failure.what());
  }
}

void MeterProvider::State::read_sources() {
  std::unique_lock lock(mutex);
  const auto all = sources;
  lock.unlock();
  for (const auto& source : all) {
    std::vector<std::uint64_t> values(source->series.size());
    source->read(values);
    for (std::size_t i = 0; i < values.size(); ++i) {
      const auto& [counter, series] = source->series[i];
      counter->set(series, values[i]);
    }
  }
}

std::vector<std::string> MeterProvider::State::collect_metrics(const detail::CollectionWindow& window) {
  std::vector<std::string> metrics;
  for (detail::Instrument* instrument : instruments) {
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
  state_->refresh_resource();
  state_->read_sources();
  const std::lock_guard lock(state_->mutex);
  const std::uint64_t now = unix_nanos_now();
  const bool is_delta = state_->temporality == Temporality::Delta;
  const auto metrics =
      state_->collect_metrics({is_delta ? state_->last_collection : state_->window_start, now, state_->temporality});
  state_->last_collection = now;
  return metrics.empty() ? std::string() : state_->encode(metrics);
}

// Forking.

void MeterProvider::State::before_fork() noexcept {
  mutex.lock();
  for (detail::Instrument* instrument : instruments) instrument->mutex().lock();
}

void MeterProvider::State::after_fork_in_parent() noexcept {
  for (detail::Instrument* instrument : instruments) instrument->mutex().unlock();
  mutex.unlock();
}

void MeterProvider::State::after_fork_in_child() noexcept {
  for (detail::Instrument* instrument : instruments) {
    instrument->forget();
    instrument->mutex().unlock();
  }
  window_start = last_collection = unix_nanos_now();
  has_parents_resource.store(true, std::memory_order_relaxed);
  mutex.unlock();
}

}  // namespace segue
