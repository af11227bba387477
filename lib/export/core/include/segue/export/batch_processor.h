// BatchProcessor: the back-end thread that takes finished spans from a provider's queue and has an exporter send them.
//
//   auto processor = segue::BatchProcessor::start(provider, make_exporter, {.schedule_delay = 1s});
//   ...
//   (*processor)->flush(5s);       // everything that ended so far is delivered, in the spool, or given up and counted
//   (*processor)->shutdown(5s);    // the same, and then no more
//
// It sends full batches as soon as they are there, and everything every `schedule_delay`, on `flush`, and when the queue is
// half full. A batch that may be delivered later is retried; one that is given up goes to the spool, if there is one, and
// is delivered from there, in order, before younger ones. Without a spool it is dropped, "export_failed".
// In the child of a fork the parent's thread, connections and spool are not touched: the child's first span
// starts a thread that makes an exporter of its own and takes a sub-folder of the spool for itself.
// Thread safety: all members, any thread. Errors: options are validated in `start`; later trouble is logged and counted.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "segue/base/result.h"
#include "segue/export/exporter.h"
#include "segue/export/retry.h"
#include "segue/export/spool.h"
#include "segue/trace/provider.h"

namespace segue {

struct BatchOptions {
  /// The longest a finished span waits before it is sent, 1 ms to 1 h. Default 5 s (OTEL_BSP_SCHEDULE_DELAY).
  /// Less shows spans sooner, more makes larger and cheaper requests.
  std::chrono::milliseconds schedule_delay = std::chrono::seconds(5);
  /// Spans per export, from 1. Default 512 (OTEL_BSP_MAX_EXPORT_BATCH_SIZE).
  std::uint32_t max_batch_spans = 512;
  /// Bytes per export as OTLP, from 64 KiB. Default 4 MiB, which is what a gRPC server accepts by default. A single span
  /// that is larger is sent alone.
  std::size_t max_batch_bytes = std::size_t{4} << 20;
  /// How long one batch is tried, retries and the waits between them included, before it is given up or goes to the
  /// spool: no attempt begins later. Default 30 s (OTEL_BSP_EXPORT_TIMEOUT); 0: one attempt. One attempt is bounded by
  /// the exporter's own timeout. More loses less to short outages without a spool, but younger spans queue up behind.
  std::chrono::milliseconds export_timeout = std::chrono::seconds(30);
  RetryOptions retry = {};
  /// Where batches wait while the receiver is away. Default: none.
  std::optional<SpoolOptions> spool = {};
};

/// Makes an exporter: once in `start`, and on the back-end thread of every forked child that records.
using ExporterFactory = std::function<Result<std::unique_ptr<Exporter>>()>;

class BatchProcessor {
 public:
  /// The provider must live until `shutdown` has returned. What the factory says when it fails is the error. A spool
  /// folder that cannot be used is no reason to fail: that is logged, and tried again whenever a batch needs it.
  static Result<std::unique_ptr<BatchProcessor>> start(TracerProvider& provider, ExporterFactory make_exporter,
                                                       const BatchOptions& options = {});
  /// The same with one exporter, which belongs to this process: forked children drop their spans, "export_failed".
  static Result<std::unique_ptr<BatchProcessor>> start(TracerProvider& provider, std::unique_ptr<Exporter> exporter,
                                                       const BatchOptions& options = {});
  /// Shuts down within 5 s if that has not been done.
  virtual ~BatchProcessor() = default;
  BatchProcessor(const BatchProcessor&) = delete;
  BatchProcessor& operator=(const BatchProcessor&) = delete;

  /// True once every span that had ended when it was called is delivered, in the spool or given up; false at `timeout`.
  /// Also tries to empty the spool.
  virtual bool flush(std::chrono::milliseconds timeout) = 0;

  /// Closes the provider, flushes and stops. What is not delivered by `timeout` goes to the spool, or without one is
  /// dropped and counted; an export under way is waited for. False if spans were lost so. Later calls return the first
  /// one's answer.
  virtual bool shutdown(std::chrono::milliseconds timeout) = 0;

 protected:
  BatchProcessor() = default;
};

}  // namespace segue
