#include "reader_thread.h"

#include <utility>

#include "segue/base/log.h"

namespace segue::detail {
namespace {

using std::chrono::milliseconds;

// Stands in where a forked child could not make an exporter, so that its collections are counted like any that are refused.
class NoMetricExporter final : public MetricExporter {
 public:
  explicit NoMetricExporter(std::string why) : why_(std::move(why)) {}
  ExportResult export_metrics(std::string_view) noexcept override {
    return {.outcome = ExportOutcome::Rejected, .message = why_};
  }
  std::string_view name() const noexcept override { return "none"; }

 private:
  std::string why_;
};

}  // namespace

ReaderThread::ReaderThread(MeterProvider& meters, std::unique_ptr<MetricExporter> exporter,
                           MetricExporterFactory make_exporter, const PeriodicReaderOptions& options)
    : meters_(meters),
      exporter_(std::move(exporter)),
      make_exporter_(std::move(make_exporter)),
      options_(options),
      thread_([this] { run(); }) {}

ReaderThread::~ReaderThread() { (void)stop(std::chrono::seconds(5)); }

bool ReaderThread::flush(milliseconds timeout) {
  std::unique_lock lock(mutex_);
  const std::uint64_t wanted = ++rounds_requested_;
  changed_.notify_all();
  return changed_.wait_for(lock, timeout, [&] { return rounds_done_ >= wanted || has_stopped_; }) && unsent_.empty();
}

bool ReaderThread::stop(milliseconds timeout) {
  std::unique_lock lock(mutex_);
  is_stopping_ = true;
  changed_.notify_all();
  if (!changed_.wait_for(lock, timeout, [this] { return has_stopped_; })) return false;
  lock.unlock();
  const std::lock_guard one_caller(join_mutex_);
  if (thread_.joinable()) thread_.join();
  return unsent_.empty();
}

void ReaderThread::run() {
  ensure_exporter();
  std::unique_lock lock(mutex_);
  // The last round begins when the stop has been asked for, so it has everything that was counted before.
  for (bool is_last = false; !is_last;) {
    changed_.wait_for(lock, options_.interval, [this] { return is_stopping_ || rounds_requested_ > rounds_done_; });
    const std::uint64_t answers = rounds_requested_;
    is_last = is_stopping_;
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

void ReaderThread::ensure_exporter() {
  if (exporter_ != nullptr) return;
  auto made = make_exporter_();
  exporter_ = made ? *std::move(made) : std::make_unique<NoMetricExporter>(made.error().message);
}

void ReaderThread::collect() {
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
void ReaderThread::send() {
  while (const std::string* request = first_unsent()) {
    const ExportResult result = exporter_->export_metrics(*request);
    if (result.outcome == ExportOutcome::Retryable) return;
    if (result.outcome == ExportOutcome::Rejected) count_dropped(result.message);
    const std::lock_guard lock(mutex_);
    unsent_.pop_front();
  }
}

const std::string* ReaderThread::first_unsent() {
  const std::lock_guard lock(mutex_);
  return unsent_.empty() ? nullptr : &unsent_.front();
}

void ReaderThread::count_dropped(const std::string& why) {
  dropped_.fetch_add(1, std::memory_order_relaxed);
  log(LogLevel::Warning, std::string(exporter_->name()) + ": one collection of metrics not delivered: " + why);
}

}  // namespace segue::detail
