#include "destination.h"

#include <algorithm>
#include <optional>

#include "segue/base/log.h"

namespace segue::detail {
namespace {

std::optional<ExporterKind> kind_named(const std::string& name) {
  if (name == "otlp" || name == "jaeger" || is_vendor_name(name)) return ExporterKind::Otlp;
  if (name == "otlp/stdout") return ExporterKind::OtlpStdout;
  if (name == "zipkin") return ExporterKind::Zipkin;
  if (name == "console") return ExporterKind::Console;
  if (name == "file") return ExporterKind::File;
  return std::nullopt;
}

std::optional<OtlpTransport> transport_named(const std::string& name) {
  if (name == "http/protobuf") return OtlpTransport::HttpProtobuf;
  if (name == "http/json") return OtlpTransport::HttpJson;
  if (name == "grpc") return OtlpTransport::Grpc;
  return std::nullopt;
}

struct Choice {
  std::vector<ExporterKind> kinds;
  std::string vendor;  ///< Named among the exporters; may be empty.
};

// Nothing for a list with an unknown name in it.
std::optional<Choice> parse_choice(std::string_view list) {
  Choice choice;
  for (const std::string& item : split_list(to_lower(list))) {
    if (item == "none") continue;
    const auto kind = kind_named(item);
    if (!kind) return std::nullopt;
    if (is_vendor_name(item)) choice.vendor = item;
    if (std::ranges::find(choice.kinds, *kind) == choice.kinds.end()) choice.kinds.push_back(*kind);
  }
  return choice;
}

Result<Choice> choose_exporters(const ObservabilityOptions& options, const Environment& environment) {
  if (options.exporter_type) {
    if (auto choice = parse_choice(*options.exporter_type)) return *std::move(choice);
    return Error{Errc::InvalidArgument,
                 "exporter_type: '" + *options.exporter_type +
                     "' is not a list of otlp, zipkin, console, otlp/stdout, file, none or vendors"};
  }
  const auto found = environment.find("OTEL_TRACES_EXPORTER");
  if (!found) return Choice{{ExporterKind::Otlp}, {}};
  if (auto choice = parse_choice(found->value)) return *std::move(choice);
  warn_variable(*found, "spans go to the console");
  return Choice{{ExporterKind::Console}, {}};
}

bool is_endpoint_given(const ObservabilityOptions& options, const Environment& environment) {
  return options.endpoint || environment.find("OTEL_EXPORTER_OTLP_ENDPOINT");
}

// The vendor to send to: the one that was named, else the only one whose variables are set, unless an address is given.
Result<std::optional<Vendor>> choose_vendor(const Choice& choice, const ObservabilityOptions& options,
                                            const Environment& environment) {
  if (!choice.vendor.empty()) {
    auto vendor = vendor_named(choice.vendor, environment);
    if (vendor) return std::optional<Vendor>(*std::move(vendor));
    if (options.exporter_type) return vendor.error();
    log(LogLevel::Warning, vendor.error().message + "; sending where OTEL_EXPORTER_OTLP_ENDPOINT says");
    return std::optional<Vendor>();
  }
  if (is_endpoint_given(options, environment)) return std::optional<Vendor>();
  std::vector<Vendor> present = vendors_present(environment);
  if (present.empty()) return std::optional<Vendor>();
  if (present.size() > 1) {
    log(LogLevel::Warning, std::string(present[0].variable) + " and " + std::string(present[1].variable) +
                               " are both set: name one vendor in OTEL_TRACES_EXPORTER; sending to neither");
    return std::optional<Vendor>();
  }
  log(LogLevel::Info, "sending spans to " + present.front().base_url + ", as " + std::string(present.front().variable) +
                          " is set; OTEL_EXPORTER_OTLP_ENDPOINT overrides that");
  return std::optional<Vendor>(std::move(present.front()));
}

bool has_port_of_grpc(std::string_view url) noexcept {
  const std::size_t port = url.find(":4317");
  return port != std::string_view::npos && (port + 5 == url.size() || url[port + 5] == '/');
}

// What wins over the environment.
struct OtlpGiven {
  std::optional<std::string> endpoint = {};
  std::optional<OtlpTransport> transport = {};
  std::optional<Vendor> vendor = {};
};

Result<std::optional<OtlpTransport>> transport_given(const ObservabilityOptions& options) {
  if (!options.protocol) return std::optional<OtlpTransport>();
  if (const auto transport = transport_named(to_lower(*options.protocol))) return transport;
  return Error{Errc::InvalidArgument, "protocol: '" + *options.protocol + "' is not http/protobuf, http/json or grpc"};
}

OtlpTransport choose_transport(const OtlpGiven& given, const Environment& environment) {
  if (given.transport) return *given.transport;
  if (const auto found = environment.find("OTEL_EXPORTER_OTLP_PROTOCOL")) {
    if (const auto transport = transport_named(to_lower(found->value))) return *transport;
    warn_variable(*found, "using http/protobuf");
    return OtlpTransport::HttpProtobuf;
  }
  // The alias comes from a system that spoke gRPC, so its port says which protocol is meant.
  const auto endpoint = environment.find("OTEL_EXPORTER_OTLP_ENDPOINT");
  const bool is_alias = !given.vendor && !given.endpoint && endpoint && endpoint->variable == "OTEL_ENDPOINT";
  return is_alias && has_port_of_grpc(endpoint->value) ? OtlpTransport::Grpc : OtlpTransport::HttpProtobuf;
}

bool has_path(std::string_view url) noexcept {
  const std::size_t host = url.find("://");
  return url.find('/', host == std::string_view::npos ? 0 : host + 3) != std::string_view::npos;
}

std::string signal_url(std::string base, Signal signal) {
  while (base.ends_with('/')) base.pop_back();
  return base + (signal == Signal::Metrics ? "/v1/metrics" : "/v1/traces");
}

std::string choose_endpoint(const OtlpGiven& given, const Environment& environment, OtlpTransport transport) {
  constexpr std::string_view variable = "OTEL_EXPORTER_OTLP_ENDPOINT";
  const bool is_grpc = transport == OtlpTransport::Grpc;
  const auto from_base = [&](std::string base) {
    return is_grpc ? base : signal_url(std::move(base), environment.signal());
  };
  if (given.endpoint) return from_base(*given.endpoint);
  if (given.vendor) return from_base(given.vendor->base_url);
  const auto found = environment.find(variable);
  if (!found) return from_base(is_grpc ? "http://localhost:4317" : "http://localhost:4318");
  if (found->variable != signal_form(variable, environment.signal())) return from_base(found->value);
  return is_grpc || has_path(found->value) ? found->value : found->value + "/";
}

// Later ones win. A vendor's key goes to that vendor alone, whoever else the spans are sent to.
TextPairs choose_headers(const Environment& environment, const std::optional<Vendor>& chosen,
                         std::string_view endpoint) {
  TextPairs headers;
  if (chosen) {
    headers = chosen->headers;
  } else {
    for (Vendor& vendor : vendors_present(environment)) {
      if (is_host_of(vendor, endpoint)) headers = std::move(vendor.headers);
    }
  }
  if (auto key = environment.text("OTEL_API_KEY")) set_pair(headers, "x-honeycomb-team", *std::move(key));
  for (auto& [name, value] : environment.pairs("OTEL_EXPORTER_OTLP_HEADERS")) set_pair(headers, name, std::move(value));
  return headers;
}

bool wants_compression(const Environment& environment) {
  const auto found = environment.find("OTEL_EXPORTER_OTLP_COMPRESSION");
  if (!found) return false;
  const std::string name = to_lower(found->value);
  if (name != "gzip" && name != "none") warn_variable(*found, "using none");
  return name == "gzip";
}

OtlpDestination decide_otlp(const OtlpGiven& given, const Environment& environment) {
  OtlpDestination otlp;
  otlp.transport = choose_transport(given, environment);
  otlp.endpoint = choose_endpoint(given, environment, otlp.transport);
  otlp.headers = choose_headers(environment, given.vendor, otlp.endpoint);
  otlp.timeout = environment.milliseconds("OTEL_EXPORTER_OTLP_TIMEOUT", otlp.timeout);
  otlp.is_compressed = wants_compression(environment);
  otlp.is_insecure = environment.flag("OTEL_EXPORTER_OTLP_INSECURE").value_or(false);
  otlp.ca_file = environment.text("OTEL_EXPORTER_OTLP_CERTIFICATE").value_or("");
  otlp.client_certificate_file = environment.text("OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE").value_or("");
  otlp.client_key_file = environment.text("OTEL_EXPORTER_OTLP_CLIENT_KEY").value_or("");
  return otlp;
}

}  // namespace

Result<Destination> decide_destination(const ObservabilityOptions& options, const Environment& environment) {
  auto choice = choose_exporters(options, environment);
  if (!choice) return choice.error();
  auto vendor = choose_vendor(*choice, options, environment);
  if (!vendor) return vendor.error();
  const auto transport = transport_given(options);
  if (!transport) return transport.error();
  Destination destination;
  destination.kinds = std::move(choice->kinds);
  destination.otlp = decide_otlp({options.endpoint, *transport, *vendor}, environment);
  destination.vendor = *std::move(vendor);
  destination.zipkin_endpoint =
      environment.text("OTEL_EXPORTER_ZIPKIN_ENDPOINT").value_or("http://localhost:9411/api/v2/spans");
  destination.zipkin_timeout = environment.milliseconds("OTEL_EXPORTER_ZIPKIN_TIMEOUT", destination.zipkin_timeout);
  destination.file = environment.text("SEGUE_FILE").value_or("traces.jsonl");
  return destination;
}

OtlpDestination decide_metrics_destination(const ObservabilityOptions& options, const Environment& environment,
                                           const Destination& spans) {
  OtlpGiven given = {.endpoint = options.endpoint, .vendor = spans.vendor};
  if (options.protocol) given.transport = spans.otlp.transport;
  // What is said of metrics alone wins over what is said of everything, even in code.
  if (environment.find("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT")) given = {.transport = given.transport};
  if (environment.find("OTEL_EXPORTER_OTLP_METRICS_PROTOCOL")) given.transport.reset();
  OtlpDestination otlp = decide_otlp(given, environment.for_signal(Signal::Metrics));
  if (otlp.transport == OtlpTransport::HttpJson) {
    log(LogLevel::Warning, "metrics are sent as http/protobuf: Segue has no JSON for them");
    otlp.transport = OtlpTransport::HttpProtobuf;
  }
  return otlp;
}

}  // namespace segue::detail
