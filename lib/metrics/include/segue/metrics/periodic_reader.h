// PeriodicReader: the thread that collects a provider's metrics at a fixed interval and has an exporter send them.
//
//   auto reader = segue::PeriodicReader::start(*meters, make_exporter, {.interval = 60s});
//   ...
//   (*reader)->shutdown(5s);  // one last collection
//
// A collection that could not be delivered is sent again at the next interval, before the newer one; at most
// `max_unsent` wait, then the oldest is dropped and counted. In the child of a fork the parent's thread, connection and
// unsent collections are not touched: the first thing that the child counts starts a thread that makes an exporter of its
// own. Thread safety: all members, any thread.
// Errors: InvalidArgument from `start`; later trouble is logged and counted.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>

#include "segue/base/result.h"
#include "segue/metrics/meter_provider.h"
#include "segue/metrics/metric_exporter.h"

namespace segue {

struct PeriodicReaderOptions {
  /// 1 ms to 1 h. Default 60 s (OTEL_METRIC_EXPORT_INTERVAL).
  std::chrono::milliseconds interval = std::chrono::seconds(60);
  /// Collections kept for a receiver that is away, from 1.
  std::size_t max_unsent = 10;
};

/// Makes an exporter: once in `start`, and on the reader's thread of every forked child that counts.
using MetricExporterFactory = std::function<Result<std::unique_ptr<MetricExporter>>()>;

class PeriodicReader {
 public:
  /// The provider must live until `shutdown` has returned. What the factory says when it fails is the error.
  static Result<std::unique_ptr<PeriodicReader>> start(MeterProvider& meters, MetricExporterFactory make_exporter,
                                                       const PeriodicReaderOptions& options = {});
  /// The same with one exporter, which belongs to this process: what forked children collect is dropped.
  static Result<std::unique_ptr<PeriodicReader>> start(MeterProvider& meters, std::unique_ptr<MetricExporter> exporter,
                                                       const PeriodicReaderOptions& options = {});
  /// Shuts down within 5 s if that has not been done.
  virtual ~PeriodicReader() = default;
  PeriodicReader(const PeriodicReader&) = delete;
  PeriodicReader& operator=(const PeriodicReader&) = delete;

  /// Collects and sends now; false at `timeout` or if it could not be delivered.
  virtual bool flush(std::chrono::milliseconds timeout) = 0;
  /// The same once more, and then never again.
  virtual bool shutdown(std::chrono::milliseconds timeout) = 0;
  /// Collections that were dropped.
  virtual std::uint64_t dropped() const noexcept = 0;

 protected:
  PeriodicReader() = default;
};

}  // namespace segue
