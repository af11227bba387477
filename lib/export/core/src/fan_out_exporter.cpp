#include "segue/export/fan_out_exporter.h"

#include <algorithm>
#include <cassert>
#include <string>
#include <utility>

namespace segue {
namespace {

void append_message(std::string& all, const Exporter& exporter, const std::string& message) {
  if (message.empty()) return;
  if (!all.empty()) all += "; ";
  all.append(exporter.name()).append(": ").append(message);
}

// Adds what one destination answered; false if it is to be asked again.
bool add_answer(ExportProgress& progress, std::uint64_t destination, const ExportResult& answer, std::uint64_t spans) {
  switch (answer.outcome) {
    case ExportOutcome::Retryable: return false;
    case ExportOutcome::Delivered:
      progress.delivered |= destination;
      progress.rejected_spans = std::max(progress.rejected_spans, answer.rejected_spans);
      break;
    case ExportOutcome::Rejected:
      progress.refused |= destination;
      progress.rejected_spans = spans;
      break;
  }
  return true;
}

}  // namespace

FanOutExporter::FanOutExporter(std::vector<std::unique_ptr<Exporter>> exporters) : exporters_(std::move(exporters)) {
  assert(!exporters_.empty() && exporters_.size() <= max_destinations);
}

ExportResult FanOutExporter::export_spans(const ExportBatch& batch) noexcept {
  const ExportBatch for_each = {.resource = batch.resource, .regions = batch.regions};
  ExportResult total = {.progress = batch.progress};
  bool is_retryable = false;
  for (std::size_t i = 0; i < exporters_.size(); ++i) {
    const std::uint64_t destination = std::uint64_t{1} << i;
    if (((total.progress.delivered | total.progress.refused) & destination) != 0) continue;
    const ExportResult answer = exporters_[i]->export_spans(for_each);
    is_retryable |= !add_answer(total.progress, destination, answer, batch.span_count());
    if (answer.retry_after) total.retry_after = std::max(total.retry_after, answer.retry_after);
    append_message(total.message, *exporters_[i], answer.message);
  }
  if (is_retryable) {
    total.outcome = ExportOutcome::Retryable;
  } else if (total.progress.delivered == 0) {
    total.outcome = ExportOutcome::Rejected;
  } else {
    total.rejected_spans = total.progress.rejected_spans;
  }
  return total;
}

}  // namespace segue
