// ConsoleExporter: prints spans for people, as soon as they are exported.
//
//   2026-03-01T09:30:00.000125Z lead_bot.analyze_intent 101.300 ms internal error: no budget given
//     trace 4bf92f3577b34da6a3ce929d0e0e4736 span 00f0...02b7 parent 53995c3f42cd... service bots scope acme.bots 1.4.0
//     workflow.contact_id = "c-1"
//     event intent_analyzed +12.500 ms {"score":0.93}
//
// For development: it decodes every span and flushes after every batch.
// Thread safety: that of Exporter; the stream must not be used by others meanwhile, or lines mix.
// Errors: Rejected for a batch that cannot be decoded or a stream that refuses.
#pragma once

#include <iosfwd>

#include "segue/export/exporter.h"

namespace segue {

class ConsoleExporter final : public Exporter {
 public:
  /// Prints to standard output.
  ConsoleExporter() noexcept;
  /// Prints to `out`, which must outlive the exporter.
  explicit ConsoleExporter(std::ostream& out) noexcept : out_(out) {}

  ExportResult export_spans(const ExportBatch& batch) noexcept override;
  std::string_view name() const noexcept override { return "console"; }

 private:
  std::ostream& out_;
};

}  // namespace segue
