#include "json.h"

#include <cmath>
#include <string>
#include <string_view>
#include <type_traits>

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include "segue/base/hex.h"
#include "segue/base/utf8.h"
#include "segue/otlp/decode.h"
#include "segue/server/recognise/recognition.h"

namespace segue::server {
namespace json = boost::json;
namespace {

json::string text(std::string_view raw) { return json::string(to_valid_utf8(std::string(raw))); }

json::string decimal(std::uint64_t number) { return json::string(std::to_string(number)); }

template <class AnyId>
json::string hex_or_empty(const AnyId& id) {
  return id.is_valid() ? json::string(id.to_hex()) : json::string();
}

/// JSON has no number for these; the strings are those of OTLP/JSON.
json::value real_number(double number) {
  if (std::isnan(number)) return "NaN";
  if (std::isinf(number)) return number > 0 ? "Infinity" : "-Infinity";
  return number;
}

json::object typed(std::string_view type, json::value value) { return {{"type", type}, {"value", std::move(value)}}; }

json::object to_typed(const ValueView& value);

json::object to_attribute(const AttributeView& attribute) {
  json::object object = {{"key", text(attribute.key)}};
  for (auto& member : to_typed(attribute.value)) object.insert(std::move(member));
  return object;
}

/// Decoding has checked nested values down to the last byte, so that neither walk can meet damage.
json::array elements_of(ArrayView array) {
  json::array elements;
  (void)otlp::for_each_element(array, [&](const ValueView& element) { elements.push_back(to_typed(element)); });
  return elements;
}

json::array entries_of(MapView map) {
  json::array entries;
  (void)otlp::for_each_entry(map, [&](const AttributeView& entry) { entries.push_back(to_attribute(entry)); });
  return entries;
}

struct ToTyped {
  json::object operator()(std::monostate) const { return typed("empty", nullptr); }
  json::object operator()(bool value) const { return typed("bool", value); }
  json::object operator()(std::int64_t value) const { return typed("int", json::string(std::to_string(value))); }
  json::object operator()(double value) const { return typed("double", real_number(value)); }
  json::object operator()(std::string_view value) const { return typed("string", text(value)); }
  json::object operator()(BytesView value) const { return typed("bytes", json::string(to_base64(value.bytes))); }
  json::object operator()(ArrayView value) const { return typed("array", elements_of(value)); }
  json::object operator()(MapView value) const { return typed("map", entries_of(value)); }
};

json::object to_typed(const ValueView& value) { return std::visit(ToTyped{}, value); }

json::array to_attributes(const AttributeViews& attributes) {
  json::array array;
  array.reserve(attributes.size());
  for (const AttributeView& attribute : attributes) array.push_back(to_attribute(attribute));
  return array;
}

json::array to_events(const std::vector<EventView>& events) {
  json::array array;
  for (const EventView& event : events) {
    array.push_back(json::object{{"time_ns", decimal(event.time_unix_nanos)},
                                 {"name", text(event.name)},
                                 {"attributes", to_attributes(event.attributes)}});
  }
  return array;
}

json::array to_links(const std::vector<LinkView>& links) {
  json::array array;
  for (const LinkView& link : links) {
    array.push_back(json::object{{"trace_id", link.trace_id.to_hex()},
                                 {"span_id", link.span_id.to_hex()},
                                 {"attributes", to_attributes(link.attributes)}});
  }
  return array;
}

json::object to_json(const JourneyHandoff& handoff) {
  json::object object = to_json(handoff.record);
  object["target_spoke"] = handoff.target_spoke;
  return object;
}

}  // namespace

json::array to_json_array(const std::vector<std::string>& texts) {
  json::array array;
  array.reserve(texts.size());
  for (const std::string& item : texts) array.push_back(text(item));
  return array;
}

json::object to_json(const TraceSummary& summary) {
  return {{"trace_id", summary.trace_id.to_hex()},
          {"root_name", text(summary.root_name)},
          {"root_service", text(summary.root_service)},
          {"start_ns", decimal(summary.start_unix_nanos)},
          {"end_ns", decimal(summary.end_unix_nanos)},
          {"spans", summary.spans},
          {"errors", summary.errors},
          {"bots", to_json_array(summary.bots)},
          {"contact_ids", to_json_array(summary.contact_ids)}};
}

json::object to_json(const HandoffRecord& handoff) {
  return {{"source_bot", text(handoff.source_bot)},
          {"target_bot", text(handoff.target_bot)},
          {"contact_id", text(handoff.contact_id)},
          {"confidence", handoff.confidence ? real_number(*handoff.confidence) : json::value(nullptr)},
          {"reason", text(handoff.reason)},
          {"outcome", text(handoff.outcome)},
          {"trace_id", handoff.trace_id.to_hex()},
          {"span_id", handoff.span_id.to_hex()},
          {"start_ns", decimal(handoff.start_unix_nanos)},
          {"end_ns", decimal(handoff.end_unix_nanos)}};
}

json::object to_json(const JourneySummary& summary) {
  return {{"contact_id", text(summary.contact_id)},
          {"conversation_ids", to_json_array(summary.conversation_ids)},
          {"first_ns", decimal(summary.first_unix_nanos)},
          {"last_ns", decimal(summary.last_unix_nanos)},
          {"traces", summary.traces},
          {"spans", summary.spans},
          {"errors", summary.errors},
          {"bots", to_json_array(summary.bots)},
          {"handoffs", to_json_array(summary.handoffs)}};
}

json::object to_json(const Journey& journey) {
  json::array handoffs, traces;
  for (const JourneyHandoff& handoff : journey.handoffs) handoffs.push_back(to_json(handoff));
  for (const JourneyTrace& trace : journey.traces) traces.push_back(to_json(trace.summary));
  return {{"contact_id", text(journey.contact_id)},
          {"conversation_ids", to_json_array(journey.conversation_ids)},
          {"first_ns", decimal(journey.first_unix_nanos)},
          {"last_ns", decimal(journey.last_unix_nanos)},
          {"traces", journey.traces.size()},
          {"spans", journey.spans},
          {"errors", journey.errors},
          {"bots", to_json_array(journey.bots)},
          {"handoffs", std::move(handoffs)},
          {"trace_list", std::move(traces)},
          {"truncated", journey.is_truncated}};
}

json::object to_json(const SpanView& span) {
  const Recognition meaning = recognise(span);
  return {{"trace_id", span.trace_id.to_hex()},
          {"span_id", span.span_id.to_hex()},
          {"parent_span_id", hex_or_empty(span.parent_span_id)},
          {"name", text(span.name)},
          {"kind", to_string(span.kind)},
          {"start_ns", decimal(span.start_unix_nanos)},
          {"end_ns", decimal(span.end_unix_nanos)},
          {"status", json::object{{"code", to_string(span.status)}, {"message", text(span.status_message)}}},
          {"service", text(span.resource->service())},
          {"scope", json::object{{"name", text(span.scope->name)}, {"version", text(span.scope->version)}}},
          {"role", to_string(meaning.role)},
          {"bot", text(meaning.bot)},
          {"node", text(meaning.node)},
          {"contact_id", text(meaning.contact_id)},
          {"attributes", to_attributes(span.attributes)},
          {"events", to_events(span.events)},
          {"links", to_links(span.links)},
          {"resource", to_attributes(span.resource->attributes)}};
}

std::string with_span_list(const json::object& head, const std::vector<const SpanView*>& spans) {
  std::string text = json::serialize(head);
  text.back() = ',';  // in place of the closing brace
  text += R"("span_list":[)";
  for (const SpanView* span : spans) {
    if (span != spans.front()) text += ',';
    text += json::serialize(to_json(*span));
  }
  return text + "]}";
}

json::object to_json(const BotNodes& bot) { return {{"bot", text(bot.bot)}, {"nodes", to_json_array(bot.nodes)}}; }

}  // namespace segue::server
