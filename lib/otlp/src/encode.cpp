#include "segue/otlp/encode.h"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <variant>

#include "field_tags.h"
#include "message_writer.h"
#include "segue/otlp/wire.h"

namespace segue::otlp {
namespace {

namespace value_field = wire::any_value_field;

// The bytes of an AnyValue: first how many, then the bytes themselves.
struct ValueSize {
  std::size_t operator()(std::monostate) const { return 0; }
  std::size_t operator()(bool) const { return 2; }
  std::size_t operator()(std::int64_t value) const {
    return wire::varint_field_size(static_cast<std::uint64_t>(value));
  }
  std::size_t operator()(double) const { return wire::fixed64_field_size; }
  std::size_t operator()(std::string_view value) const { return wire::length_field_size(value.size()); }
  std::size_t operator()(BytesView value) const { return wire::length_field_size(value.bytes.size()); }
  std::size_t operator()(ArrayView value) const { return wire::length_field_size(value.encoded.size()); }
  std::size_t operator()(MapView value) const { return wire::length_field_size(value.encoded.size()); }
};

struct ValueWrite {
  char* out;
  void operator()(std::monostate) const {}
  void operator()(bool value) const { wire::write_varint_field(out, value_field::bool_value, value ? 1 : 0); }
  void operator()(std::int64_t value) const {
    wire::write_varint_field(out, value_field::int_value, static_cast<std::uint64_t>(value));
  }
  void operator()(double value) const {
    wire::write_fixed64_field(out, value_field::double_value, std::bit_cast<std::uint64_t>(value));
  }
  void operator()(std::string_view value) const { wire::write_length_field(out, value_field::string_value, value); }
  void operator()(BytesView value) const { wire::write_length_field(out, value_field::bytes_value, value.bytes); }
  void operator()(ArrayView value) const { wire::write_length_field(out, value_field::array_value, value.encoded); }
  void operator()(MapView value) const { wire::write_length_field(out, value_field::map_value, value.encoded); }
};

class Encoder {
 public:
  explicit Encoder(std::string& out) : writer_(out) {}

  void request(std::span<const SpanView> spans) {
    while (!spans.empty()) {
      const ResourceView* resource = spans.front().resource;
      const std::size_t count = leading(spans, [&](const SpanView& span) { return span.resource == resource; });
      writer_.message(wire::request_resource_spans, [&] { resource_spans(resource, spans.first(count)); });
      spans = spans.subspan(count);
    }
  }

  void span(const SpanView& span) {
    namespace tag = wire::span_field;
    writer_.bytes(tag::trace_id, span.trace_id.as_bytes());
    writer_.bytes(tag::span_id, span.span_id.as_bytes());
    text(tag::trace_state, span.trace_state);
    if (span.parent_span_id.is_valid()) writer_.bytes(tag::parent_span_id, span.parent_span_id.as_bytes());
    text(tag::name, span.name);
    number(tag::kind, static_cast<std::uint64_t>(span.kind));
    if (span.start_unix_nanos != 0) writer_.fixed64(tag::start_time, span.start_unix_nanos);
    if (span.end_unix_nanos != 0) writer_.fixed64(tag::end_time, span.end_unix_nanos);
    attributes(tag::attributes, span.attributes);
    number(tag::dropped_attributes, span.dropped_attributes);
    for (const EventView& entry : span.events) writer_.message(tag::events, [&] { event(entry); });
    number(tag::dropped_events, span.dropped_events);
    for (const LinkView& entry : span.links) writer_.message(tag::links, [&] { link(entry); });
    number(tag::dropped_links, span.dropped_links);
    if (span.status != StatusCode::Unset || !span.status_message.empty()) {
      writer_.message(tag::status, [&] { status(span); });
    }
    if (span.flags != 0) writer_.fixed32(wire::span_flags_tag, span.flags);
  }

