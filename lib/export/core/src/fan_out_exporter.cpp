#include "segue/export/fan_out_exporter.h"

#include <algorithm>
#include <string>

namespace segue {
namespace {

std::string_view identity_of(const ExportBatch& batch) noexcept {
  return batch.regions.empty() ? std::string_view() : batch.regions.front().spans;
}

bool is_same(std::string_view a, std::string_view b) noexcept { return a.data() == b.data() && a.size() == b.size(); }

void append_message(std::string& all, const Exporter& exporter, const std::string& message) {
  if (message.empty()) return;
  if (!all.empty()) all += "; ";
  all.append(exporter.name()).append(": ").append(message);
}

}  // namespace

FanOutExporter::FanOutExporter(std::vector<std::unique_ptr<Exporter>> exporters) {
  for (auto& exporter : exporters) branches_.push_back({.exporter = std::move(exporter)});
}

ExportResult FanOutExporter::export_spans(const ExportBatch& batch) noexcept {
  if (!is_same(retried_, identity_of(batch))) {
    for (Branch& branch : branches_) branch.is_done = false;
  }
  ExportResult total = {.outcome = ExportOutcome::Rejected};
  bool is_retryable = false;
  for (Branch& branch : branches_) {
    if (!branch.is_done) branch.result = branch.exporter->export_spans(batch);
    const ExportResult& result = branch.result;
    branch.is_done = result.outcome != ExportOutcome::Retryable;
    is_retryable |= !branch.is_done;
    if (result.outcome == ExportOutcome::Delivered) total.outcome = ExportOutcome::Delivered;
    total.rejected_spans = std::max(
        total.rejected_spans, result.outcome == ExportOutcome::Rejected ? batch.span_count() : result.rejected_spans);
    if (result.retry_after) total.retry_after = std::max(total.retry_after, result.retry_after);
    append_message(total.message, *branch.exporter, result.message);
  }
  retried_ = is_retryable ? identity_of(batch) : std::string_view();
  if (is_retryable) total.outcome = ExportOutcome::Retryable;
  if (total.outcome != ExportOutcome::Delivered) total.rejected_spans = 0;
  return total;
}

}  // namespace segue
