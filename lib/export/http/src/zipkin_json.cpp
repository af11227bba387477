#include "zipkin_json.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <utility>

#include "segue/model/attributes.h"
#include "segue/otlp/json.h"

namespace segue::detail {
namespace {

constexpr std::uint64_t nanos_per_micro = 1000;

// Tags that Zipkin's users look for; names given by OpenTelemetry's mapping.
constexpr std::string_view error_tag = "error";
constexpr std::string_view status_code_tag = "otel.status_code";
constexpr std::array scope_name_tags = {"otel.scope.name", "otel.library.name"};  // the second for older readers
constexpr std::array scope_version_tags = {"otel.scope.version", "otel.library.version"};
constexpr std::string_view dropped_attributes_tag = "otel.dropped_attributes_count";
constexpr std::string_view dropped_events_tag = "otel.dropped_events_count";
constexpr std::string_view dropped_links_tag = "otel.dropped_links_count";

/// Writes members and elements with the commas between them.
class JsonOut {
 public:
  explicit JsonOut(std::string& out) : out_(out) {}

  void open(char bracket) {
    comma();
    out_ += bracket;
  }
  void close(char bracket) { out_ += bracket; }
  void key(std::string_view key) {
    comma();
    otlp::append_json_string(out_, key);
    out_ += ':';
  }
  void member(std::string_view name, std::string_view text) {
    key(name);
    otlp::append_json_string(out_, text);
  }
  void member(std::string_view name, std::uint64_t number) {
    key(name);
    out_ += std::to_string(number);
  }

 private:
  void comma() {
    if (!out_.empty() && std::string_view("{[:,").find(out_.back()) == std::string_view::npos) out_ += ',';
  }

  std::string& out_;
};

/// Zipkin's tags are text: everything but text as JSON, without the quotes JSON puts around bytes and NaN.
std::string tag_value(const ValueView& value) {
  if (const auto* text = std::get_if<std::string_view>(&value)) return std::string(*text);
  if (std::holds_alternative<std::monostate>(value)) return {};
  std::string json;
  otlp::append_json_value(json, value);
  return json.starts_with('"') ? json.substr(1, json.size() - 2) : json;
}

std::string_view kind_name(SpanKind kind) noexcept {
  switch (kind) {
    case SpanKind::Server: return "SERVER";
    case SpanKind::Client: return "CLIENT";
    case SpanKind::Producer: return "PRODUCER";
    case SpanKind::Consumer: return "CONSUMER";
    default: return {};
  }
}

/// An attribute that says whom a span called, and the one with the port, if it is an address.
struct PeerAttribute {
  std::string_view name;
  std::string_view port = {};
};

// In the order of OpenTelemetry's ranking, older conventions included.
constexpr std::array peer_attributes = {PeerAttribute{"peer.service"},
                                        PeerAttribute{attributes::server_address},
                                        PeerAttribute{"net.peer.name"},
                                        PeerAttribute{attributes::network_peer_address, attributes::network_peer_port},
                                        PeerAttribute{"server.socket.domain"},
                                        PeerAttribute{"server.socket.address", "server.socket.port"},
                                        PeerAttribute{"net.sock.peer.name"},
                                        PeerAttribute{"net.sock.peer.addr", "net.sock.peer.port"},
                                        PeerAttribute{"peer.hostname"},
                                        PeerAttribute{"peer.address"},
                                        PeerAttribute{"db.name"}};

/// The member of a Zipkin endpoint that holds `address`.
std::string_view endpoint_member(const std::string& address) {
  std::array<unsigned char, sizeof(in6_addr)> parsed;
  if (inet_pton(AF_INET, address.c_str(), parsed.data()) == 1) return "ipv4";
  return inet_pton(AF_INET6, address.c_str(), parsed.data()) == 1 ? "ipv6" : "serviceName";
}

void write_remote_endpoint(JsonOut& json, const SpanView& span) {
  if (span.kind != SpanKind::Client && span.kind != SpanKind::Producer) return;
  const auto peer = std::ranges::find_if(
      peer_attributes, [&](const PeerAttribute& each) { return !find_string(span.attributes, each.name).empty(); });
  if (peer == peer_attributes.end()) return;
  const std::string value(find_string(span.attributes, peer->name));
  json.key("remoteEndpoint");
  json.open('{');
  json.member(peer->port.empty() ? "serviceName" : endpoint_member(value), value);
  const ValueView* found = peer->port.empty() ? nullptr : find_attribute(span.attributes, peer->port);
  const auto* port = found == nullptr ? nullptr : std::get_if<std::int64_t>(found);
  if (port != nullptr && *port > 0 && *port <= 65535) json.member("port", static_cast<std::uint64_t>(*port));
  json.close('}');
}

/// `"name": {"key":"value"}`, the form the mapping prescribes; the name alone where there is nothing to add.
std::string annotation_text(const EventView& event) {
  if (event.attributes.empty()) return std::string(event.name);
  std::string text;
  otlp::append_json_string(text, event.name);
  text += ": ";
  JsonOut json(text);
  text += '{';
  for (const AttributeView& attribute : event.attributes) {
    json.key(attribute.key);
    otlp::append_json_value(text, attribute.value);
  }
  json.close('}');
  return text;
}

void write_annotations(JsonOut& json, const SpanView& span) {
  if (span.events.empty()) return;
  json.key("annotations");
  json.open('[');
  for (const EventView& event : span.events) {
    json.open('{');
    json.member("timestamp", event.time_unix_nanos / nanos_per_micro);
    json.member("value", annotation_text(event));
    json.close('}');
  }
  json.close(']');
}

/// Tags in the order they come; a later one of the same name takes the place of an earlier.
class Tags {
 public:
  void set(std::string_view key, std::string value) {
    const auto found = std::ranges::find(tags_, key, &Tag::first);
    if (found == tags_.end()) {
      tags_.emplace_back(key, std::move(value));
    } else {
      found->second = std::move(value);
    }
  }
  void set_count(std::string_view key, std::uint32_t count) {
    if (count > 0) set(key, std::to_string(count));
  }

