#include "segue/otlp/encode.h"

#include <gtest/gtest.h>

#include <array>
#include <limits>
#include <string>

#include "messages.h"
#include "segue/otlp/decode.h"

namespace segue::otlp {
namespace {

using test::message;
using test::Writer;

SpanView named_span(std::string_view name) {
  SpanView span;
  span.trace_id = *TraceId::from_bytes(test::trace_id_bytes());
  span.span_id = *SpanId::from_bytes(test::span_id_bytes());
  span.name = name;
  return span;
}

TEST(EncodeSpan, WritesTheBytesOfTheSpecification) {
  SpanView span = named_span("ab");
  span.kind = SpanKind::Server;
  span.start_unix_nanos = 0x0102030405060708U;
  span.attributes.push_back({"k", std::int64_t{300}});
  span.status = StatusCode::Error;
  span.flags = 1;
  EXPECT_EQ(encode_span(span), std::string("\x0a\x10") + "0123456789abcdef" + "\x12\x08" + "fedcba98" +  // ids
                                   "\x2a\x02" + "ab" + "\x30\x02" +                                      // name, kind
                                   "\x39\x08\x07\x06\x05\x04\x03\x02\x01" +                              // start
                                   "\x4a\x08\x0a\x01" + "k" + "\x12\x03\x18\xac\x02" +                   // attribute
                                   "\x7a\x02\x18\x02" +                                                  // status
                                   std::string("\x85\x01\x01\x00\x00\x00", 6));                          // flags
}

TEST(EncodeSpan, LeavesOutDefaults) { EXPECT_EQ(encode_span(named_span("")).size(), 28U); }

TEST(EncodeSpan, RoundTripsEveryFieldAndKindOfValue) {
  const std::string list = message([](Writer& writer) { writer.add_message(1, test::int_value(7)); });
  const std::string map =
      message([](Writer& writer) { writer.add_message(1, test::key_value("k", test::int_value(3))); });
  const std::string long_text(100'000, 'x');
  SpanView span = named_span(long_text);
  span.parent_span_id = *SpanId::from_bytes("parent!!");
  span.flags = 0x301;
  span.trace_state = "a=1";
  span.kind = SpanKind::Consumer;
  span.start_unix_nanos = 1;
  span.end_unix_nanos = std::numeric_limits<std::uint64_t>::max();
  span.attributes = {{"empty", ValueView()},          {"bool", false},
                     {"int", std::int64_t{-1}},       {"double", -0.0},
                     {"string", std::string_view()},  {"bytes", BytesView{"\x01"}},
                     {"array", ArrayView{list}},      {"map", MapView{map}},
                     {"", std::string_view("no key")}};
  span.events = {{.time_unix_nanos = 5, .name = "e", .attributes = {{"k", true}}, .dropped_attributes = 6}, {}};
  span.links = {{.trace_id = span.trace_id,
                 .span_id = span.span_id,
                 .trace_state = "b=2",
                 .attributes = {{"k", 1.5}},
                 .dropped_attributes = 7,
                 .flags = 1}};
  span.dropped_attributes = 128;
  span.dropped_events = std::numeric_limits<std::uint32_t>::max();
  span.dropped_links = 1;
  span.status = StatusCode::Ok;
  span.status_message = "fine";

  const std::string bytes = encode_span(span);
  const auto decoded = decode_span(bytes);
  ASSERT_TRUE(decoded) << decoded.error().message;
  EXPECT_EQ(encode_span(*decoded), bytes);
  EXPECT_EQ(decoded->name, span.name);
  EXPECT_EQ(decoded->parent_span_id, span.parent_span_id);
  EXPECT_EQ(decoded->flags, span.flags);
  EXPECT_EQ(decoded->trace_state, span.trace_state);
  EXPECT_EQ(decoded->kind, span.kind);
  EXPECT_EQ(decoded->start_unix_nanos, span.start_unix_nanos);
  EXPECT_EQ(decoded->end_unix_nanos, span.end_unix_nanos);
  ASSERT_EQ(decoded->attributes.size(), span.attributes.size());
  for (std::size_t i = 0; i < span.attributes.size(); ++i) {
    EXPECT_EQ(decoded->attributes[i].key, span.attributes[i].key);
    EXPECT_EQ(decoded->attributes[i].value, span.attributes[i].value) << span.attributes[i].key;
  }
  ASSERT_EQ(decoded->events.size(), 2U);
  EXPECT_EQ(decoded->events[0].dropped_attributes, 6U);
  ASSERT_EQ(decoded->links.size(), 1U);
  EXPECT_EQ(decoded->links[0].attributes[0].value, ValueView(1.5));
  EXPECT_EQ(decoded->dropped_attributes, span.dropped_attributes);
  EXPECT_EQ(decoded->dropped_events, span.dropped_events);
  EXPECT_EQ(decoded->dropped_links, span.dropped_links);
  EXPECT_EQ(decoded->status, span.status);
  EXPECT_EQ(decoded->status_message, span.status_message);
}

TEST(EncodeRequest, GroupsNeighboursOfTheSameResourceAndScope) {
  const ResourceView jorge = {.attributes = {{"service.name", std::string_view("jorge")}},
                              .dropped_attributes = 1,
                              .schema_url = "https://resource"};
  const ScopeView library = {
      .name = "segue", .version = "1", .attributes = {{"k", true}}, .schema_url = "https://scope"};
  ScopeView other;
  other.name = "other";
  std::array spans = {named_span("a"), named_span("b"), named_span("c"), named_span("d")};
  spans[0].resource = spans[1].resource = spans[2].resource = &jorge;
  spans[0].scope = spans[1].scope = &library;
  spans[2].scope = &other;

  const std::string bytes = encode_request(spans);
  const auto decoded = decode_request(bytes);
  ASSERT_TRUE(decoded) << decoded.error().message;
  ASSERT_EQ(decoded->list.spans.size(), 4U);
  EXPECT_EQ(decoded->list.resources.size(), 2U);
  EXPECT_EQ(decoded->list.scopes.size(), 3U);
  const SpanView& second = decoded->list.spans[1];
  EXPECT_EQ(second.resource->service(), "jorge");
  EXPECT_EQ(second.resource->dropped_attributes, 1U);
  EXPECT_EQ(second.resource->schema_url, "https://resource");
  EXPECT_EQ(second.scope->name, "segue");
  EXPECT_EQ(second.scope->schema_url, "https://scope");
  EXPECT_EQ(decoded->list.spans[2].scope->name, "other");
  EXPECT_TRUE(decoded->list.spans[3].resource->attributes.empty());
  EXPECT_EQ(encode_request(decoded->list.spans).size(),
            bytes.size() + 4);  // the empty resource and scope are now there
}

TEST(EncodeRequest, WritesNothingForNoSpans) { EXPECT_EQ(encode_request({}), ""); }

TEST(EncodeParts, RoundTrip) {
  const ResourceView resource = {
      .attributes = {{"service.name", std::string_view("s")}}, .dropped_attributes = 300, .schema_url = ""};
  const std::string resource_bytes = encode_resource(resource);
  const auto decoded_resource = decode_resource(resource_bytes);
  ASSERT_TRUE(decoded_resource);
  EXPECT_EQ(decoded_resource->service(), "s");
  EXPECT_EQ(decoded_resource->dropped_attributes, 300U);

  const ScopeView scope = {
      .name = "n", .version = "v", .attributes = {{"k", 2.0}}, .dropped_attributes = 2, .schema_url = ""};
  const std::string scope_bytes = encode_scope(scope);
  const auto decoded_scope = decode_scope(scope_bytes);
  ASSERT_TRUE(decoded_scope);
  EXPECT_EQ(decoded_scope->name, "n");
  EXPECT_EQ(decoded_scope->version, "v");
  EXPECT_EQ(decoded_scope->attributes.at(0).value, ValueView(2.0));
  EXPECT_EQ(decoded_scope->dropped_attributes, 2U);
}

}  // namespace
}  // namespace segue::otlp
