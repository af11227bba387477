#include "config_exporters.h"

#include <algorithm>
#include <limits>

namespace segue::detail {
namespace {

// What one processor wants of the back end, which all of them share.
struct BatchSettings {
  std::chrono::milliseconds schedule_delay{5000};
  std::chrono::milliseconds export_timeout{30'000};
  std::uint64_t max_queue_spans = 0;
  std::uint64_t max_batch_spans = 512;

  bool operator==(const BatchSettings&) const = default;
};

std::string absolute_path(Section& section, std::string_view key, Findings& findings) {
  auto path = section.text(key);
  if (path && !path->starts_with('/')) findings.fail(section.value(key), "must be an absolute path");
  return path.value_or("");
}

// The release candidates had other names for the same files, beside `tls` in place of in it.
std::string tls_file(Section& tls, std::string_view key, Section& exporter, std::string_view old_key,
                     Findings& findings) {
  std::string path = absolute_path(tls, key, findings);
  std::string old_path = absolute_path(exporter, old_key, findings);
  return path.empty() ? old_path : path;
}

// For HTTP, too, where `insecure` has no meaning, and is left out.
void read_tls(Section& exporter, OtlpDestination& otlp, Findings& findings) {
  Section tls(exporter.value("tls"), findings);
  otlp.ca_file = tls_file(tls, "ca_file", exporter, "certificate_file", findings);
  otlp.client_certificate_file = tls_file(tls, "cert_file", exporter, "client_certificate_file", findings);
  otlp.client_key_file = tls_file(tls, "key_file", exporter, "client_key_file", findings);
  if (otlp.transport != OtlpTransport::Grpc) return;
  otlp.is_insecure = exporter.flag("insecure").value_or(false);
  otlp.is_insecure = tls.flag("insecure").value_or(otlp.is_insecure);
}

// Values are not repeated in errors: headers carry keys.
TextPairs read_headers(Section& exporter, Findings& findings) {
  TextPairs headers;
  if (const auto list = exporter.text("headers_list")) {
    auto pairs = parse_pairs(*list);
    if (!pairs) findings.fail(exporter.value("headers_list"), "must be a list of name=value pairs with commas");
    headers = pairs.value_or(TextPairs());
  }
  for (const ConfigValue& each : exporter.list("headers")) {
    Section header(each, findings);
    const auto name = text_of(header.required("name"), findings);
    auto value = header.text("value");
    if (name && value) set_pair(headers, *name, *std::move(value));
  }
  return headers;
}

bool read_compression(Section& exporter, Findings& findings) {
  const std::string name = exporter.text("compression").value_or("none");
  if (name != "gzip" && name != "none") {
    findings.fail(exporter.value("compression"), "must be gzip or none, not '" + name + "'");
  }
  return name == "gzip";
}

OtlpTransport read_encoding(Section& exporter, Findings& findings) {
  const std::string name = exporter.text("encoding").value_or("protobuf");
  if (name != "protobuf" && name != "json") {
    findings.fail(exporter.value("encoding"), "must be protobuf or json, not '" + name + "'");
  }
  return name == "json" ? OtlpTransport::HttpJson : OtlpTransport::HttpProtobuf;
}

// All but the encoding, which only HTTP has.
OtlpDestination read_otlp(Section& exporter, OtlpTransport transport, std::string_view endpoint, Findings& findings) {
  OtlpDestination otlp;
  otlp.transport = transport;
  otlp.endpoint = exporter.text("endpoint").value_or(std::string(endpoint));
  otlp.headers = read_headers(exporter, findings);
  otlp.is_compressed = read_compression(exporter, findings);
  otlp.timeout = exporter.timeout("timeout", otlp.timeout);
  read_tls(exporter, otlp, findings);
  return otlp;
}

Destination read_otlp_http(const ConfigValue& value, Findings& findings) {
  Section exporter(value, findings);
  const OtlpTransport transport = read_encoding(exporter, findings);
  return {.kinds = {ExporterKind::Otlp},
          .otlp = read_otlp(exporter, transport, "http://localhost:4318/v1/traces", findings)};
}

Destination read_otlp_grpc(const ConfigValue& value, Findings& findings) {
  Section exporter(value, findings);
  return {.kinds = {ExporterKind::Otlp},
          .otlp = read_otlp(exporter, OtlpTransport::Grpc, "http://localhost:4317", findings)};
}

Destination read_otlp_file(const ConfigValue& value, Findings& findings) {
  Section exporter(value, findings);
  const std::string stream = exporter.text("output_stream").value_or("stdout");
  constexpr std::string_view scheme = "file://";
  if (stream == "stdout") return {.kinds = {ExporterKind::OtlpStdout}};
  if (!stream.starts_with(scheme) || stream.size() == scheme.size()) {
    findings.fail(exporter.value("output_stream"), "must be stdout or file:///path, not '" + stream + "'");
    return {};
  }
  return {.kinds = {ExporterKind::File}, .file = stream.substr(scheme.size())};
}

Destination read_zipkin(const ConfigValue& value, Findings& findings) {
  Section exporter(value, findings);
  Destination destination;
  destination.kinds = {ExporterKind::Zipkin};
  destination.zipkin_endpoint = exporter.text("endpoint").value_or("http://localhost:9411/api/v2/spans");
  destination.zipkin_timeout = exporter.timeout("timeout", destination.zipkin_timeout);
  return destination;
}

Destination read_console(const ConfigValue& value, Findings& findings) {
  const Section exporter(value, findings);
  return {.kinds = {ExporterKind::Console}};
}

Destination read_exporter(const ConfigValue& value, Findings& findings) {
  const ConfigValue exporter = only_member(value, findings);
  if (exporter.node == nullptr) return {};
  const std::string& name = exporter.node->key;
  if (name == "otlp_http") return read_otlp_http(exporter, findings);
  if (name == "otlp_grpc") return read_otlp_grpc(exporter, findings);
  if (name == "otlp_file/development") return read_otlp_file(exporter, findings);
  if (name == "zipkin") return read_zipkin(exporter, findings);
  if (name == "console") return read_console(exporter, findings);
  findings.fail(exporter,
                "is no exporter that Segue has: otlp_http, otlp_grpc, otlp_file/development, zipkin, console");
  return {};
}

BatchSettings read_batch_settings(Section& batch) {
  constexpr std::uint64_t max_count = std::numeric_limits<std::uint32_t>::max();
  BatchSettings settings;
  // 0 means at once, and a millisecond is what comes closest.
  settings.schedule_delay =
      std::max(batch.milliseconds("schedule_delay", settings.schedule_delay), std::chrono::milliseconds(1));
  settings.export_timeout = batch.timeout("export_timeout", settings.export_timeout);
  settings.max_queue_spans = batch.number("max_queue_size", settings.max_queue_spans, 1, max_count);
  settings.max_batch_spans = batch.number("max_export_batch_size", settings.max_batch_spans, 1, max_count);
  return settings;
}

// Reads a processor's destination; the settings of a batch one, too.
std::optional<BatchSettings> read_processor(const ConfigValue& value, FileConfiguration& configuration,
                                            Findings& findings) {
  const ConfigValue kind = only_member(value, findings);
  if (kind.node == nullptr) return std::nullopt;
  const bool is_batch = kind.node->key == "batch";
  if (!is_batch && kind.node->key != "simple") {
    findings.fail(kind, "is no processor that Segue has: batch, simple");
    return std::nullopt;
  }
  Section processor(kind, findings);
  configuration.destinations.push_back(read_exporter(processor.required("exporter"), findings));
  if (!is_batch) return std::nullopt;
  return read_batch_settings(processor);
}

void apply(const BatchSettings& settings, FileConfiguration& configuration) {
  configuration.batch.schedule_delay = settings.schedule_delay;
  configuration.batch.export_timeout = settings.export_timeout;
  configuration.batch.max_batch_spans = static_cast<std::uint32_t>(settings.max_batch_spans);
  configuration.max_queue_spans = settings.max_queue_spans;
}

Temporality read_temporality(Section& exporter, Findings& findings) {
  const std::string name = exporter.text("temporality_preference").value_or("cumulative");
  if (name == "delta" || name == "low_memory") return Temporality::Delta;
  if (name != "cumulative") {
    findings.fail(exporter.value("temporality_preference"),
                  "must be cumulative, delta or low_memory, not '" + name + "'");
  }
  return Temporality::Cumulative;
}

MetricsPlan read_periodic_reader(Section& reader, const ConfigValue& value, Findings& findings) {
  MetricsPlan plan;
  plan.interval = std::max(reader.milliseconds("interval", plan.interval), std::chrono::milliseconds(1));
  Section exporter(value, findings);
  const bool is_grpc = value.node->key == "otlp_grpc";
  const OtlpTransport transport = is_grpc ? OtlpTransport::Grpc : read_encoding(exporter, findings);
  if (transport == OtlpTransport::HttpJson) {
    findings.fail(exporter.value("encoding"), "must be protobuf: Segue sends no metrics as JSON");
  }
  const std::string_view endpoint = is_grpc ? "http://localhost:4317" : "http://localhost:4318/v1/metrics";
  plan.otlp = read_otlp(exporter, transport, endpoint, findings);
  plan.temporality = read_temporality(exporter, findings);
  return plan;
}

// Nothing, and left out, unless it is a periodic one with OTLP over HTTP or gRPC.
std::optional<MetricsPlan> read_reader(const ConfigValue& value, Findings& findings) {
  const ConfigValue kind = only_member(value, findings);
  if (kind.node == nullptr) return std::nullopt;
  if (kind.node->key != "periodic") {
    findings.leave_out(kind);
    return std::nullopt;
  }
  Section reader(kind, findings);
  const ConfigValue exporter = only_member(reader.required("exporter"), findings);
  if (exporter.node == nullptr) return std::nullopt;
  const std::string& name = exporter.node->key;
  if (name == "otlp_http" || name == "otlp_grpc") return read_periodic_reader(reader, exporter, findings);
  findings.leave_out(exporter);
  return std::nullopt;
}

}  // namespace

void read_processors(const ConfigValue& processors, FileConfiguration& configuration, Findings& findings) {
  std::optional<BatchSettings> first;
  bool do_differ = false;
  for (const ConfigValue& each : elements(processors, findings)) {
    const auto settings = read_processor(each, configuration, findings);
    do_differ = do_differ || (first && settings && *first != *settings);
    if (!first) first = settings;
  }
  // Without batches spans are sent as soon as may be, which is what simple processors are for.
  apply(first.value_or(BatchSettings{.schedule_delay = std::chrono::milliseconds(1)}), configuration);
  if (do_differ) findings.remark("all processors share one queue, with the settings of the first batch processor");
}

void read_meter_provider(const ConfigValue& provider, FileConfiguration& configuration, Findings& findings) {
  if (!provider.has_value()) return;
  Section section(provider, findings);
  for (const ConfigValue& each : elements(section.required("readers"), findings)) {
    auto plan = configuration.metrics ? std::nullopt : read_reader(each, findings);
    if (plan) {
      configuration.metrics = std::move(plan);
    } else if (configuration.metrics) {
      findings.leave_out(each);
    }
  }
}

}  // namespace segue::detail
