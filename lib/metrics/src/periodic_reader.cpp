#include "segue/metrics/periodic_reader.h"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <thread>

#include "fork_watch.h"
#include "segue/base/log.h"

namespace segue {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

class ReaderThread final : public PeriodicReader {
 public:
  ReaderThread(MeterProvider& meters, std::unique_ptr<MetricExporter> exporter, const PeriodicReaderOptions& options)
      : meters_(meters), exporter_(std::move(exporter)), options_(options), thread_([this] { run(); }) {}

  ~ReaderThread() override { (void)stop(std::chrono::seconds(5)); }

  bool flush(milliseconds timeout) override {
    if (detail::is_forked_child()) return true;
    std::unique_lock lock(mutex_);
    const std::uint64_t wanted = ++rounds_requested_;
    changed_.notify_all();
    return changed_.wait_for(lock, timeout, [&] { return rounds_done_ >= wanted || has_stopped_; }) && unsent_.empty();
  }

  bool shutdown(milliseconds timeout) override { return stop(timeout); }
  std::uint64_t dropped() const noexcept override { return dropped_.load(std::memory_order_relaxed); }

 private:
  bool stop(milliseconds timeout) {
    if (detail::is_forked_child()) return abandon();
    std::unique_lock lock(mutex_);
    is_stopping_ = true;
    changed_.notify_all();
    if (!changed_.wait_for(lock, timeout, [this] { return has_stopped_; })) return false;
    lock.unlock();
    const std::lock_guard one_caller(join_mutex_);
    if (thread_.joinable()) thread_.join();
    return unsent_.empty();
  }

  // The thread is the parent's, and so is the lock it may hold.
  bool abandon() {
    if (thread_.joinable()) thread_.detach();
    return true;
  }

  void run() {
    std::unique_lock lock(mutex_);
    while (!is_stopping_) {
      changed_.wait_for(lock, options_.interval, [this] { return is_stopping_ || rounds_requested_ > rounds_done_; });
      const std::uint64_t answers = rounds_requested_;
      lock.unlock();
      collect();
      send();
      lock.lock();
      rounds_done_ = answers;
      changed_.notify_all();
    }
    has_stopped_ = true;
    changed_.notify_all();
  }

  void collect() {
    std::string request = meters_.collect();
    if (request.empty()) return;
    const std::lock_guard lock(mutex_);
    if (unsent_.size() >= options_.max_unsent) {
      unsent_.pop_front();
      count_dropped("too many wait for the receiver");
    }
    unsent_.push_back(std::move(request));
  }

  // Only this thread removes requests, so the first one stays where it is while it is being sent.
  void send() {
    while (const std::string* request = first_unsent()) {
      const ExportResult result = exporter_->export_metrics(*request);
      if (result.outcome == ExportOutcome::Retryable) return;
      if (result.outcome == ExportOutcome::Rejected) count_dropped(result.message);
      const std::lock_guard lock(mutex_);
      unsent_.pop_front();
    }
  }

  const std::string* first_unsent() {
    const std::lock_guard lock(mutex_);
    return unsent_.empty() ? nullptr : &unsent_.front();
  }

  void count_dropped(const std::string& why) {
    dropped_.fetch_add(1, std::memory_order_relaxed);
    log(LogLevel::Warning, std::string(exporter_->name()) + ": one collection of metrics not delivered: " + why);
  }

  MeterProvider& meters_;
  const std::unique_ptr<MetricExporter> exporter_;
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

}  // namespace

Result<std::unique_ptr<PeriodicReader>> PeriodicReader::start(MeterProvider& meters,
                                                              std::unique_ptr<MetricExporter> exporter,
                                                              const PeriodicReaderOptions& options) {
  if (exporter == nullptr) return Error{Errc::InvalidArgument, "no exporter given"};
  if (options.interval < milliseconds(1) || options.interval > std::chrono::hours(1)) {
    return Error{Errc::InvalidArgument, "interval is not within 1 ms and 1 h"};
  }
  if (options.max_unsent == 0) return Error{Errc::InvalidArgument, "max_unsent is 0"};
  try {
    return std::unique_ptr<PeriodicReader>(std::make_unique<ReaderThread>(meters, std::move(exporter), options));
  } catch (const std::exception& failure) {
    return Error{Errc::Unavailable, std::string("cannot start the metrics thread: ") + failure.what()};
  }
}

}  // namespace segue
