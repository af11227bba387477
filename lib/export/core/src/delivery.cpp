#include "delivery.h"

#include <algorithm>

#include "segue/base/log.h"
#include "segue/base/random.h"

namespace segue::detail {
namespace {

using Clock = WorkerControl::Clock;
using std::chrono::milliseconds;

// A spool is never given up on.
constexpr milliseconds no_end = std::chrono::hours(24 * 365);

double random_fraction() { return static_cast<double>(random_bits() >> 11) * 0x1p-53; }

}  // namespace

Delivery::Delivery(RecordQueue& queue, WorkerControl& control, const BatchOptions& options,
                   std::unique_ptr<Exporter> exporter, std::unique_ptr<Spool> spool)
    : queue_(queue), control_(control), options_(options), exporter_(std::move(exporter)), spool_(std::move(spool)) {
  if (is_spool_first()) replay_due_ = Clock::now();
}

void Delivery::deliver(const RecordBatch& records) {
  regions_.clear();
  for (const RecordRegion& region : records.regions) {
    regions_.push_back({region.scope, region.schema_url, region.spans, region.span_count});
  }
  ExportBatch batch = {.resource = queue_.resource(), .regions = regions_};
  if (is_spool_first()) return put_into_spool(batch, records.span_count, "");
  const std::optional<std::string> failure = send(batch, records.span_count);
  if (!failure) return;
  if (has_spool()) return put_into_spool(batch, records.span_count, *failure);
  drop(DropReason::ExportFailed, records.span_count, *failure);
}

// Why the batch could not be delivered but may be later, which also is in its progress; nothing: it is delivered or refused,
// and counted.
std::optional<std::string> Delivery::send(ExportBatch& batch, std::uint64_t spans) {
  RetrySchedule schedule(options_.retry, Clock::now(), options_.export_timeout);
  const auto give_way = has_spool() ? WorkerControl::GiveWay::WhenQueueHalfFull : WorkerControl::GiveWay::Never;
  while (!control_.is_past_deadline()) {
    const ExportResult result = exporter_->export_spans(batch);
    if (result.outcome == ExportOutcome::Delivered) {
      count_delivered(spans, result);
      return std::nullopt;
    }
    if (result.outcome == ExportOutcome::Rejected) {
      drop(DropReason::ExportFailed, spans, result.message);
      return std::nullopt;
    }
    batch.progress = result.progress;
    const auto delay = schedule.next_delay(Clock::now(), random_fraction(), result.retry_after);
    if (!delay || control_.pause(*delay, give_way) != WorkerControl::PauseEnd::Over) {
      schedule_replay(result);
      return result.message;
    }
  }
  return "shut down before it could be sent";
}

void Delivery::count_delivered(std::uint64_t spans, const ExportResult& result) {
  const std::uint64_t refused = std::min(result.rejected_spans, spans);
  queue_.count_exported(spans - refused);
  if (refused > 0) drop(DropReason::PartialReject, refused, result.message);
}

void Delivery::drop(DropReason reason, std::uint64_t spans, const std::string& why) {
  queue_.count_dropped(reason, spans);
  if (control_.is_stopping() && reason != DropReason::PartialReject) lost_at_shutdown_ += spans;
  log(LogLevel::Warning,
      prefix(spans) + "dropped, " + std::string(to_string(reason)) + (why.empty() ? "" : ": " + why));
}

void Delivery::put_into_spool(const ExportBatch& batch, std::uint64_t spans, const std::string& why) {
  if (auto kept = append_to_spool(batch); !kept) {
    const bool is_too_large = kept.error().code == Errc::LimitExceeded;
    drop(is_too_large ? DropReason::SpoolFull : DropReason::SpoolFailed, spans, kept.error().message);
  } else {
    queue_.count_spooled(spans);
    if (!why.empty()) log(LogLevel::Warning, prefix(spans) + "kept in the spool: " + why);
  }
  if (!replay_due_ && is_spool_first()) replay_due_ = Clock::now() + options_.retry.initial_delay;
  report_losses();
}

Result<void> Delivery::append_to_spool(const ExportBatch& batch) {
  if (spool_ == nullptr) {
    auto opened = Spool::open(*options_.spool);
    if (!opened) return opened.error();
    spool_ = *std::move(opened);
  }
  return spool_->append(batch);
}

void Delivery::replay() {
  if (spool_ == nullptr) return;
  replay_due_.reset();
  const std::uint64_t flushes = control_.flushes_requested();
  while (const SpooledBatch* oldest = control_.is_past_deadline() ? nullptr : spool_->front()) {
    const ExportResult result = exporter_->export_spans(oldest->batch);
    if (result.outcome == ExportOutcome::Retryable) {
      spool_->set_progress(result.progress);
      schedule_replay(result);
      break;
    }
    settle(*oldest, result);
    spool_->pop();
    replay_schedule_.reset();
    // The rest can wait for a moment, those cannot.
    if (control_.flushes_requested() != flushes || queue_.is_half_full()) {
      replay_due_ = Clock::now();
      break;
    }
  }
  report_losses();
}

void Delivery::settle(const SpooledBatch& batch, const ExportResult& result) {
  if (batch.is_recovered) {
    const bool is_refused = result.outcome == ExportOutcome::Rejected;
    const std::uint64_t lost = is_refused ? batch.span_count : std::min(result.rejected_spans, batch.span_count);
    queue_.count_recovered(batch.span_count - lost, lost);
    return;
  }
  queue_.count_unspooled(batch.span_count);
  if (result.outcome == ExportOutcome::Delivered) return count_delivered(batch.span_count, result);
  drop(DropReason::ExportFailed, batch.span_count, result.message);
}

void Delivery::report_losses() {
  if (spool_ == nullptr) return;
  for (const SpoolLoss& loss : spool_->take_losses()) {
    if (loss.is_recovered) {
      queue_.count_recovered(0, loss.spans);
      log(LogLevel::Warning, prefix(loss.spans) + "of an earlier process lost, " + std::string(to_string(loss.reason)));
    } else {
      queue_.count_unspooled(loss.spans);
      drop(loss.reason, loss.spans, "");
    }
  }
}

void Delivery::schedule_replay(const ExportResult& failure) {
  const TimePoint now = Clock::now();
  if (!replay_schedule_) replay_schedule_.emplace(options_.retry, now, no_end);
  const auto delay = replay_schedule_->next_delay(now, random_fraction(), failure.retry_after);
  replay_due_ = now + delay.value_or(options_.retry.max_delay);
}

std::string Delivery::prefix(std::uint64_t spans) const {
  return std::string(exporter_->name()) + ": " + std::to_string(spans) + " spans ";
}

void Delivery::abandon() noexcept {
  if (spool_ != nullptr) spool_->abandon();
}

}  // namespace segue::detail
