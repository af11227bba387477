#include "segue/metrics/periodic_reader.h"

#include <mutex>
#include <string>
#include <utility>

#include "fork_registry.h"
#include "reader_thread.h"
#include "segue/base/log.h"
#include "segue/export/detail/keep_for_good.h"

namespace segue {
namespace {

using std::chrono::milliseconds;

class ForkingReader final : public PeriodicReader, private ForkListener {
 public:
  ForkingReader(MeterProvider& meters, MetricExporterFactory make_exporter, const PeriodicReaderOptions& options)
      : meters_(meters), make_exporter_(std::move(make_exporter)), options_(options) {
    detail::add_fork_listener(this);
  }
  ~ForkingReader() override {
    (void)shutdown(std::chrono::seconds(5));
    detail::remove_fork_listener(this);
  }

  void start_thread(std::unique_ptr<MetricExporter> exporter) {
    const std::lock_guard lock(mutex_);
    if (is_shut_down_) return;
    thread_ = std::make_shared<detail::ReaderThread>(meters_, std::move(exporter), make_exporter_, options_);
  }

  // A child that has counted nothing has nothing to send.
  bool flush(milliseconds timeout) override {
    const auto thread = current_thread();
    return thread == nullptr || thread->flush(timeout);
  }

  bool shutdown(milliseconds timeout) override {
    const auto thread = last_thread();
    return thread == nullptr || thread->stop(timeout);
  }

  std::uint64_t dropped() const noexcept override {
    const auto thread = current_thread();
    return thread == nullptr ? 0 : thread->dropped();
  }

 private:
  void before_fork() noexcept override { mutex_.lock(); }
  void after_fork_in_parent() noexcept override { mutex_.unlock(); }
  void after_fork_in_child() noexcept override {
    if (thread_ != nullptr) detail::keep_for_good(std::move(thread_));
    thread_ = nullptr;
    mutex_.unlock();
  }

  void first_use_in_child() noexcept override {
    try {
      start_thread(nullptr);
    } catch (const std::exception& failure) {
      log(LogLevel::Error, std::string("cannot start the metrics thread of a forked child: ") + failure.what());
    }
  }

  std::shared_ptr<detail::ReaderThread> current_thread() const {
    const std::lock_guard lock(mutex_);
    return thread_;
  }

  // The same, and there will be no other.
  std::shared_ptr<detail::ReaderThread> last_thread() {
    const std::lock_guard lock(mutex_);
    is_shut_down_ = true;
    return thread_;
  }

  MeterProvider& meters_;
  const MetricExporterFactory make_exporter_;
  const PeriodicReaderOptions options_;
  mutable std::mutex mutex_;
  std::shared_ptr<detail::ReaderThread> thread_;  // null in a child that has not counted yet
  bool is_shut_down_ = false;
};

Result<void> check(const PeriodicReaderOptions& options) {
  if (options.interval < milliseconds(1) || options.interval > std::chrono::hours(1)) {
    return Error{Errc::InvalidArgument, "interval is not within 1 ms and 1 h"};
  }
  if (options.max_unsent == 0) return Error{Errc::InvalidArgument, "max_unsent is 0"};
  return {};
}

Result<std::unique_ptr<PeriodicReader>> start_with(MeterProvider& meters, std::unique_ptr<MetricExporter> exporter,
                                                   MetricExporterFactory make_exporter,
                                                   const PeriodicReaderOptions& options) {
  if (exporter == nullptr) return Error{Errc::InvalidArgument, "no exporter given"};
  if (auto checked = check(options); !checked) return checked.error();
  try {
    auto reader = std::make_unique<ForkingReader>(meters, std::move(make_exporter), options);
    reader->start_thread(std::move(exporter));
    return std::unique_ptr<PeriodicReader>(std::move(reader));
  } catch (const std::exception& failure) {
    return Error{Errc::Unavailable, std::string("cannot start the metrics thread: ") + failure.what()};
  }
}

}  // namespace

Result<std::unique_ptr<PeriodicReader>> PeriodicReader::start(MeterProvider& meters,
                                                              MetricExporterFactory make_exporter,
                                                              const PeriodicReaderOptions& options) {
  if (!make_exporter) return Error{Errc::InvalidArgument, "no exporter given"};
  auto exporter = make_exporter();
  if (!exporter) return exporter.error();
  return start_with(meters, *std::move(exporter), std::move(make_exporter), options);
}

Result<std::unique_ptr<PeriodicReader>> PeriodicReader::start(MeterProvider& meters,
                                                              std::unique_ptr<MetricExporter> exporter,
                                                              const PeriodicReaderOptions& options) {
  const auto refuse = []() -> Result<std::unique_ptr<MetricExporter>> {
    return Error{Errc::FailedPrecondition, "the exporter is the parent process's"};
  };
  return start_with(meters, std::move(exporter), refuse, options);
}

}  // namespace segue
