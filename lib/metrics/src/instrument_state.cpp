#include "instrument_state.h"

#include <algorithm>
#include <cmath>

#include <protozero/pbf_writer.hpp>

#include "segue/otlp/wire.h"
#include "segue/trace/encode_attributes.h"

namespace segue::detail {
namespace {

// Metric, Sum, Histogram and their data points in opentelemetry-proto's metrics.proto.
namespace metric_field {
enum : protozero::pbf_tag_type { name = 1, description = 2, unit = 3, sum = 7, histogram = 9 };
}
namespace series_field {  // of Sum and Histogram alike
enum : protozero::pbf_tag_type { data_points = 1, temporality = 2, is_monotonic = 3 };
}
namespace number_field {
enum : protozero::pbf_tag_type { start = 2, time = 3, as_int = 6 };
constexpr char attributes = otlp::wire::tag(7, otlp::wire::WireType::Length);
}  // namespace number_field
namespace histogram_field {
enum : protozero::pbf_tag_type {
  start = 2,
  time = 3,
  count = 4,
  sum = 5,
  bucket_counts = 6,
  bounds = 7,
  min = 11,
  max = 12
};
constexpr char attributes = otlp::wire::tag(9, otlp::wire::WireType::Length);
}  // namespace histogram_field

int encoded(Temporality temporality) noexcept { return temporality == Temporality::Delta ? 1 : 2; }

std::string number_point(const std::string& attributes, std::uint64_t value, const CollectionWindow& window) {
  std::string message;
  protozero::pbf_writer point(message);
  point.add_fixed64(number_field::start, window.start_unix_nanos);
  point.add_fixed64(number_field::time, window.end_unix_nanos);
  point.add_sfixed64(number_field::as_int, static_cast<std::int64_t>(value));
  return message.append(attributes);
}

// The Metric message around data points; empty if there are none.
std::string metric(const InstrumentInfo& info, protozero::pbf_tag_type kind, const std::vector<std::string>& points,
                   Temporality temporality) {
  std::string message;
  if (points.empty()) return message;
  protozero::pbf_writer writer(message);
  writer.add_string(metric_field::name, info.name);
  writer.add_string(metric_field::description, info.description);
  writer.add_string(metric_field::unit, info.unit);
  protozero::pbf_writer series(writer, kind);
  for (const std::string& point : points) series.add_message(series_field::data_points, point);
  series.add_enum(series_field::temporality, encoded(temporality));
  if (kind == metric_field::sum) series.add_bool(series_field::is_monotonic, true);
  return message;
}

}  // namespace

std::string encode_sorted(char field_tag, Attributes attributes) {
  std::vector<Attribute> sorted(attributes.begin(), attributes.end());
  std::ranges::stable_sort(sorted, {}, &Attribute::key);  // stable, as of a repeated key the last counts
  return encode_attributes(field_tag, sorted);
}

CounterState::CounterState(InstrumentInfo info, std::size_t max_sets)
    : Instrument(std::move(info)), cells_(number_field::attributes, max_sets) {}

void CounterState::add(std::uint64_t amount, Attributes attributes) {
  const std::lock_guard lock(mutex_);
  cells_.at(attributes) += amount;
}

std::string CounterState::collect(const CollectionWindow& window) {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> points;
  for (const auto& [attributes, value] : cells_.cells()) points.push_back(number_point(attributes, value, window));
  if (window.temporality == Temporality::Delta) cells_.clear();
  return metric(info(), metric_field::sum, points, window.temporality);
}

std::size_t ObservedCounter::add_series(Attributes attributes) {
  const std::lock_guard lock(mutex_);
  series_.push_back({.attributes = encode_sorted(number_field::attributes, attributes)});
  return series_.size() - 1;
}

void ObservedCounter::set(std::size_t series, std::uint64_t value) {
  const std::lock_guard lock(mutex_);
  series_[series].value = std::max(series_[series].value, value);
}

void ObservedCounter::forget() noexcept {
  for (Series& series : series_) series.value = series.told = 0;
}

std::string ObservedCounter::collect(const CollectionWindow& window) {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> points;
  const bool is_delta = window.temporality == Temporality::Delta;
  for (Series& series : series_) {
    points.push_back(number_point(series.attributes, is_delta ? series.value - series.told : series.value, window));
    series.told = series.value;
  }
  return metric(info(), metric_field::sum, points, window.temporality);
}

HistogramState::HistogramState(InstrumentInfo info, std::size_t max_sets, std::span<const double> bounds)
    : Instrument(std::move(info)),
      bounds_(bounds.begin(), bounds.end()),
      cells_(histogram_field::attributes, max_sets) {}

void HistogramState::record(double value, Attributes attributes) {
  if (!std::isfinite(value) || value < 0) return;
  const std::lock_guard lock(mutex_);
  Cell& cell = cells_.at(attributes);
  if (cell.counts.empty()) cell.counts.resize(bounds_.size() + 1);
  const auto bucket = std::ranges::lower_bound(bounds_, value) - bounds_.begin();
  ++cell.counts[static_cast<std::size_t>(bucket)];
  cell.min = cell.count == 0 ? value : std::min(cell.min, value);
  cell.max = cell.count == 0 ? value : std::max(cell.max, value);
  cell.sum += value;
  ++cell.count;
}

std::string HistogramState::collect(const CollectionWindow& window) {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> points;
  for (const auto& [attributes, cell] : cells_.cells()) points.push_back(data_point(attributes, cell, window));
  if (window.temporality == Temporality::Delta) cells_.clear();
  return metric(info(), metric_field::histogram, points, window.temporality);
}

std::string HistogramState::data_point(const std::string& attributes, const Cell& cell,
                                       const CollectionWindow& window) const {
  std::string message;
  protozero::pbf_writer point(message);
  point.add_fixed64(histogram_field::start, window.start_unix_nanos);
  point.add_fixed64(histogram_field::time, window.end_unix_nanos);
  point.add_fixed64(histogram_field::count, cell.count);
  point.add_double(histogram_field::sum, cell.sum);
  point.add_packed_fixed<std::uint64_t>(histogram_field::bucket_counts, cell.counts.begin(), cell.counts.end());
  point.add_packed_fixed<double>(histogram_field::bounds, bounds_.begin(), bounds_.end());
  point.add_double(histogram_field::min, cell.min);
  point.add_double(histogram_field::max, cell.max);
  return message.append(attributes);
}

}  // namespace segue::detail
