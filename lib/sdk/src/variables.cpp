#include "variables.h"

#include <algorithm>
#include <array>

namespace segue::detail {
namespace {

constexpr std::string_view otlp_prefix = "OTEL_EXPORTER_OTLP_";
constexpr std::array<std::string_view, 2> signal_prefixes = {"OTEL_EXPORTER_OTLP_TRACES_",
                                                             "OTEL_EXPORTER_OTLP_METRICS_"};  // by Signal

constexpr auto identity = std::to_array<Variable>({
    {"OTEL_SDK_DISABLED", "OTEL_ENABLED", "off",
     "`false` turns tracing on, `true` off; the alias has the opposite sense"},
    {"OTEL_SERVICE_NAME", "", "`unknown_service:<program>`",
     "the resource's `service.name`; wins over `OTEL_RESOURCE_ATTRIBUTES`"},
    {"OTEL_RESOURCE_ATTRIBUTES", "", "",
     "`key=value,...`, percent-encoded: more about the program, or other values for what is detected"},
    {"ENVIRONMENT", "", "", "`deployment.environment.name`, and the older `deployment.environment`"},
    {"OTEL_LOG_LEVEL", "", "`warn`", "the library's own log: `debug`, `info`, `warn`, `error`, `none`"},
    {"SEGUE_ENV_FILE", "", "", "a file of `NAME=value` lines that stand in for variables that are unset"},
    {"OTEL_CONFIG_FILE", "OTEL_EXPERIMENTAL_CONFIG_FILE", "",
     "a [configuration file](#a-configuration-file), which stands in for all other variables but those of vendors"},
});

constexpr auto destinations = std::to_array<Variable>({
    {"OTEL_TRACES_EXPORTER", "OTEL_EXPORTER_TYPE", "`otlp`",
     "`otlp` (`jaeger` means the same), `zipkin`, `console`, `otlp/stdout`, `file`, `none`, a vendor's name, or "
     "several "
     "with commas"},
    {"OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_ENDPOINT", "`http://localhost:4318`, with gRPC `http://localhost:4317`",
     "base address; over HTTP `/v1/traces` or `/v1/metrics` is added, but not to the form for one of them. Port 4317 "
     "in "
     "the alias means gRPC"},
    {"OTEL_EXPORTER_OTLP_PROTOCOL", "", "`http/protobuf`", "or `http/json`, `grpc`"},
    {"OTEL_EXPORTER_OTLP_HEADERS", "OTEL_AUTH_HEADER", "",
     "`name=value,...`, percent-encoded, sent with every request"},
    {"OTEL_API_KEY", "", "", "the header `x-honeycomb-team`"},
    {"OTEL_EXPORTER_OTLP_COMPRESSION", "", "`none`", "or `gzip`: a tenth of the bytes, more CPU"},
    {"OTEL_EXPORTER_OTLP_TIMEOUT", "", "10000", "milliseconds for one request"},
    {"OTEL_EXPORTER_OTLP_CERTIFICATE", "", "the system's", "certificates to trust, a PEM file"},
    {"OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE", "", "", "for receivers that ask clients who they are, a PEM file"},
    {"OTEL_EXPORTER_OTLP_CLIENT_KEY", "", "", "the key of that certificate, a PEM file"},
    {"OTEL_EXPORTER_OTLP_INSECURE", "OTEL_INSECURE", "`false`",
     "gRPC without TLS; counts only where the address has no scheme"},
    {"OTEL_EXPORTER_ZIPKIN_ENDPOINT", "", "`http://localhost:9411/api/v2/spans`", "where `zipkin` posts"},
    {"OTEL_EXPORTER_ZIPKIN_TIMEOUT", "", "10000", "milliseconds for one request"},
    {"SEGUE_FILE", "", "`traces.jsonl`", "where `file` appends OTLP as JSON lines"},
});

constexpr auto vendors = std::to_array<Variable>({
    {"HONEYCOMB_API_KEY", "", "", "Honeycomb: sends to `https://api.honeycomb.io`"},
    {"HONEYCOMB_API_ENDPOINT", "", "", "Honeycomb elsewhere, e.g. `https://api.eu1.honeycomb.io`"},
    {"HONEYCOMB_DATASET", "", "", "Honeycomb Classic's dataset"},
    {"DD_AGENT_HOST", "", "", "Datadog: sends to the agent there, port 4318"},
    {"DD_API_KEY", "", "", "Datadog without an agent: sends to `https://otlp.<site>`"},
    {"DD_SITE", "", "`datadoghq.com`", "the Datadog site"},
    {"DD_SERVICE", "", "", "`service.name`, where `OTEL_SERVICE_NAME` is unset and spans go to Datadog"},
    {"DD_ENV", "", "", "`deployment.environment.name`, likewise"},
    {"DD_VERSION", "", "", "`service.version`, likewise"},
    {"NEW_RELIC_LICENSE_KEY", "", "", "New Relic: sends to `https://otlp.nr-data.net`, or to the region in the key"},
    {"NEW_RELIC_APP_NAME", "", "", "`service.name`, where `OTEL_SERVICE_NAME` is unset and spans go to New Relic"},
    {"GRAFANA_CLOUD_INSTANCE_ID", "", "", "Grafana Cloud, with the next two"},
    {"GRAFANA_CLOUD_API_KEY", "", "", "its token"},
    {"GRAFANA_CLOUD_ZONE", "", "", "sends to `https://otlp-gateway-<zone>.grafana.net/otlp`"},
    {"LIGHTSTEP_ACCESS_TOKEN", "LS_ACCESS_TOKEN", "", "Lightstep: sends to `https://ingest.lightstep.com`"},
    {"LS_SERVICE_NAME", "", "", "`service.name`, where `OTEL_SERVICE_NAME` is unset and spans go to Lightstep"},
});

constexpr auto amounts = std::to_array<Variable>({
    {"OTEL_TRACES_SAMPLER", "", "`parentbased_always_on`",
     "also `always_on`, `always_off`, `traceidratio`, `consistent_probability`, `rate_limited`, and each of these but "
     "the "
     "first after `parentbased_`"},
    {"OTEL_TRACES_SAMPLER_ARG", "", "1.0",
     "the share of traces to keep, 0 to 1; for `rate_limited` how many traces a second, default 100"},
    {"OTEL_BSP_SCHEDULE_DELAY", "", "5000",
     "milliseconds a finished span waits at most; less shows spans sooner, more makes larger and cheaper requests"},
    {"OTEL_BSP_EXPORT_TIMEOUT", "", "30000", "milliseconds for one batch, retries included"},
    {"OTEL_BSP_MAX_QUEUE_SIZE", "", "no limit but 32 MiB",
     "finished spans that wait at most; further ones are dropped"},
    {"OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "", "512", "spans per request"},
    {"SEGUE_SPOOL_FOLDER", "", "", "where batches wait on disk while the collector is away; none: they are dropped"},
    {"SEGUE_SPOOL_MAX_BYTES", "", "268435456", "what that folder may hold; then the oldest go"},
    {"OTEL_PROPAGATORS", "", "`tracecontext,baggage`",
     "which headers carry the context: also `b3`, `b3multi`; `none` for none"},
    {"OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "OTEL_ATTRIBUTE_COUNT_LIMIT", "128", "attributes per span"},
    {"OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", "no limit", "characters per text"},
    {"OTEL_SPAN_EVENT_COUNT_LIMIT", "", "128", "events per span"},
    {"OTEL_SPAN_LINK_COUNT_LIMIT", "", "128", "links per span"},
    {"OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT", "", "128", "attributes per event"},
    {"OTEL_LINK_ATTRIBUTE_COUNT_LIMIT", "", "128", "attributes per link"},
    {"OTEL_SEMCONV_STABILITY_OPT_IN", "SEGUE_SEMCONV", "",
     "`gen_ai_latest_experimental` (alias: `experimental`) adds attributes that OpenTelemetry has not settled"},
});

constexpr auto metrics = std::to_array<Variable>({
    {"OTEL_METRICS_EXPORTER", "", "`none`",
     "`otlp` sends node durations, handoffs and counters, too, as the variables for OTLP say"},
    {"OTEL_METRIC_EXPORT_INTERVAL", "", "60000", "milliseconds from one collection to the next"},
    {"OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", "", "`cumulative`",
     "or `delta`, which Datadog and New Relic get by default"},
});

constexpr auto groups = std::to_array<VariableGroup>({
    {"On or off, and who is speaking", identity},
    {"Where spans go", destinations},
    {"Vendors", vendors},
    {"How much, and how often", amounts},
    {"Metrics", metrics},
});

bool is_among(std::span<const Variable> variables, std::string_view name) noexcept {
  return std::ranges::any_of(variables, [name](const Variable& variable) {
    return name == variable.name || (!variable.alias.empty() && name == variable.alias);
  });
}

bool is_listed(std::string_view name) noexcept {
  return std::ranges::any_of(groups, [name](const VariableGroup& group) { return is_among(group.variables, name); });
}

std::string row(const Variable& variable) {
  const std::string alias = variable.alias.empty() ? "" : '`' + std::string(variable.alias) + '`';
  std::string line = "| `";
  line.append(variable.name).append("` | ").append(alias).append(" | ");
  line.append(variable.default_text).append(" | ").append(variable.meaning).append(" |\n");
  return line;
}

}  // namespace

std::span<const VariableGroup> variable_groups() noexcept { return groups; }

bool is_known_variable(std::string_view name) noexcept {
  if (is_listed(name)) return true;
  return std::ranges::any_of(signal_prefixes, [name](std::string_view prefix) {
    return name.starts_with(prefix) && is_listed(std::string(otlp_prefix).append(name.substr(prefix.size())));
  });
}

bool is_vendor_variable(std::string_view name) noexcept { return is_among(vendors, name); }

std::string signal_form(std::string_view name, Signal signal) {
  const auto is_prefix = [name](std::string_view prefix) { return name.starts_with(prefix); };
  if (!is_prefix(otlp_prefix) || std::ranges::any_of(signal_prefixes, is_prefix)) return {};
  return std::string(signal_prefixes[static_cast<std::size_t>(signal)]).append(name.substr(otlp_prefix.size()));
}

std::string variables_as_markdown() {
  std::string text;
  for (const VariableGroup& group : groups) {
    text.append("## ").append(group.title).append("\n| variable | alias | default | meaning |\n|---|---|---|---|\n");
    for (const Variable& variable : group.variables) text += row(variable);
    text += '\n';
  }
  return text;
}

}  // namespace segue::detail
