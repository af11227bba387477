#include "segue/export/batch_processor.h"

#include <mutex>
#include <string>

#include "batch_worker.h"
#include "segue/base/log.h"
#include "segue/export/detail/keep_for_good.h"
#include "segue/trace/fork_listener.h"
#include "segue/trace/record_queue.h"

namespace segue {
namespace {

using std::chrono::milliseconds;

class ForkingProcessor final : public BatchProcessor, private ForkListener {
 public:
  ForkingProcessor(TracerProvider& provider, const BatchOptions& options, ExporterFactory make_exporter)
      : provider_(provider), options_(options), make_exporter_(std::move(make_exporter)) {
    provider_.queue().set_fork_listener(this);
  }
  ~ForkingProcessor() override {
    shutdown(std::chrono::seconds(5));
    provider_.queue().set_fork_listener(nullptr);
  }

  void start_worker(std::unique_ptr<Exporter> exporter, std::unique_ptr<Spool> spool) {
    const std::lock_guard lock(mutex_);
    worker_ = std::make_shared<detail::BatchWorker>(provider_, options_, std::move(exporter), std::move(spool),
                                                    make_exporter_);
  }

  // A child that has recorded nothing has nothing to flush.
  bool flush(milliseconds timeout) override {
    const auto worker = current_worker();
    return worker == nullptr || worker->flush(timeout);
  }

  bool shutdown(milliseconds timeout) override {
    provider_.close();
    const auto worker = current_worker();
    return worker == nullptr || worker->stop(timeout);
  }

 private:
  void before_fork() noexcept override { mutex_.lock(); }
  void after_fork_in_parent() noexcept override { mutex_.unlock(); }
  void after_fork_in_child() noexcept override {
    if (worker_ != nullptr) {
      worker_->abandon();
      detail::keep_for_good(std::move(worker_));
    }
    worker_ = nullptr;
    mutex_.unlock();
  }

  void first_use_in_child() noexcept override {
    try {
      start_worker(nullptr, nullptr);
    } catch (const std::exception& failure) {  // the queue fills up, and what is over it is counted
      log(LogLevel::Error, std::string("cannot start the export thread of a forked child: ") + failure.what());
    }
  }

  std::shared_ptr<detail::BatchWorker> current_worker() {
    const std::lock_guard lock(mutex_);
    return worker_;
  }

  TracerProvider& provider_;
  const BatchOptions options_;
  const ExporterFactory make_exporter_;
  std::mutex mutex_;
  std::shared_ptr<detail::BatchWorker> worker_;  // null in a child that has not recorded yet
};

Result<void> check(const BatchOptions& options) {
  if (options.schedule_delay < milliseconds(1) || options.schedule_delay > std::chrono::hours(1)) {
    return Error{Errc::InvalidArgument, "schedule_delay is not within 1 ms and 1 h"};
  }
  if (options.max_batch_spans == 0) return Error{Errc::InvalidArgument, "max_batch_spans is 0"};
  if (options.max_batch_bytes < std::size_t{64} << 10) {
    return Error{Errc::InvalidArgument, "max_batch_bytes is below 65536"};
  }
  if (options.export_timeout < milliseconds(0)) return Error{Errc::InvalidArgument, "export_timeout is negative"};
  return {};
}

/// Null where the folder cannot be used at present.
Result<std::unique_ptr<Spool>> open_spool(const BatchOptions& options) {
  if (!options.spool) return std::unique_ptr<Spool>();
  auto opened = Spool::open(*options.spool);
  if (opened || opened.error().code == Errc::InvalidArgument) return opened;
  log(LogLevel::Warning, opened.error().message);
  return std::unique_ptr<Spool>();
}

Result<std::unique_ptr<BatchProcessor>> start_with(TracerProvider& provider, std::unique_ptr<Exporter> exporter,
                                                   ExporterFactory make_exporter, const BatchOptions& options) {
  if (exporter == nullptr) return Error{Errc::InvalidArgument, "no exporter given"};
  if (auto checked = check(options); !checked) return checked.error();
  auto spool = open_spool(options);
  if (!spool) return spool.error();
  try {
    auto processor = std::make_unique<ForkingProcessor>(provider, options, std::move(make_exporter));
    processor->start_worker(std::move(exporter), *std::move(spool));
    return std::unique_ptr<BatchProcessor>(std::move(processor));
  } catch (const std::exception& failure) {
    return Error{Errc::Unavailable, std::string("cannot start the export thread: ") + failure.what()};
  }
}

}  // namespace

Result<std::unique_ptr<BatchProcessor>> BatchProcessor::start(TracerProvider& provider, ExporterFactory make_exporter,
                                                              const BatchOptions& options) {
  if (!make_exporter) return Error{Errc::InvalidArgument, "no exporter given"};
  auto exporter = make_exporter();
  if (!exporter) return exporter.error();
  return start_with(provider, *std::move(exporter), std::move(make_exporter), options);
}

Result<std::unique_ptr<BatchProcessor>> BatchProcessor::start(TracerProvider& provider,
                                                              std::unique_ptr<Exporter> exporter,
                                                              const BatchOptions& options) {
  const auto none = []() -> Result<std::unique_ptr<Exporter>> {
    return Error{Errc::FailedPrecondition, "the exporter belongs to the parent of this process"};
  };
  return start_with(provider, std::move(exporter), none, options);
}

}  // namespace segue
