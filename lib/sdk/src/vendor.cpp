#include "vendor.h"

#include <algorithm>
#include <array>

#include "segue/base/hex.h"

namespace segue::detail {
namespace {

void add_if_set(TextPairs& pairs, std::string_view key, std::optional<std::string> value) {
  if (value) pairs.emplace_back(key, *std::move(value));
}

std::string without_trailing_slash(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  return url;
}

std::optional<Vendor> honeycomb(const Environment& environment) {
  const auto key = environment.text("HONEYCOMB_API_KEY");
  if (!key) return std::nullopt;
  Vendor vendor = {.name = "honeycomb",
                   .variable = "HONEYCOMB_API_KEY",
                   .base_url = environment.text("HONEYCOMB_API_ENDPOINT").value_or("https://api.honeycomb.io"),
                   .headers = {{"x-honeycomb-team", *key}},
                   .domain = "honeycomb.io"};
  // Only the keys of Honeycomb Classic, 32 characters long, name a dataset; for others it comes from service.name.
  constexpr std::size_t classic_key_length = 32;
  if (key->size() == classic_key_length) {
    add_if_set(vendor.headers, "x-honeycomb-dataset", environment.text("HONEYCOMB_DATASET"));
  }
  return vendor;
}

// With an agent its own key is the agent's business, and the agent is what Datadog recommends.
std::optional<Vendor> datadog(const Environment& environment) {
  const auto agent = environment.text("DD_AGENT_HOST");
  const auto key = environment.text("DD_API_KEY");
  const std::string site = environment.text("DD_SITE").value_or("datadoghq.com");
  Vendor vendor;
  vendor.name = "datadog";
  vendor.wants_delta = true;
  if (agent) {
    vendor.variable = "DD_AGENT_HOST";
    vendor.base_url = "http://" + *agent + ":4318";
  } else if (key) {
    vendor.variable = "DD_API_KEY";
    vendor.base_url = "https://otlp." + site;
    vendor.headers = {{"dd-api-key", *key}, {"dd-protocol", "otlp"}};
    vendor.domain = site.ends_with("datadoghq.eu")   ? "datadoghq.eu"
                    : site.ends_with("ddog-gov.com") ? "ddog-gov.com"
                                                     : "datadoghq.com";
  } else {
    return std::nullopt;
  }
  add_if_set(vendor.resource, "service.name", environment.text("DD_SERVICE"));
  add_if_set(vendor.resource, "deployment.environment.name", environment.text("DD_ENV"));
  add_if_set(vendor.resource, "service.version", environment.text("DD_VERSION"));
  return vendor;
}

// A licence key says where its account lives: "eu01xx..." is in the EU, one without such a beginning in the US.
std::string new_relic_host(std::string_view key) {
  if (key.starts_with("eu01")) return "otlp.eu01.nr-data.net";
  if (key.starts_with("jp")) return "otlp.jp.nr-data.net";
  if (key.starts_with("gov01")) return "gov-otlp.nr-data.net";
  return "otlp.nr-data.net";
}

std::optional<Vendor> new_relic(const Environment& environment) {
  const auto key = environment.text("NEW_RELIC_LICENSE_KEY");
  if (!key) return std::nullopt;
  Vendor vendor = {.name = "newrelic",
                   .variable = "NEW_RELIC_LICENSE_KEY",
                   .base_url = "https://" + new_relic_host(*key),
                   .headers = {{"api-key", *key}},
                   .domain = "nr-data.net",
                   .wants_delta = true};
  add_if_set(vendor.resource, "service.name", environment.text("NEW_RELIC_APP_NAME"));
  return vendor;
}

std::optional<Vendor> grafana(const Environment& environment) {
  const auto instance = environment.text("GRAFANA_CLOUD_INSTANCE_ID");
  const auto key = environment.text("GRAFANA_CLOUD_API_KEY");
  const auto zone = environment.text("GRAFANA_CLOUD_ZONE");
  if (!instance || !key || !zone) return std::nullopt;
  return Vendor{.name = "grafana",
                .variable = "GRAFANA_CLOUD_API_KEY",
                .base_url = "https://otlp-gateway-" + *zone + ".grafana.net/otlp",
                .headers = {{"Authorization", "Basic " + to_base64(*instance + ":" + *key)}},
                .domain = "grafana.net"};
}

std::optional<Vendor> lightstep(const Environment& environment) {
  const auto token = environment.text("LIGHTSTEP_ACCESS_TOKEN");
  if (!token) return std::nullopt;
  Vendor vendor = {.name = "lightstep",
                   .variable = "LIGHTSTEP_ACCESS_TOKEN",
                   .base_url = "https://ingest.lightstep.com",
                   .headers = {{"lightstep-access-token", *token}},
                   .domain = "lightstep.com"};
  add_if_set(vendor.resource, "service.name", environment.text("LS_SERVICE_NAME"));
  return vendor;
}

struct Preset {
  std::string_view name;
  std::string_view needs;
  std::optional<Vendor> (*make)(const Environment&);
};

constexpr auto presets = std::to_array<Preset>({
    {"honeycomb", "HONEYCOMB_API_KEY", honeycomb},
    {"datadog", "DD_AGENT_HOST or DD_API_KEY", datadog},
    {"newrelic", "NEW_RELIC_LICENSE_KEY", new_relic},
    {"grafana", "GRAFANA_CLOUD_INSTANCE_ID, GRAFANA_CLOUD_API_KEY and GRAFANA_CLOUD_ZONE", grafana},
    {"lightstep", "LIGHTSTEP_ACCESS_TOKEN", lightstep},
});

std::string_view host_of(std::string_view url) noexcept {
  const std::size_t scheme = url.find("://");
  if (scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
  url = url.substr(0, url.find('/'));
  return url.substr(0, url.find(':'));
}

}  // namespace

bool is_vendor_name(std::string_view name) noexcept {
  return std::ranges::find(presets, name, &Preset::name) != presets.end();
}

Result<Vendor> vendor_named(std::string_view name, const Environment& environment) {
  const auto* const preset = std::ranges::find(presets, name, &Preset::name);
  if (preset == presets.end()) return Error{Errc::InvalidArgument, "no vendor is called " + std::string(name)};
  auto vendor = preset->make(environment);
  if (!vendor) return Error{Errc::FailedPrecondition, std::string(name) + " needs " + std::string(preset->needs)};
  vendor->base_url = without_trailing_slash(std::move(vendor->base_url));
  return *std::move(vendor);
}

std::vector<Vendor> vendors_present(const Environment& environment) {
  std::vector<Vendor> present;
  for (const Preset& preset : presets) {
    if (auto vendor = vendor_named(preset.name, environment)) present.push_back(*std::move(vendor));
  }
  return present;
}

bool is_host_of(const Vendor& vendor, std::string_view url) noexcept {
  const std::string_view host = host_of(url);
  if (vendor.domain.empty() || !host.ends_with(vendor.domain)) return false;
  return host.size() == vendor.domain.size() || host[host.size() - vendor.domain.size() - 1] == '.';
}

}  // namespace segue::detail
