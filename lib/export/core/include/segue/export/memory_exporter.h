// MemoryExporter: keeps every span it is given, for tests.
//
//   auto memory = std::make_unique<MemoryExporter>();
//   const MemoryExporter& exported = *memory;        // the back end takes ownership
//   ...
//   EXPECT_EQ(exported.finished_spans().spans[0].name, "lead_bot.analyze_intent");
//
// Thread safety: all members, from any thread. Errors: none; there is no limit, so clear it in long runs.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "segue/export/exporter.h"
#include "segue/model/span_view.h"

namespace segue {

class MemoryExporter final : public Exporter {
 public:
  ExportResult export_spans(const ExportBatch& batch) noexcept override;
  std::string_view name() const noexcept override { return "memory"; }

  /// All spans so far in the order they came, independent of the exporter's further life.
  SpanList finished_spans() const;

  /// Forgets all spans.
  void clear() noexcept;

 private:
  mutable std::mutex mutex_;
  std::vector<std::shared_ptr<const std::string>> requests_;  // as OTLP; decoded when asked for
};

}  // namespace segue
