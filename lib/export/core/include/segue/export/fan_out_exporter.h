// FanOutExporter: sends every batch to several destinations.
//
//   std::vector<std::unique_ptr<Exporter>> exporters = ...;
//   auto both = std::make_unique<FanOutExporter>(std::move(exporters));
//
// A batch is delivered when every destination has it or has refused it; while it is retried, those that are done are not
// asked again. The slowest destination sets the pace of all: run a BatchProcessor each where that matters.
// Thread safety: that of Exporter. Errors: Rejected if no destination took the batch; spans that only some refused count
// as rejected, the highest number of them.
#pragma once

#include <memory>
#include <vector>

#include "segue/export/exporter.h"

namespace segue {

class FanOutExporter final : public Exporter {
 public:
  /// At least one.
  explicit FanOutExporter(std::vector<std::unique_ptr<Exporter>> exporters);

  ExportResult export_spans(const ExportBatch& batch) noexcept override;
  std::string_view name() const noexcept override { return "fan_out"; }

 private:
  struct Branch {
    std::unique_ptr<Exporter> exporter;
    bool is_done = false;  ///< With the batch that is being retried.
    ExportResult result = {};
  };

  std::vector<Branch> branches_;
  std::string_view retried_ = {};  ///< The batch that ended Retryable, by its first spans; only compared, never read.
};

}  // namespace segue