  void resource(const ResourceView& resource) {
    attributes(wire::resource_attributes, resource.attributes);
    number(wire::resource_dropped_attributes, resource.dropped_attributes);
  }

  void scope(const ScopeView& scope) {
    namespace tag = wire::scope_field;
    text(tag::name, scope.name);
    text(tag::version, scope.version);
    attributes(tag::attributes, scope.attributes);
    number(tag::dropped_attributes, scope.dropped_attributes);
  }

 private:
  template <class Predicate>
  static std::size_t leading(std::span<const SpanView> spans, Predicate&& belongs) {
    std::size_t count = 0;
    while (count < spans.size() && belongs(spans[count])) ++count;
    return count;
  }

  void resource_spans(const ResourceView* owner, std::span<const SpanView> spans) {
    namespace tag = wire::group_field;
    if (owner != nullptr) writer_.message(tag::owner, [&] { resource(*owner); });
    while (!spans.empty()) {
      const ScopeView* scope = spans.front().scope;
      const std::size_t count = leading(spans, [&](const SpanView& span) { return span.scope == scope; });
      writer_.message(tag::members, [&] { scope_spans(scope, spans.first(count)); });
      spans = spans.subspan(count);
    }
    if (owner != nullptr) text(tag::schema_url, owner->schema_url);
  }

  void scope_spans(const ScopeView* owner, std::span<const SpanView> spans) {
    namespace tag = wire::group_field;
    if (owner != nullptr) writer_.message(tag::owner, [&] { scope(*owner); });
    for (const SpanView& entry : spans) writer_.message(tag::members, [&] { span(entry); });
    if (owner != nullptr) text(tag::schema_url, owner->schema_url);
  }

  void event(const EventView& event) {
    namespace tag = wire::event_field;
    if (event.time_unix_nanos != 0) writer_.fixed64(tag::time, event.time_unix_nanos);
    text(tag::name, event.name);
    attributes(tag::attributes, event.attributes);
    number(tag::dropped_attributes, event.dropped_attributes);
  }

  void link(const LinkView& link) {
    namespace tag = wire::link_field;
    writer_.bytes(tag::trace_id, link.trace_id.as_bytes());
    writer_.bytes(tag::span_id, link.span_id.as_bytes());
    text(tag::trace_state, link.trace_state);
    attributes(tag::attributes, link.attributes);
    number(tag::dropped_attributes, link.dropped_attributes);
    if (link.flags != 0) writer_.fixed32(tag::flags, link.flags);
  }

  void status(const SpanView& span) {
    text(wire::status_field::message, span.status_message);
    number(wire::status_field::code, static_cast<std::uint64_t>(span.status));
  }

  void attributes(char tag, const AttributeViews& attributes) {
    for (const AttributeView& attribute : attributes) {
      const std::size_t value_size = std::visit(ValueSize{}, attribute.value);
      const std::size_t size = wire::key_value_size(attribute.key.size(), value_size);
      char* out = writer_.extend(wire::length_field_size(size));
      out = wire::write_key_value_prefix(out, tag, attribute.key, value_size);
      std::visit(ValueWrite{out}, attribute.value);
    }
  }

  void text(char tag, std::string_view value) {
    if (!value.empty()) writer_.bytes(tag, value);
  }

  void number(char tag, std::uint64_t value) {
    if (value != 0) writer_.varint(tag, value);
  }

  MessageWriter writer_;
};

}  // namespace

std::string encode_request(std::span<const SpanView> spans) {
  std::string bytes;
  Encoder(bytes).request(spans);
  return bytes;
}

std::string encode_span(const SpanView& span) {
  std::string bytes;
  Encoder(bytes).span(span);
  return bytes;
}

std::string encode_resource(const ResourceView& resource) {
  std::string bytes;
  Encoder(bytes).resource(resource);
  return bytes;
}

std::string encode_scope(const ScopeView& scope) {
  std::string bytes;
  Encoder(bytes).scope(scope);
  return bytes;
}

}  // namespace segue::otlp
