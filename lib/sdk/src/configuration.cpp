#include "configuration.h"

#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <limits>

#include "segue/base/log.h"
#include "segue/base/random.h"
#include "segue/model/ids.h"
#include "segue/trace/default_propagator.h"

namespace segue::detail {
namespace {

using std::chrono::milliseconds;

constexpr std::uint64_t max_count = std::numeric_limits<std::uint32_t>::max();

std::string host_name() {
  char name[256] = {};
  return gethostname(name, sizeof name - 1) == 0 ? name : std::string();
}

// A version 4 UUID: which process of several with the same name a span comes from.
std::string random_uuid() {
  TraceId id;
  for (auto& byte : id.bytes) byte = static_cast<std::uint8_t>(random_bits() >> 56);
  id.bytes[6] = static_cast<std::uint8_t>((id.bytes[6] & 0x0f) | 0x40);
  id.bytes[8] = static_cast<std::uint8_t>((id.bytes[8] & 0x3f) | 0x80);
  std::string text = id.to_hex();
  for (const std::size_t at : {8U, 13U, 18U, 23U}) text.insert(at, 1, '-');
  return text;
}

void set_pair(TextPairs& pairs, std::string_view key, std::string value) {
  for (auto& [known, old] : pairs) {
    if (known == key) {
      old = std::move(value);
      return;
    }
  }
  pairs.emplace_back(key, std::move(value));
}

std::optional<ExporterType> exporter_named(std::string_view name) {
  const std::string lower = to_lower(name);
  if (lower == "otlp" || lower == "jaeger") return ExporterType::Otlp;
  if (lower == "console") return ExporterType::Console;
  if (lower == "none") return ExporterType::None;
  return std::nullopt;
}

bool has_path(std::string_view url) {
  const std::size_t host = url.find("://");
  return url.find('/', host == std::string_view::npos ? 0 : host + 3) != std::string_view::npos;
}

// A collector's base URL as the original system's users write it: OTLP/gRPC's port stands for OTLP/HTTP's beside it.
std::string with_http_port(std::string url) {
  const std::size_t port = url.find(":4317");
  if (port != std::string::npos) url.replace(port, 5, ":4318");
  return url;
}

std::string traces_url(std::string base) {
  while (base.ends_with('/')) base.pop_back();
  return base + "/v1/traces";
}

std::string endpoint_of(const ObservabilityOptions& options) {
  if (options.endpoint) return traces_url(*options.endpoint);
  if (auto exact = read_text("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")) return has_path(*exact) ? *exact : *exact + "/";
  if (auto base = read_text("OTEL_EXPORTER_OTLP_ENDPOINT")) return traces_url(*base);
  if (auto alias = read_text("OTEL_ENDPOINT")) return traces_url(with_http_port(*alias));
  return traces_url("http://localhost:4318");
}

OtlpHttpProtocol protocol_from_environment() {
  const auto value = read_first_text({"OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL"});
  if (!value) return OtlpHttpProtocol::Protobuf;
  const std::string lower = to_lower(*value);
  if (lower == "http/json") return OtlpHttpProtocol::Json;
  if (lower != "http/protobuf") warn_variable("OTEL_EXPORTER_OTLP_PROTOCOL", *value, "using http/protobuf");
  return OtlpHttpProtocol::Protobuf;
}

OtlpCompression compression_from_environment() {
  const auto value = read_first_text({"OTEL_EXPORTER_OTLP_TRACES_COMPRESSION", "OTEL_EXPORTER_OTLP_COMPRESSION"});
  if (!value || to_lower(*value) == "none") return OtlpCompression::None;
  if (to_lower(*value) == "gzip") return OtlpCompression::Gzip;
  warn_variable("OTEL_EXPORTER_OTLP_COMPRESSION", *value, "using none");
  return OtlpCompression::None;
}

TextPairs headers_from_environment() {
  TextPairs headers;
  if (auto key = read_text("OTEL_API_KEY")) headers.emplace_back("x-honeycomb-team", *key);
  if (auto pair = read_text("OTEL_AUTH_HEADER")) {
    for (auto& [name, value] : parse_pairs("OTEL_AUTH_HEADER", *pair)) set_pair(headers, name, std::move(value));
  }
  const char* variable = read_text("OTEL_EXPORTER_OTLP_TRACES_HEADERS") ? "OTEL_EXPORTER_OTLP_TRACES_HEADERS"
                                                                        : "OTEL_EXPORTER_OTLP_HEADERS";
  for (auto& [name, value] : parse_pairs(variable, read_text(variable).value_or(""))) {
    set_pair(headers, name, std::move(value));
  }
  return headers;
}

double ratio_from_environment() {
  const auto value = read_text("OTEL_TRACES_SAMPLER_ARG");
  if (!value) return 1.0;
  char* end = nullptr;
  const double ratio = std::strtod(value->c_str(), &end);
  if (end == value->c_str() + value->size() && ratio >= 0.0 && ratio <= 1.0) return ratio;
  warn_variable("OTEL_TRACES_SAMPLER_ARG", *value, "using 1.0");
  return 1.0;
}

SamplerPointer sampler_from_environment() {
  const std::string name = to_lower(read_text("OTEL_TRACES_SAMPLER").value_or("parentbased_always_on"));
  if (name == "parentbased_always_on") return parent_based(always_on());
  if (name == "parentbased_always_off") return parent_based(always_off());
  if (name == "parentbased_traceidratio") return parent_based(trace_id_ratio(ratio_from_environment()));
  if (name == "always_on") return always_on();
  if (name == "always_off") return always_off();
  if (name == "traceidratio") return trace_id_ratio(ratio_from_environment());
  warn_variable("OTEL_TRACES_SAMPLER", name, "using parentbased_always_on");
  return parent_based(always_on());
}

std::uint32_t count_from(const char* variable, std::uint32_t fallback) {
  return static_cast<std::uint32_t>(read_number(variable, fallback, 0, max_count));
}

}  // namespace

bool is_enabled(const ObservabilityOptions& options) {
  if (options.enabled) return *options.enabled;
  if (const auto disabled = read_bool("OTEL_SDK_DISABLED")) return !*disabled;
  return read_bool("OTEL_ENABLED").value_or(false);
}

Result<ExporterType> exporter_type_of(const ObservabilityOptions& options) {
  if (options.exporter_type) {
    if (const auto type = exporter_named(*options.exporter_type)) return *type;
    return Error{Errc::InvalidArgument, "exporter_type '" + *options.exporter_type + "' is not otlp, console or none"};
  }
  for (const char* variable : {"OTEL_TRACES_EXPORTER", "OTEL_EXPORTER_TYPE"}) {
    const auto name = read_text(variable);
    if (!name) continue;
    if (const auto type = exporter_named(*name)) return *type;
    warn_variable(variable, *name, "spans go to the console");
    return ExporterType::Console;
  }
  return ExporterType::Otlp;
}

Resource resource_of(const ObservabilityOptions& options) {
  const std::string environment = read_text("ENVIRONMENT").value_or("development");
  Resource resource;
  resource.process_id = getpid();
  resource.texts = {{"service.name", std::string("unknown_service:") + program_invocation_short_name},
                    {"service.instance.id", random_uuid()},
                    {"deployment.environment", environment},
                    {"deployment.environment.name", environment},
                    {"telemetry.sdk.name", "segue"},
                    {"telemetry.sdk.language", "cpp"},
                    {"telemetry.sdk.version", SEGUE_VERSION},
                    {"process.executable.name", program_invocation_short_name},
                    {"host.name", host_name()}};
  const std::string given = read_text("OTEL_RESOURCE_ATTRIBUTES").value_or("");
  for (auto& [key, value] : parse_pairs("OTEL_RESOURCE_ATTRIBUTES", given))
    set_pair(resource.texts, key, std::move(value));
  if (auto name = options.service_name ? options.service_name : read_text("OTEL_SERVICE_NAME")) {
    set_pair(resource.texts, "service.name", *std::move(name));
  }
  return resource;
}

OtlpHttpOptions otlp_options_of(const ObservabilityOptions& options) {
  OtlpHttpOptions otlp;
  otlp.endpoint = endpoint_of(options);
  otlp.headers = headers_from_environment();
  const char* timeout = read_text("OTEL_EXPORTER_OTLP_TRACES_TIMEOUT") ? "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT"
                                                                       : "OTEL_EXPORTER_OTLP_TIMEOUT";
  otlp.timeout = read_milliseconds(timeout, otlp.timeout, milliseconds(1), std::chrono::hours(1));
  otlp.compression = compression_from_environment();
  otlp.protocol = protocol_from_environment();
  otlp.ca_file =
      read_first_text({"OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE", "OTEL_EXPORTER_OTLP_CERTIFICATE"}).value_or("");
  otlp.client_certificate_file =
      read_first_text({"OTEL_EXPORTER_OTLP_TRACES_CLIENT_CERTIFICATE", "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE"})
          .value_or("");
  otlp.client_key_file =
      read_first_text({"OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY", "OTEL_EXPORTER_OTLP_CLIENT_KEY"}).value_or("");
  return otlp;
}

SamplerPointer sampler_of(const ObservabilityOptions& options) {
  return options.sampler != nullptr ? options.sampler : sampler_from_environment();
}

SpanLimits limits_from_environment() {
  SpanLimits limits;
  limits.max_attributes = count_from("OTEL_ATTRIBUTE_COUNT_LIMIT", limits.max_attributes);
  limits.max_attributes = count_from("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", limits.max_attributes);
  limits.max_events = count_from("OTEL_SPAN_EVENT_COUNT_LIMIT", limits.max_events);
  limits.max_links = count_from("OTEL_SPAN_LINK_COUNT_LIMIT", limits.max_links);
  limits.max_event_attributes = count_from("OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT", limits.max_event_attributes);
  limits.max_link_attributes = count_from("OTEL_LINK_ATTRIBUTE_COUNT_LIMIT", limits.max_link_attributes);
  limits.max_value_length = read_number("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", limits.max_value_length, 0, SIZE_MAX);
  limits.max_value_length = read_number("OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", limits.max_value_length, 0, SIZE_MAX);
  return limits;
}

BatchOptions batch_options_from_environment() {
  BatchOptions batch;
  batch.schedule_delay =
      read_milliseconds("OTEL_BSP_SCHEDULE_DELAY", batch.schedule_delay, milliseconds(1), std::chrono::hours(1));
  batch.max_batch_spans =
      static_cast<std::uint32_t>(read_number("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", batch.max_batch_spans, 1, max_count));
  return batch;
}

void apply_propagators_from_environment() {
  const auto names = read_text("OTEL_PROPAGATORS");
  if (!names) return;
  auto propagator = Propagator::from_names(*names);
  if (propagator) {
    set_default_propagator(*std::move(propagator));
  } else {
    warn_variable("OTEL_PROPAGATORS", *names, "using tracecontext,baggage");
  }
}

void apply_log_level_from_environment() {
  const auto level = read_text("OTEL_LOG_LEVEL");
  if (!level) return;
  const std::string lower = to_lower(*level);
  if (lower == "debug") return set_log_level(LogLevel::Debug);
  if (lower == "info") return set_log_level(LogLevel::Info);
  if (lower == "warn" || lower == "warning") return set_log_level(LogLevel::Warning);
  if (lower == "error") return set_log_level(LogLevel::Error);
  if (lower == "none" || lower == "off") return set_log_level(LogLevel::Off);
  warn_variable("OTEL_LOG_LEVEL", *level, "using warning");
}

}  // namespace segue::detail
