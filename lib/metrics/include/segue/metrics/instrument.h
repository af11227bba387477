// Counter and Histogram: what a program counts and measures, by attributes.
//
//   const segue::Counter handoffs = meter.counter("jorge.handoff.total", {.description = "Handoffs executed"});
//   handoffs.add(1, {{"source", "lead_bot"}, {"target", "buyer_bot"}});
//
// Small values, copied freely; a default-constructed one counts nothing. Names and meanings follow the OpenTelemetry
// metrics API. Thread safety: any thread; each instrument has a lock, held for one lookup.
// Errors: none. Negative and non-finite values are ignored. A new combination of attributes over the limit
// (MeterProviderOptions::max_attribute_sets) counts under the single attribute otel.metric.overflow=true.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "segue/trace/attribute.h"

namespace segue {

namespace detail {
class CounterState;
class HistogramState;
}  // namespace detail

struct InstrumentOptions {
  std::string_view unit = "1";  ///< UCUM, e.g. "s", "By"; "1" for plain counts.
  std::string_view description = {};
};

class Counter {
 public:
  Counter() noexcept = default;
  void add(std::uint64_t amount = 1, Attributes attributes = {}) const noexcept;

 private:
  friend class MeterProvider;
  explicit Counter(std::shared_ptr<detail::CounterState> state) noexcept : state_(std::move(state)) {}
  std::shared_ptr<detail::CounterState> state_;
};

class Histogram {
 public:
  Histogram() noexcept = default;
  void record(double value, Attributes attributes = {}) const noexcept;

 private:
  friend class MeterProvider;
  explicit Histogram(std::shared_ptr<detail::HistogramState> state) noexcept : state_(std::move(state)) {}
  std::shared_ptr<detail::HistogramState> state_;
};

}  // namespace segue
