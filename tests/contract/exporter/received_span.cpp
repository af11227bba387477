#include "received_span.h"

#include <stdexcept>

#include "segue/otlp/decode.h"
#include "segue/otlp/json.h"

namespace segue::contract {

void PrintTo(const ReceivedSpan& span, std::ostream* out) {
  *out << span.name << " (" << span.kind << ' ' << span.status << ' ' << span.status_message << ") " << span.trace_id
       << '-' << span.span_id << " parent " << span.parent_span_id << " at " << span.start_micros << " for "
       << span.duration_micros << " service " << span.service << " scope " << span.scope << " schema "
       << span.schema_url;
  for (const auto& [key, value] : span.attributes) *out << "\n  " << key << " = " << value;
  for (const std::string& event : span.events) *out << "\n  event " << event;
  for (const std::string& link : span.links) *out << "\n  link " << link;
}

std::string value_as_text(const ValueView& value) {
  if (const auto* text = std::get_if<std::string_view>(&value)) return std::string(*text);
  std::string json;
  otlp::append_json_value(json, value);
  return json.starts_with('"') ? json.substr(1, json.size() - 2) : json;
}

std::string attributes_as_json(const AttributeViews& attributes) {
  std::string json = "{";
  for (const AttributeView& attribute : attributes) {
    if (json.size() > 1) json += ',';
    otlp::append_json_string(json, attribute.key);
    json += ':';
    otlp::append_json_value(json, attribute.value);
  }
  return json + '}';
}

ReceivedSpan to_received(const SpanView& span) {
  ReceivedSpan received;
  received.trace_id = span.trace_id.to_hex();
  received.span_id = span.span_id.to_hex();
  if (span.parent_span_id.is_valid()) received.parent_span_id = span.parent_span_id.to_hex();
  received.name = span.name;
  received.kind = to_string(span.kind);
  received.start_micros = span.start_unix_nanos / 1000;
  received.duration_micros = span.duration_nanos() / 1000;
  for (const AttributeView& each : span.attributes)
    received.attributes[std::string(each.key)] = value_as_text(each.value);
  for (const EventView& event : span.events) {
    received.events.push_back(std::string(event.name) + ' ' + attributes_as_json(event.attributes));
  }
  for (const LinkView& link : span.links) {
    received.links.push_back(link.trace_id.to_hex() + '-' + link.span_id.to_hex());
  }
  received.status = to_string(span.status);
  received.status_message = span.status_message;
  received.service = span.resource->service();
  received.scope = std::string(span.scope->name) + '@' + std::string(span.scope->version);
  received.schema_url = span.scope->schema_url;
  return received;
}

std::vector<ReceivedSpan> from_otlp(std::string_view request) {
  const auto decoded = otlp::decode_request(request);
  if (!decoded) throw std::runtime_error(decoded.error().message);
  std::vector<ReceivedSpan> spans;
  for (const SpanView& span : decoded->list.spans) spans.push_back(to_received(span));
  return spans;
}

}  // namespace segue::contract
