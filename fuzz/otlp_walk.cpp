#include "otlp_walk.h"

#include <cstdint>
#include <string>
#include <variant>

#include "segue/otlp/decode.h"
#include "segue/otlp/encode.h"
#include "segue/otlp/json.h"
#include "target.h"

namespace segue::fuzz {
namespace {

// Touches every byte that `text` claims to have.
void touch(std::string_view text) {
  unsigned sum = 0;
  for (const char character : text) sum += static_cast<unsigned char>(character);
  volatile unsigned sink = sum;
  (void)sink;
}

struct WalkValue {
  void operator()(std::monostate) const {}
  void operator()(bool) const {}
  void operator()(std::int64_t) const {}
  void operator()(double) const {}
  void operator()(std::string_view value) const { touch(value); }
  void operator()(BytesView value) const { touch(value.bytes); }
  void operator()(ArrayView value) const {
    require(otlp::for_each_element(value, [this](const ValueView& element) { std::visit(*this, element); }),
            "an array that was accepted cannot be read");
  }
  void operator()(MapView value) const {
    require(otlp::for_each_entry(value,
                                 [this](const AttributeView& entry) {
                                   touch(entry.key);
                                   std::visit(*this, entry.value);
                                 }),
            "a map that was accepted cannot be read");
  }
};

void walk_attributes(const AttributeViews& attributes) {
  for (const AttributeView& attribute : attributes) {
    touch(attribute.key);
    std::visit(WalkValue{}, attribute.value);
    std::string plain;
    otlp::append_json_value(plain, attribute.value);
    touch(plain);
  }
}

void walk_span(const SpanView& span) {
  require(span.trace_id.is_valid() && span.span_id.is_valid(), "a span without ids was accepted");
  require(span.resource != nullptr && span.scope != nullptr, "a span has no resource or scope");
  walk_attributes(span.attributes);
  for (const EventView& event : span.events) {
    touch(event.name);
    walk_attributes(event.attributes);
  }
  for (const LinkView& link : span.links) {
    touch(link.trace_state);
    walk_attributes(link.attributes);
  }
  touch(span.name);
  touch(span.trace_state);
  touch(span.status_message);
  walk_attributes(span.resource->attributes);
  touch(span.resource->schema_url);
  walk_attributes(span.scope->attributes);
  touch(span.scope->name);
  touch(span.scope->version);
  touch(span.scope->schema_url);
}

}  // namespace

bool walk_request(std::string_view protobuf) {
  const auto request = otlp::decode_request(protobuf);
  if (!request) {
    require(!request.error().message.empty(), "an error says nothing");
    return false;
  }
  for (const SpanView& span : request->list.spans) walk_span(span);
  const std::string encoded = otlp::encode_request(request->list.spans);
  const auto again = otlp::decode_request(encoded);
  require(again.has_value(), "what was encoded cannot be decoded");
  require(again->rejected_spans == 0, "what was encoded is rejected");
  require(again->list.spans.size() == request->list.spans.size(), "spans got lost");
  require(otlp::encode_request(again->list.spans) == encoded, "encoding is not stable");
  return true;
}

}  // namespace segue::fuzz