  void write(JsonOut& json) const {
    if (tags_.empty()) return;
    json.key("tags");
    json.open('{');
    for (const auto& [key, value] : tags_) json.member(key, value);
    json.close('}');
  }

 private:
  using Tag = std::pair<std::string_view, std::string>;
  std::vector<Tag> tags_;
};

Tags tags_of(const SpanView& span) {
  Tags tags;
  for (const AttributeView& attribute : span.attributes) {
    std::string value = tag_value(attribute.value);
    // To Zipkin any `error` is a failure, whatever it says.
    if (attribute.key == error_tag && value == "false") continue;
    tags.set(attribute.key, std::move(value));
  }
  if (span.status != StatusCode::Unset) tags.set(status_code_tag, span.status == StatusCode::Ok ? "OK" : "ERROR");
  if (span.status == StatusCode::Error) tags.set(error_tag, std::string(span.status_message));
  if (!span.scope->name.empty()) {
    for (const char* tag : scope_name_tags) tags.set(tag, std::string(span.scope->name));
  }
  if (!span.scope->version.empty()) {
    for (const char* tag : scope_version_tags) tags.set(tag, std::string(span.scope->version));
  }
  tags.set_count(dropped_attributes_tag, span.dropped_attributes);
  tags.set_count(dropped_events_tag, span.dropped_events);
  tags.set_count(dropped_links_tag, span.dropped_links);
  return tags;
}

void write_span(JsonOut& json, const SpanView& span) {
  json.open('{');
  json.member("traceId", span.trace_id.to_hex());
  json.member("id", span.span_id.to_hex());
  if (span.parent_span_id.is_valid()) json.member("parentId", span.parent_span_id.to_hex());
  if (const auto kind = kind_name(span.kind); !kind.empty()) json.member("kind", kind);
  json.member("name", span.name);
  const std::uint64_t start = span.start_unix_nanos / nanos_per_micro;
  if (start > 0) json.member("timestamp", start);
  // Zipkin takes 0 for "not known".
  json.member("duration", std::max<std::uint64_t>(span.duration_nanos() / nanos_per_micro, 1));
  const std::string_view service = span.resource->service();
  json.key("localEndpoint");
  json.open('{');
  json.member("serviceName", service.empty() ? "unknown_service" : service);
  json.close('}');
  write_remote_endpoint(json, span);
  write_annotations(json, span);
  tags_of(span).write(json);
  json.close('}');
}

}  // namespace

std::string to_zipkin_json(std::span<const SpanView> spans) {
  std::string text = "[";
  JsonOut json(text);
  for (const SpanView& span : spans) write_span(json, span);
  json.close(']');
  return text;
}

}  // namespace segue::detail
