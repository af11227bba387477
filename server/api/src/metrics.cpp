#include "metrics.h"

#include <array>
#include <cstdio>
#include <initializer_list>
#include <string_view>

namespace segue::server {
namespace {

struct Sample {
  std::string labels;  ///< As written: `reason="too_large"`. Empty: none.
  std::uint64_t value = 0;
};

/// Writes families of samples; a family is complete when written, as the format demands.
class MetricsText {
 public:
  void counter(std::string_view name, std::string_view help, const std::vector<Sample>& samples) {
    family(name, "counter", help, samples);
  }
  void counter(std::string_view name, std::string_view help, std::uint64_t value) {
    counter(name, help, {{"", value}});
  }
  void gauge(std::string_view name, std::string_view help, const std::vector<Sample>& samples) {
    family(name, "gauge", help, samples);
  }

  /// Seconds with the precision a clock has, where `Sample` holds whole numbers only.
  void gauge_seconds(std::string_view name, std::string_view help, std::uint64_t nanos) {
    head(name, "gauge", help);
    std::array<char, 48> number{};
    const int length = std::snprintf(number.data(), number.size(), "%.3f", static_cast<double>(nanos) / 1e9);
    text_.append(name).append(" ").append(number.data(), static_cast<std::size_t>(length)).append("\n");
  }

  std::string take() && { return std::move(text_); }

 private:
  void head(std::string_view name, std::string_view type, std::string_view help) {
    text_.append("# HELP ").append(name).append(" ").append(help).append("\n");
    text_.append("# TYPE ").append(name).append(" ").append(type).append("\n");
  }

  void family(std::string_view name, std::string_view type, std::string_view help, const std::vector<Sample>& samples) {
    head(name, type, help);
    for (const Sample& sample : samples) {
      text_ += name;
      if (!sample.labels.empty()) text_.append("{").append(sample.labels).append("}");
      text_.append(" ").append(std::to_string(sample.value)).append("\n");
    }
  }

  std::string text_;
};

std::string label(std::string_view name, std::string_view value) {
  return std::string(name) + "=\"" + std::string(value) + '"';
}

std::vector<Sample> by_reason(const RejectCounts& counts) {
  std::vector<Sample> samples;
  for (const RejectReason reason : reject_reasons) {
    samples.push_back({label("reason", to_string(reason)), counts[index_of(reason)]});
  }
  return samples;
}

void write_ingest(MetricsText& page, const IngestStats& stats) {
  page.counter("segue_ingest_requests_total", "Export requests, accepted or not.", stats.requests);
  page.counter("segue_ingest_received_bytes_total", "Bodies of export requests, as sent.", stats.received_bytes);
  page.counter("segue_ingest_received_spans_total", "Spans found in readable requests.", stats.received_spans);
  page.counter("segue_ingest_stored_spans_total", "Spans received and made durable.", stats.stored_spans);
  page.counter("segue_ingest_duplicate_spans_total", "Spans received that were stored before.", stats.duplicate_spans);
  page.counter("segue_ingest_rejected_spans_total", "Spans refused one by one.", by_reason(stats.rejected_spans));
  page.counter("segue_ingest_rejected_requests_total", "Export requests refused whole, with spans nobody counted.",
               by_reason(stats.rejected_requests));
}

void write_store(MetricsText& page, const StoreStats& stats) {
  page.counter("segue_store_stored_spans_total", "Spans made durable.", stats.stored_spans);
  page.counter("segue_store_duplicate_spans_total", "Spans that were stored before.", stats.duplicate_spans);
  page.counter("segue_store_commits_total", "Groups of appends written with one flush.", stats.commits);
  page.counter("segue_store_failed_appends_total", "Appends the disk refused.", stats.failed_appends);
  page.counter("segue_store_refused_appends_total", "Appends larger than the queue had room for.",
               stats.refused_appends);
  page.counter("segue_store_corrupt_chunks_total", "Damaged pieces met while reading.", stats.corrupt_chunks);
  page.counter("segue_store_dictionary_overflows_total", "Names stored in full because a dictionary was full.",
               stats.dictionary_overflows);
  page.gauge("segue_store_queued_bytes", "Spans waiting for the disk.", {{"", stats.queued_bytes}});
  page.gauge("segue_store_disk_bytes", "Size of the data folder; 0 if unknown.", {{"", stats.disk_bytes}});
}

struct Port {
  std::string_view name;
  HttpServerStats stats;
};

void write_http(MetricsText& page, const std::vector<Port>& ports) {
  if (ports.empty()) return;
  struct Family {
    std::string_view name, help;
    std::uint64_t HttpServerStats::* value;
  };
  constexpr std::array counters = {
      Family{"segue_http_connections_total", "Connections accepted.", &HttpServerStats::connections},
      Family{"segue_http_refused_connections_total", "Connections over the limit.",
             &HttpServerStats::refused_connections},
      Family{"segue_http_requests_total", "Requests handled.", &HttpServerStats::requests},
      Family{"segue_http_malformed_requests_total", "Requests that are not HTTP.",
             &HttpServerStats::malformed_requests},
      Family{"segue_http_too_large_requests_total", "Requests over a size limit.",
             &HttpServerStats::too_large_requests},
      Family{"segue_http_timed_out_requests_total", "Requests that came too slowly.",
             &HttpServerStats::timed_out_requests},
      Family{"segue_http_overload_refusals_total", "Requests refused because all workers were busy.",
             &HttpServerStats::overload_refusals},
      Family{"segue_http_handler_failures_total", "Requests that met a defect.", &HttpServerStats::handler_failures},
  };
  const auto samples_of = [&](std::uint64_t HttpServerStats::* value) {
    std::vector<Sample> samples;
    for (const Port& port : ports) samples.push_back({label("port", port.name), port.stats.*value});
    return samples;
  };
  for (const Family& family : counters) page.counter(family.name, family.help, samples_of(family.value));
  page.gauge("segue_http_open_connections", "Connections open now.", samples_of(&HttpServerStats::open_connections));
}

}  // namespace

std::string render_metrics(const Store& store, const MetricSources& sources, std::uint64_t started_unix_nanos) {
  MetricsText page;
  page.gauge("segue_build_info", "Always 1; the version is a label.", {{label("version", SEGUE_VERSION), 1}});
  page.gauge_seconds("process_start_time_seconds", "Start of the program, in seconds since 1970.", started_unix_nanos);
  if (sources.ingest) write_ingest(page, sources.ingest());
  write_store(page, store.stats());
  std::vector<Port> ports;
  if (sources.otlp_http) ports.push_back({"otlp", sources.otlp_http()});
  if (sources.api_http) ports.push_back({"api", sources.api_http()});
  write_http(page, ports);
  return std::move(page).take();
}

}  // namespace segue::server
