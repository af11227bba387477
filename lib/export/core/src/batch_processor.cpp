#include "segue/export/batch_processor.h"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "segue/base/clock.h"
#include "segue/base/log.h"
#include "segue/base/random.h"
#include "segue/trace/record_queue.h"

namespace segue {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

class BatchWorker final : public BatchProcessor {
 public:
  BatchWorker(TracerProvider& provider, std::unique_ptr<Exporter> exporter, const BatchOptions& options)
      : provider_(provider),
        queue_(provider.queue()),
        exporter_(std::move(exporter)),
        options_(options),
        thread_([this] { run(); }) {}

  ~BatchWorker() override { stop(std::chrono::seconds(5)); }

  bool flush(milliseconds timeout) override {
    std::unique_lock lock(mutex_);
    const std::uint64_t wanted = ++flushes_requested_;
    queue_.wake();
    changed_.notify_all();
    return changed_.wait_for(lock, timeout, [&] { return flushes_done_ >= wanted || has_stopped_; }) &&
           flushes_done_ >= wanted;
  }

  bool shutdown(milliseconds timeout) override { return stop(timeout); }

 private:
  // Often enough for the clock to follow the wall clock, seldom enough to cost nothing.
  static constexpr milliseconds clock_interval{1000};

  bool stop(milliseconds timeout) {
    const std::lock_guard one_caller(stop_mutex_);
    if (!thread_.joinable()) return lost_at_shutdown_ == 0;
    provider_.close();
    {
      const std::lock_guard lock(mutex_);
      stop_deadline_ = Clock::now() + timeout;
      is_stopping_ = true;
    }
    queue_.wake();
    changed_.notify_all();
    thread_.join();
    return lost_at_shutdown_ == 0;
  }

  void run() {
    Clock::time_point due = Clock::now() + options_.schedule_delay;
    Clock::time_point clock_due = Clock::now() + clock_interval;
    while (!is_stopping()) {
      const Clock::time_point next = std::min(due, clock_due);
      const auto pause = std::chrono::ceil<milliseconds>(next - Clock::now());
      const bool woken = queue_.wait(std::max(pause, milliseconds(0)), options_.max_batch_spans);
      if (Clock::now() >= clock_due) {
        recalibrate_clock();
        clock_due = Clock::now() + clock_interval;
      }
      if (!woken && Clock::now() < due) continue;
      export_everything();
      due = Clock::now() + options_.schedule_delay;
    }
    export_everything();
    queue_.finish();
    const std::lock_guard lock(mutex_);
    has_stopped_ = true;
    changed_.notify_all();
  }

  void export_everything() {
    const std::uint64_t answers = flushes_requested();
    while (RecordBatch batch = queue_.collect(options_.max_batch_spans)) {
      deliver(batch);
      queue_.release(std::move(batch));
    }
    const std::lock_guard lock(mutex_);
    flushes_done_ = answers;
    changed_.notify_all();
  }

  void deliver(const RecordBatch& records) {
    regions_.clear();
    for (const RecordRegion& region : records.regions) {
      regions_.push_back({region.scope, {}, region.spans, region.span_count});
    }
    const ExportBatch batch{queue_.resource(), regions_};
    RetrySchedule schedule(options_.retry, Clock::now());
    while (!is_past_stop_deadline()) {
      const ExportResult result = exporter_->export_spans(batch);
      if (result.outcome == ExportOutcome::Delivered) return count_delivered(records.span_count, result);
      const auto delay = result.outcome == ExportOutcome::Retryable
                             ? schedule.next_delay(Clock::now(), random_fraction(), result.retry_after)
                             : std::nullopt;
      if (!delay || !sleep_until_retry(*delay)) return give_up(records.span_count, result.message);
    }
    give_up(records.span_count, "shut down before it could be sent");
  }

  void count_delivered(std::uint64_t spans, const ExportResult& result) {
    const std::uint64_t refused = std::min(result.rejected_spans, spans);
    queue_.count_exported(spans - refused);
    if (refused == 0) return;
    queue_.count_dropped(DropReason::PartialReject, refused);
    warn(refused, "refused by the collector", result.message);
  }

  void give_up(std::uint64_t spans, const std::string& message) {
    queue_.count_dropped(DropReason::ExportFailed, spans);
    if (is_stopping()) lost_at_shutdown_ += spans;
    warn(spans, "not delivered", message);
  }

  void warn(std::uint64_t spans, std::string_view what, const std::string& message) const {
    log(LogLevel::Warning, std::string(exporter_->name()) + ": " + std::to_string(spans) + " spans " +
                               std::string(what) + (message.empty() ? "" : ": " + message));
  }

  // False when a stop comes first and leaves no time for the wait.
  bool sleep_until_retry(milliseconds delay) {
    std::unique_lock lock(mutex_);
    const Clock::time_point until = Clock::now() + delay;
    while (Clock::now() < until) {
      if (is_stopping_ && until >= stop_deadline_) return false;
      if (is_stopping_) {
        changed_.wait_until(lock, until);
      } else {
        changed_.wait_until(lock, until, [this] { return is_stopping_; });
      }
    }
    return true;
  }

  bool is_stopping() {
    const std::lock_guard lock(mutex_);
    return is_stopping_;
  }

  bool is_past_stop_deadline() {
    const std::lock_guard lock(mutex_);
    return is_stopping_ && Clock::now() >= stop_deadline_;
  }

  std::uint64_t flushes_requested() {
    const std::lock_guard lock(mutex_);
    return flushes_requested_;
  }

  static double random_fraction() { return static_cast<double>(random_bits() >> 11) * 0x1p-53; }

  TracerProvider& provider_;
  RecordQueue& queue_;
  const std::unique_ptr<Exporter> exporter_;
  const BatchOptions options_;
  std::vector<ExportRegion> regions_;  // the worker's, kept for its memory
  std::atomic<std::uint64_t> lost_at_shutdown_ = 0;

  std::mutex stop_mutex_;  // one caller joins the thread
  std::mutex mutex_;       // guards what follows
  std::condition_variable changed_;
  std::uint64_t flushes_requested_ = 0;
  std::uint64_t flushes_done_ = 0;
  bool is_stopping_ = false;
  bool has_stopped_ = false;
  Clock::time_point stop_deadline_ = {};

  std::thread thread_;  // last: it uses everything above
};

}  // namespace

Result<std::unique_ptr<BatchProcessor>> BatchProcessor::start(TracerProvider& provider,
                                                              std::unique_ptr<Exporter> exporter,
                                                              const BatchOptions& options) {
  if (exporter == nullptr) return Error{Errc::InvalidArgument, "no exporter given"};
  if (options.schedule_delay < milliseconds(1) || options.schedule_delay > std::chrono::hours(1)) {
    return Error{Errc::InvalidArgument, "schedule_delay is not within 1 ms and 1 h"};
  }
  if (options.max_batch_spans == 0) return Error{Errc::InvalidArgument, "max_batch_spans is 0"};
  try {
    return std::unique_ptr<BatchProcessor>(std::make_unique<BatchWorker>(provider, std::move(exporter), options));
  } catch (const std::exception& failure) {
    return Error{Errc::Unavailable, std::string("cannot start the export thread: ") + failure.what()};
  }
}

}  // namespace segue
