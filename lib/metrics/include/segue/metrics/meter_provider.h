// MeterProvider: where instruments come from, and where their values are collected as OTLP.
//
//   auto provider = segue::MeterProvider::create({.resource = {{"service.name", "bots"}}});
//   const segue::Histogram durations = provider->histogram("workflow.node.duration", {.unit = "s"}, seconds_bounds);
//   const std::string request = provider->collect();  // an ExportMetricsServiceRequest
//
// Instruments may outlive it. In the child of a fork they count nothing: its metrics would be mistaken for the parent's.
// Thread safety: any thread. Errors: InvalidArgument from `create`; an instrument asked for
// twice is the same one, with the options it had first.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "segue/base/result.h"
#include "segue/metrics/instrument.h"

namespace segue {

enum class Temporality : std::uint8_t {
  Cumulative,  ///< Each collection tells all since the start. What Prometheus expects.
  Delta,       ///< Each collection tells what came since the one before. What Datadog and New Relic expect.
};

struct MeterProviderOptions {
  Attributes resource = {};  ///< Read during `create` only.
  std::string_view scope = "segue";
  std::string_view scope_version = {};
  Temporality temporality = Temporality::Cumulative;
  /// Combinations of attributes per instrument, from 2. Default 2000, as the specification has it. More costs memory.
  std::size_t max_attribute_sets = 2000;
};

class MeterProvider {
 public:
  static Result<std::unique_ptr<MeterProvider>> create(const MeterProviderOptions& options = {});
  ~MeterProvider();
  MeterProvider(const MeterProvider&) = delete;
  MeterProvider& operator=(const MeterProvider&) = delete;

  /// A sum that only grows.
  Counter counter(std::string_view name, const InstrumentOptions& options = {});

  /// A distribution over buckets whose upper bounds, inclusive and ascending, are `bounds`.
  Histogram histogram(std::string_view name, const InstrumentOptions& options, std::span<const double> bounds);

  /// A count kept elsewhere, cumulative, asked for at each collection; one series per call, all under the same metric.
  void observe_counter(std::string_view name, const InstrumentOptions& options, std::function<std::uint64_t()> read,
                       Attributes attributes = {});

  /// An encoded ExportMetricsServiceRequest of everything that has a value; empty if nothing has.
  std::string collect();

 private:
  struct State;
  explicit MeterProvider(std::unique_ptr<State> state) noexcept;
  std::unique_ptr<State> state_;
};

/// Bounds for durations in seconds: those OpenTelemetry advises for requests, with the limits of the bots' service levels
/// (0.5, 1.5, 1.8, 2 and 2.5 s) among them, so that a share over the limit is read off exactly.
inline constexpr double seconds_bounds[] = {0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75,
                                            1,     1.5,  1.8,   2,    2.5,   5,   7.5,  10,  30};

}  // namespace segue
