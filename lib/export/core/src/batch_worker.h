// BatchWorker: the back-end thread of one process and what it works with. A forked child gets a new one.
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <thread>

#include "delivery.h"
#include "worker_control.h"

namespace segue::detail {

class BatchWorker {
 public:
  /// `exporter` is for this process; if it is null the thread has `make_exporter` make one.
  BatchWorker(TracerProvider& provider, const BatchOptions& options, std::unique_ptr<Exporter> exporter,
              std::unique_ptr<Spool> spool, ExporterFactory make_exporter);
  ~BatchWorker();
  BatchWorker(const BatchWorker&) = delete;
  BatchWorker& operator=(const BatchWorker&) = delete;

  bool flush(std::chrono::milliseconds timeout) { return control_.flush(timeout); }
  bool stop(std::chrono::milliseconds timeout);

  /// In the child of a fork, which must keep the parent's worker for good and never use it again.
  void abandon() noexcept;

 private:
  void run();
  void make_delivery();
  void wait_for_work();
  void keep_clock();
  bool is_pass_due() const;
  void export_full_batches();
  void export_everything();
  void export_batch();

  TracerProvider& provider_;
  RecordQueue& queue_;
  const BatchOptions options_;
  WorkerControl control_;
  std::unique_ptr<Exporter> exporter_;  // both until the thread has made `delivery_` of them
  std::unique_ptr<Spool> spool_;
  const ExporterFactory make_exporter_;
  std::unique_ptr<Delivery> delivery_;
  WorkerControl::Clock::time_point due_;
  WorkerControl::Clock::time_point clock_due_;

  std::mutex stop_mutex_;  // one caller joins the thread
  std::thread thread_;     // last: it uses everything above
};

}  // namespace segue::detail
