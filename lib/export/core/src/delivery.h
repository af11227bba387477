// Delivery: one batch at a time from the queue to the receiver, or to the spool, and from the spool to the receiver. Every
// span is counted by what became of it. Used by the back-end thread alone.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "segue/export/batch_processor.h"
#include "segue/trace/record_queue.h"
#include "worker_control.h"

namespace segue::detail {

class Delivery {
 public:
  using TimePoint = WorkerControl::Clock::time_point;

  Delivery(RecordQueue& queue, WorkerControl& control, const BatchOptions& options, std::unique_ptr<Exporter> exporter,
           std::unique_ptr<Spool> spool);

  /// Sends the batch; behind what is in the spool, if there is anything.
  void deliver(const RecordBatch& records);

  /// Whether there is something in the spool, which what is younger must queue up behind.
  bool is_spool_first() const noexcept { return spool_ != nullptr && !spool_->is_empty(); }
  /// Sends what is in the spool until it is empty, the receiver is away, or something else becomes urgent.
  void replay();
  /// When `replay` should be called next; nothing: there is nothing to send.
  std::optional<TimePoint> replay_due() const noexcept { return replay_due_; }

  /// Spans given up since a stop was asked for.
  std::uint64_t lost_at_shutdown() const noexcept { return lost_at_shutdown_; }

  /// Leaves the spool to the next process; nothing else may follow.
  void close() noexcept { spool_.reset(); }
  /// In the child of a fork.
  void abandon() noexcept;

 private:
  std::optional<std::string> send(ExportBatch& batch, std::uint64_t spans);
  void count_delivered(std::uint64_t spans, const ExportResult& result);
  void drop(DropReason reason, std::uint64_t spans, const std::string& why);

  bool has_spool() const noexcept { return options_.spool.has_value(); }
  void put_into_spool(const ExportBatch& batch, std::uint64_t spans, const std::string& why);
  Result<void> append_to_spool(const ExportBatch& batch);
  void settle(const SpooledBatch& batch, const ExportResult& result);
  void report_losses();
  void schedule_replay(const ExportResult& failure);
  std::string prefix(std::uint64_t spans) const;

  RecordQueue& queue_;
  WorkerControl& control_;
  const BatchOptions options_;
  const std::unique_ptr<Exporter> exporter_;
  std::unique_ptr<Spool> spool_;  // null while its folder cannot be used
  std::vector<ExportRegion> regions_;
  std::optional<RetrySchedule> replay_schedule_;  // while the receiver is away
  std::optional<TimePoint> replay_due_;
  std::uint64_t lost_at_shutdown_ = 0;
};

}  // namespace segue::detail
