// The guide on exporters: the same spans to two places, an exporter of one's own, and what became of the spans.
#include <iostream>

#include <segue/export/otlp_http_exporter.h>
#include <segue/segue.h>

// Counts spans instead of sending them.
class CountingExporter final : public segue::Exporter {
 public:
  segue::ExportResult export_spans(const segue::ExportBatch& batch) noexcept override {
    std::cout << batch.span_count() << " spans\n";
    return {};
  }
  std::string_view name() const noexcept override { return "counting"; }
};

void to_a_collector() {
  auto tracing = segue::setup_observability({
      .service_name = "bots",
      .resource_attributes = {{"service.version", "1.4.0"}},
      .enabled = true,
      .exporter_type = "otlp, console",
      .endpoint = "http://localhost:4318",
      .spool_folder = "/var/spool/bots-traces",
  });
  if (!tracing) std::cerr << tracing.error().message << "\n";
}

int main(int argc, char**) {
  if (argc > 1) to_a_collector();
  auto tracing = segue::setup_observability({.enabled = true, .exporter = std::make_unique<CountingExporter>()});
  if (!tracing) std::cerr << tracing.error().message << "\n";
  {
    const auto span = segue::workflow_span("lead_bot", "analyze_intent");
  }
  segue::flush_observability();
  const segue::TraceStats stats = segue::observability_stats();
  std::cout << stats.exported << " delivered, " << stats.dropped_total() << " dropped, "
            << stats.dropped_by(segue::DropReason::QueueFull) << " of them as the queue was full, " << stats.spooled
            << " on disk\n";
}
