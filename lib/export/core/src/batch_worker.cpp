#include "batch_worker.h"

#include <algorithm>
#include <string>

#include "segue/base/clock.h"
#include "segue/base/log.h"

namespace segue::detail {
namespace {

using Clock = WorkerControl::Clock;
using std::chrono::milliseconds;

// Often enough for the clock to follow the wall clock, seldom enough to cost nothing.
constexpr milliseconds clock_interval{1000};

// Stands in where a forked child could not make an exporter, so that its spans are counted like any that are refused.
class NoExporter final : public Exporter {
 public:
  explicit NoExporter(std::string why) : why_(std::move(why)) {}
  ExportResult export_spans(const ExportBatch&) noexcept override {
    return {.outcome = ExportOutcome::Rejected, .message = why_};
  }
  std::string_view name() const noexcept override { return "none"; }

 private:
  std::string why_;
};

}  // namespace

BatchWorker::BatchWorker(TracerProvider& provider, const BatchOptions& options, std::unique_ptr<Exporter> exporter,
                         std::unique_ptr<Spool> spool, ExporterFactory make_exporter)
    : provider_(provider),
      queue_(provider.queue()),
      options_(options),
      control_(queue_),
      exporter_(std::move(exporter)),
      spool_(std::move(spool)),
      make_exporter_(std::move(make_exporter)),
      due_(Clock::now() + options.schedule_delay),
      clock_due_(Clock::now() + clock_interval),
      thread_([this] { run(); }) {}

BatchWorker::~BatchWorker() { stop(std::chrono::seconds(5)); }

bool BatchWorker::stop(milliseconds timeout) {
  const std::lock_guard one_caller(stop_mutex_);
  if (thread_.joinable()) {
    provider_.close();
    control_.request_stop(timeout);
    thread_.join();
  }
  return delivery_->lost_at_shutdown() == 0;
}

void BatchWorker::abandon() noexcept {
  if (spool_ != nullptr) spool_->abandon();
  if (delivery_ != nullptr) delivery_->abandon();
}

void BatchWorker::run() {
  make_delivery();
  while (!control_.is_stopping()) {
    wait_for_work();
    keep_clock();
    if (delivery_->replay_due() && *delivery_->replay_due() <= Clock::now()) delivery_->replay();
    if (is_pass_due()) {
      export_everything();
    } else {
      export_full_batches();
    }
  }
  export_everything();
  delivery_->close();
  queue_.finish();
  control_.finish();
}

void BatchWorker::make_delivery() {
  if (exporter_ == nullptr) {
    auto made = make_exporter_();
    exporter_ = made ? *std::move(made) : std::make_unique<NoExporter>(made.error().message);
  }
  if (spool_ == nullptr && options_.spool) {
    auto opened = Spool::open(*options_.spool);
    if (opened) {
      spool_ = *std::move(opened);
    } else {
      log(LogLevel::Warning, opened.error().message);
    }
  }
  delivery_ = std::make_unique<Delivery>(queue_, control_, options_, std::move(exporter_), std::move(spool_));
}

void BatchWorker::wait_for_work() {
  if (control_.has_flush_request()) return;
  Clock::time_point next = std::min(due_, clock_due_);
  if (delivery_->replay_due()) next = std::min(next, *delivery_->replay_due());
  const auto pause = std::chrono::ceil<milliseconds>(next - Clock::now());
  queue_.wait(std::max(pause, milliseconds(0)), options_.max_batch_spans);
}

void BatchWorker::keep_clock() {
  if (Clock::now() < clock_due_) return;
  recalibrate_clock();
  clock_due_ = Clock::now() + clock_interval;
}

bool BatchWorker::is_pass_due() const {
  return Clock::now() >= due_ || control_.has_flush_request() || queue_.is_half_full();
}

// A rest that does not fill a batch waits for more, or for the schedule.
void BatchWorker::export_full_batches() {
  while (queue_.unread() >= options_.max_batch_spans && !is_pass_due() && !control_.is_stopping()) export_batch();
}

void BatchWorker::export_everything() {
  const std::uint64_t flushes = control_.flushes_requested();
  const bool is_asked = control_.has_flush_request() || control_.is_stopping();
  const bool is_spool_first = delivery_->is_spool_first();
  queue_.mark();
  while (queue_.is_behind_mark()) export_batch();
  if (is_asked && is_spool_first) delivery_->replay();  // whoever asks wants it tried now
  control_.answer_flushes(flushes);
  due_ = Clock::now() + options_.schedule_delay;
}

void BatchWorker::export_batch() {
  RecordBatch batch = queue_.collect(options_.max_batch_spans, options_.max_batch_bytes);
  if (!batch) return std::this_thread::yield();  // a thread is just about to publish its span
  delivery_->deliver(batch);
  queue_.release(std::move(batch));
}

}  // namespace segue::detail
