// BatchProcessor: the back-end thread that takes finished spans from a provider's queue and has an exporter send them.
//
//   auto processor = segue::BatchProcessor::start(provider, std::move(exporter), {.schedule_delay = 1s});
//   ...
//   (*processor)->flush(5s);       // everything that ended so far is delivered, or given up and counted
//   (*processor)->shutdown(5s);    // the same, and then no more
//
// It sends when a thread has recorded `max_batch_spans`, when memory runs short, on `flush`, and every `schedule_delay`.
// A batch that may be delivered later is retried on a RetrySchedule; one that is given up is counted as dropped,
// "export_failed", and spans a collector refuses as "partial_reject".
// Thread safety: all members, any thread. Errors: options are validated in `start`; later trouble is logged and counted.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>

#include "segue/base/result.h"
#include "segue/export/exporter.h"
#include "segue/export/retry.h"
#include "segue/trace/provider.h"

namespace segue {

struct BatchOptions {
  /// The longest a finished span waits before it is sent, 1 ms to 1 h. Default 5 s (OTEL_BSP_SCHEDULE_DELAY).
  /// Less shows spans sooner, more makes larger and cheaper requests.
  std::chrono::milliseconds schedule_delay = std::chrono::seconds(5);
  /// Spans per export, from 1. Default 512 (OTEL_BSP_MAX_EXPORT_BATCH_SIZE).
  std::uint32_t max_batch_spans = 512;
  RetryOptions retry = {};
};

class BatchProcessor {
 public:
  /// The provider must live until `shutdown` has returned.
  static Result<std::unique_ptr<BatchProcessor>> start(TracerProvider& provider, std::unique_ptr<Exporter> exporter,
                                                       const BatchOptions& options = {});
  /// Shuts down within 5 s if that has not been done.
  virtual ~BatchProcessor() = default;
  BatchProcessor(const BatchProcessor&) = delete;
  BatchProcessor& operator=(const BatchProcessor&) = delete;

  /// True once every span that had ended when it was called is delivered or given up; false at `timeout`.
  virtual bool flush(std::chrono::milliseconds timeout) = 0;

  /// Closes the provider, flushes and stops. What is not delivered by `timeout` is dropped and counted; an export under
  /// way is waited for. False if spans were lost so. Later calls return the first one's answer.
  virtual bool shutdown(std::chrono::milliseconds timeout) = 0;

 protected:
  BatchProcessor() = default;
};

}  // namespace segue
