// ReaderThread: the thread of one process that collects metrics and has them sent. A forked child gets a new one.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "segue/metrics/periodic_reader.h"

namespace segue::detail {

class ReaderThread {
 public:
  /// `exporter` is for this process; if it is null the thread has `make_exporter` make one.
  ReaderThread(MeterProvider& meters, std::unique_ptr<MetricExporter> exporter, MetricExporterFactory make_exporter,
               const PeriodicReaderOptions& options);
  ~ReaderThread();
  ReaderThread(const ReaderThread&) = delete;
  ReaderThread& operator=(const ReaderThread&) = delete;

  bool flush(std::chrono::milliseconds timeout);
  bool stop(std::chrono::milliseconds timeout);
  std::uint64_t dropped() const noexcept { return dropped_.load(std::memory_order_relaxed); }

 private:
  void run();
  void ensure_exporter();
  void collect();
  void send();
  const std::string* first_unsent();
  void count_dropped(const std::string& why);

  MeterProvider& meters_;
  std::unique_ptr<MetricExporter> exporter_;
  const MetricExporterFactory make_exporter_;
  const PeriodicReaderOptions options_;
  std::atomic<std::uint64_t> dropped_ = 0;

  std::mutex join_mutex_;
  std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  std::deque<std::string> unsent_;
  std::uint64_t rounds_requested_ = 0;
  std::uint64_t rounds_done_ = 0;
  bool is_stopping_ = false;
  bool has_stopped_ = false;

  std::thread thread_;  // last: it uses everything above
};

}  // namespace segue::detail
