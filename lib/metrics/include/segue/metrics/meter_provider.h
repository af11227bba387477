// MeterProvider: where instruments come from, and where their values are collected as OTLP.
//
//   auto provider = segue::MeterProvider::create({.resource = {{"service.name", "bots"}}});
//   const segue::Histogram durations = provider->histogram("workflow.node.duration", {.unit = "s"}, seconds_bounds);
//   const std::string request = provider->collect();  // an ExportMetricsServiceRequest
//
// Instruments may outlive it. In the child of a fork they begin at zero: what was counted before is the parent's.
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
#include <vector>

#include "segue/base/result.h"
#include "segue/metrics/instrument.h"

namespace segue {

enum class Temporality : std::uint8_t {
  Cumulative,  ///< Each collection tells all since the start. What Prometheus expects.
  Delta,       ///< Each collection tells what came since the one before. What Datadog and New Relic expect.
};

struct MeterProviderOptions {
  Attributes resource = {};  ///< Read during `create` only.
  /// The resource of a forked child, asked for before its first collection. What the attributes point to must live as long
  /// as the function. Default: the parent's resource, for which the child's metrics may be mistaken.
  std::function<std::vector<Attribute>()> resource_after_fork = nullptr;
  std::string_view scope = "segue";
  std::string_view scope_version = {};
  Temporality temporality = Temporality::Cumulative;
  /// Combinations of attributes per instrument, from 2. Default 2000, as the specification has it. More costs memory.
  std::size_t max_attribute_sets = 2000;
};

/// One count among several that are kept elsewhere and read together.
struct ObservedSeries {
  std::string_view name;
  InstrumentOptions options = {};
  std::vector<Attribute> attributes = {};
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

  /// Counts kept elsewhere, cumulative: at each collection `read` is called once, without a lock held, and writes the value
  /// of each of `series`, in that order. Series of one name are one metric.
  void observe_counters(std::span<const ObservedSeries> series, std::function<void(std::span<std::uint64_t>)> read);

  /// A single one.
  void observe_counter(std::string_view name, const InstrumentOptions& options, std::function<std::uint64_t()> read,
                       Attributes attributes = {});

  /// An encoded ExportMetricsServiceRequest of everything that has a value; empty if nothing has.
  std::string collect();

 private:
  struct State;
  explicit MeterProvider(std::shared_ptr<State> state) noexcept;
  std::shared_ptr<State> state_;  ///< Kept by instruments, too, which live in it.
};

/// Bounds for durations in seconds: those OpenTelemetry advises for requests, with the limits of the bots' service levels
/// (0.5, 1.5, 1.8, 2 and 2.5 s) among them, so that a share over the limit is read off exactly.
inline constexpr double seconds_bounds[] = {0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75,
                                            1,     1.5,  1.8,   2,    2.5,   5,   7.5,  10,  30};

}  // namespace segue
