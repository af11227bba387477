#include "span_reader.h"

#include <cstdint>

#include "field_reader.h"
#include "field_tags.h"
#include "value.h"

namespace segue::otlp {
namespace {

constexpr const char* bad_trace_id = "trace id is not 16 bytes";
constexpr const char* zero_trace_id = "trace id is all zeros";
constexpr const char* bad_span_id = "span id is not 8 bytes";
constexpr const char* zero_span_id = "span id is all zeros";
constexpr const char* bad_parent_id = "parent span id is not 8 bytes";
constexpr const char* bad_link_id = "a link's trace or span id has the wrong length";

// An absent id stays zero; false for one of the wrong length.
template <class AnyId>
bool read_id(FieldReader& reader, AnyId& id) {
  const std::string_view raw = read_bytes(reader);
  if (raw.empty()) {
    id = AnyId{};
    return true;
  }
  const auto parsed = AnyId::from_bytes(raw);
  if (parsed) id = *parsed;
  return parsed.has_value();
}

}  // namespace

void SpanReader::spend(std::size_t count) {
  if (count > items_left_) {
    throw DecodeFailure{Errc::LimitExceeded, "too many attributes, events, links, scopes and resources"};
  }
  items_left_ -= count;
}

void SpanReader::read_attributes(const std::vector<std::string_view>& encoded, AttributeViews& attributes) {
  spend(encoded.size());
  attributes.reserve(encoded.size());
  for (const std::string_view bytes : encoded) {
    const AttributeView& attribute = attributes.emplace_back(read_key_value(bytes));
    check_nested(attribute.value, levels_);
  }
}

const char* SpanReader::read_span(std::string_view encoded, SpanView& span) {
  span_attributes_.clear();
  events_.clear();
  links_.clear();
  const char* rejection = read_span_fields(encoded, span);
  if (rejection == nullptr && !span.trace_id.is_valid()) rejection = zero_trace_id;
  if (rejection == nullptr && !span.span_id.is_valid()) rejection = zero_span_id;

  // Read even what will be rejected: whether a request is well-formed does not depend on its ids.
  read_attributes(span_attributes_, span.attributes);
  spend(events_.size() + links_.size());
  span.events.reserve(events_.size());
  for (const std::string_view bytes : events_) span.events.push_back(read_event(bytes));
  span.links.reserve(links_.size());
  for (const std::string_view bytes : links_) {
    if (!read_link(bytes, span.links.emplace_back()) && rejection == nullptr) rejection = bad_link_id;
  }
  return rejection;
}

const char* SpanReader::read_span_fields(std::string_view encoded, SpanView& span) {
  const char* rejection = nullptr;
  FieldReader reader = open_message(encoded);
  while (reader.next()) {
    switch (reader.tag_and_type()) {
      case wire::span_field::trace_id:
        if (!read_id(reader, span.trace_id)) rejection = bad_trace_id;
        break;
      case wire::span_field::span_id:
        if (!read_id(reader, span.span_id)) rejection = bad_span_id;
        break;
      case wire::span_field::trace_state: span.trace_state = read_bytes(reader); break;
      case wire::span_field::parent_span_id:
        if (!read_id(reader, span.parent_span_id)) rejection = bad_parent_id;
        break;
      case wire::span_field::name: span.name = read_bytes(reader); break;
      case wire::span_field::kind: span.kind = read_enumeration(reader, SpanKind::Consumer); break;
      case wire::span_field::start_time: span.start_unix_nanos = reader.get_fixed64(); break;
      case wire::span_field::end_time: span.end_unix_nanos = reader.get_fixed64(); break;
      case wire::span_field::attributes: collect_bytes(reader, span_attributes_, items_left_); break;
      case wire::span_field::dropped_attributes: span.dropped_attributes = read_uint32(reader); break;
      case wire::span_field::events: collect_bytes(reader, events_, items_left_); break;
      case wire::span_field::dropped_events: span.dropped_events = read_uint32(reader); break;
      case wire::span_field::links: collect_bytes(reader, links_, items_left_); break;
      case wire::span_field::dropped_links: span.dropped_links = read_uint32(reader); break;
      case wire::span_field::status: read_status(read_bytes(reader), span); break;
      case wire::span_flags_tag: span.flags = reader.get_fixed32(); break;
      default: skip_unknown(reader, 16);
    }
  }
  return rejection;
}

void SpanReader::read_status(std::string_view encoded, SpanView& span) const {
  FieldReader reader = open_message(encoded);
  while (reader.next()) {
    switch (reader.tag_and_type()) {
      case wire::status_field::message: span.status_message = read_bytes(reader); break;
      case wire::status_deprecated_code: reader.skip(); break;
      case wire::status_field::code: span.status = read_enumeration(reader, StatusCode::Error); break;
      default: skip_unknown(reader, 3);
    }
  }
}

EventView SpanReader::read_event(std::string_view encoded) {
  EventView event;
  attributes_.clear();
  FieldReader reader = open_message(encoded);
  while (reader.next()) {
    switch (reader.tag_and_type()) {
      case wire::event_field::time: event.time_unix_nanos = reader.get_fixed64(); break;
      case wire::event_field::name: event.name = read_bytes(reader); break;
      case wire::event_field::attributes: collect_bytes(reader, attributes_, items_left_); break;
      case wire::event_field::dropped_attributes: event.dropped_attributes = read_uint32(reader); break;
      default: skip_unknown(reader, 4);
    }
  }
  read_attributes(attributes_, event.attributes);
  return event;
}

bool SpanReader::read_link(std::string_view encoded, LinkView& link) {
  bool ids_fit = true;
  attributes_.clear();
  FieldReader reader = open_message(encoded);
  while (reader.next()) {
    switch (reader.tag_and_type()) {
      case wire::link_field::trace_id: ids_fit &= read_id(reader, link.trace_id); break;
      case wire::link_field::span_id: ids_fit &= read_id(reader, link.span_id); break;
      case wire::link_field::trace_state: link.trace_state = read_bytes(reader); break;
      case wire::link_field::attributes: collect_bytes(reader, attributes_, items_left_); break;
      case wire::link_field::dropped_attributes: link.dropped_attributes = read_uint32(reader); break;
      case wire::link_field::flags: link.flags = reader.get_fixed32(); break;
      default: skip_unknown(reader, 6);
    }
  }
  read_attributes(attributes_, link.attributes);
  return ids_fit;
}

ResourceView SpanReader::read_resource(std::string_view encoded) {
  ResourceView resource;
  attributes_.clear();
  FieldReader reader = open_message(encoded);
  while (reader.next()) {
    switch (reader.tag_and_type()) {
      case wire::resource_attributes: collect_bytes(reader, attributes_, items_left_); break;
      case wire::resource_dropped_attributes: resource.dropped_attributes = read_uint32(reader); break;
      default: skip_unknown(reader, 2);
    }
  }
  read_attributes(attributes_, resource.attributes);
  return resource;
}

ScopeView SpanReader::read_scope(std::string_view encoded) {
  ScopeView scope;
  attributes_.clear();
  FieldReader reader = open_message(encoded);
  while (reader.next()) {
    switch (reader.tag_and_type()) {
      case wire::scope_field::name: scope.name = read_bytes(reader); break;
      case wire::scope_field::version: scope.version = read_bytes(reader); break;
      case wire::scope_field::attributes: collect_bytes(reader, attributes_, items_left_); break;
      case wire::scope_field::dropped_attributes: scope.dropped_attributes = read_uint32(reader); break;
      default: skip_unknown(reader, 4);
    }
  }
  read_attributes(attributes_, scope.attributes);
  return scope;
}

}  // namespace segue::otlp
