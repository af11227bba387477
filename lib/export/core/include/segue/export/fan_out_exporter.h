// FanOutExporter: sends every batch to several destinations.
//
//   std::vector<std::unique_ptr<Exporter>> exporters = ...;
//   auto both = std::make_unique<FanOutExporter>(std::move(exporters));
//
// A batch is delivered when every destination has it or has refused it; when it is sent again, those that are done are not
// asked: which ones these are travels with the batch (ExportProgress), and the exporter itself remembers nothing. The slowest destination sets the pace of all: run a BatchProcessor each where that matters.
// Of a fan-out among the destinations all are asked again. Thread safety: that of Exporter. Errors: Rejected if no destination took the batch; spans that only some refused count
// as rejected, the highest number of them.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "segue/export/exporter.h"

namespace segue {

class FanOutExporter final : public Exporter {
 public:
  static constexpr std::size_t max_destinations = 64;

  /// From one to `max_destinations`.
  explicit FanOutExporter(std::vector<std::unique_ptr<Exporter>> exporters);

  ExportResult export_spans(const ExportBatch& batch) noexcept override;
  std::string_view name() const noexcept override { return "fan_out"; }

 private:
  std::vector<std::unique_ptr<Exporter>> exporters_;
};

}  // namespace segue
