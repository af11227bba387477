#include "segue/otlp/decode.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "messages.h"

namespace segue::otlp {
namespace {

using test::message;
using test::Writer;
using ::testing::HasSubstr;

TEST(DecodeRequest, AcceptsAnEmptyRequest) {
  const auto decoded = decode_request("");
  ASSERT_TRUE(decoded);
  EXPECT_TRUE(decoded->list.spans.empty());
  EXPECT_EQ(decoded->rejected_spans, 0U);
}

TEST(DecodeRequest, ReadsEveryFieldOfASpan) {
  const std::string bytes = test::request(test::span([](Writer& writer) {
    writer.add_string(3, "vendor=1");
    writer.add_bytes(4, "parent!!");
    writer.add_string(5, "lead_bot.analyze_intent");
    writer.add_enum(6, 3);
    writer.add_fixed64(7, 1'700'000'000'000'000'000U);
    writer.add_fixed64(8, 1'700'000'000'000'000'250U);
    writer.add_message(9, test::key_value("workflow.contact_id", test::string_value("c-1")));
    writer.add_uint32(10, 7);
    writer.add_uint32(12, 8);
    writer.add_uint32(14, 9);
    writer.add_message(15, message([](Writer& status) {
                         status.add_string(2, "no answer");
                         status.add_enum(3, 2);
                       }));
    writer.add_fixed32(16, 0x301);
  }));
  const auto decoded = decode_request(bytes);
  ASSERT_TRUE(decoded) << decoded.error().message;
  ASSERT_EQ(decoded->list.spans.size(), 1U);
  const SpanView& span = decoded->list.spans[0];
  EXPECT_EQ(span.trace_id.as_bytes(), test::trace_id_bytes());
  EXPECT_EQ(span.span_id.as_bytes(), test::span_id_bytes());
  EXPECT_EQ(span.parent_span_id.as_bytes(), "parent!!");
  EXPECT_EQ(span.trace_state, "vendor=1");
  EXPECT_EQ(span.name, "lead_bot.analyze_intent");
  EXPECT_EQ(span.kind, SpanKind::Client);
  EXPECT_EQ(span.start_unix_nanos, 1'700'000'000'000'000'000U);
  EXPECT_EQ(span.duration_nanos(), 250U);
  EXPECT_EQ(find_string(span.attributes, "workflow.contact_id"), "c-1");
  EXPECT_EQ(span.dropped_attributes, 7U);
  EXPECT_EQ(span.dropped_events, 8U);
  EXPECT_EQ(span.dropped_links, 9U);
  EXPECT_EQ(span.status, StatusCode::Error);
  EXPECT_EQ(span.status_message, "no answer");
  EXPECT_EQ(span.flags, 0x301U);
  EXPECT_NE(span.resource, nullptr);
  EXPECT_NE(span.scope, nullptr);
}

TEST(DecodeRequest, ReadsEventsAndLinks) {
  const std::string bytes = test::request(test::span([](Writer& writer) {
    writer.add_message(11, message([](Writer& event) {
                         event.add_fixed64(1, 42);
                         event.add_string(2, "exception");
                         event.add_message(3, test::key_value("exception.type", test::string_value("Timeout")));
                         event.add_uint32(4, 3);
                       }));
    writer.add_message(13, message([](Writer& link) {
                         link.add_bytes(1, test::trace_id_bytes());
                         link.add_bytes(2, test::span_id_bytes());
                         link.add_string(3, "a=b");
                         link.add_message(4, test::key_value("workflow.link.type", test::string_value("handoff")));
                         link.add_uint32(5, 4);
                         link.add_fixed32(6, 1);
                       }));
    writer.add_message(13, std::string());
  }));
  const auto decoded = decode_request(bytes);
  ASSERT_TRUE(decoded) << decoded.error().message;
  const SpanView& span = decoded->list.spans.at(0);
  ASSERT_EQ(span.events.size(), 1U);
  EXPECT_EQ(span.events[0].time_unix_nanos, 42U);
  EXPECT_EQ(span.events[0].name, "exception");
  EXPECT_EQ(find_string(span.events[0].attributes, "exception.type"), "Timeout");
  EXPECT_EQ(span.events[0].dropped_attributes, 3U);
  ASSERT_EQ(span.links.size(), 2U);
  EXPECT_EQ(span.links[0].trace_id, span.trace_id);
  EXPECT_EQ(span.links[0].span_id, span.span_id);
  EXPECT_EQ(span.links[0].trace_state, "a=b");
  EXPECT_EQ(find_string(span.links[0].attributes, "workflow.link.type"), "handoff");
  EXPECT_EQ(span.links[0].dropped_attributes, 4U);
  EXPECT_EQ(span.links[0].flags, 1U);
  EXPECT_FALSE(span.links[1].trace_id.is_valid());
}

TEST(DecodeRequest, GivesEachSpanItsResourceAndScopeInWhateverOrderTheyAreSent) {
  const std::string scope = message([](Writer& writer) {
    writer.add_string(1, "segue");
    writer.add_string(2, "0.1.0");
    writer.add_message(3, test::key_value("k", test::int_value(1)));
    writer.add_uint32(4, 2);
  });
  const std::string scope_spans = message([&](Writer& writer) {
    writer.add_message(2, test::span());
    writer.add_string(3, "https://scope.schema");
    writer.add_message(1, scope);
  });
  const std::string resource = message([](Writer& writer) {
    writer.add_message(1, test::key_value("service.name", test::string_value("jorge")));
    writer.add_uint32(2, 5);
  });
  const std::string bytes = message([&](Writer& writer) {
    writer.add_message(1, message([&](Writer& resource_spans) {
                         resource_spans.add_message(2, scope_spans);
                         resource_spans.add_string(3, "https://resource.schema");
                         resource_spans.add_message(1, resource);
                       }));
  });
  const auto decoded = decode_request(bytes);
  ASSERT_TRUE(decoded) << decoded.error().message;
  const SpanView& span = decoded->list.spans.at(0);
  EXPECT_EQ(span.resource->service(), "jorge");
  EXPECT_EQ(span.resource->dropped_attributes, 5U);
  EXPECT_EQ(span.resource->schema_url, "https://resource.schema");
  EXPECT_EQ(span.scope->name, "segue");
  EXPECT_EQ(span.scope->version, "0.1.0");
  EXPECT_EQ(span.scope->attributes.size(), 1U);
  EXPECT_EQ(span.scope->dropped_attributes, 2U);
  EXPECT_EQ(span.scope->schema_url, "https://scope.schema");
}

TEST(DecodeRequest, PointsIntoTheBytesItWasGiven) {
  const std::string bytes = test::request(test::span([](Writer& writer) { writer.add_string(5, "a name"); }));
  const auto decoded = decode_request(bytes);
  ASSERT_TRUE(decoded);
  const char* name = decoded->list.spans.at(0).name.data();
  EXPECT_GE(name, bytes.data());
  EXPECT_LT(name, bytes.data() + bytes.size());
}

TEST(DecodeRequest, ReadsEveryKindOfValue) {
  const std::string list = message([](Writer& writer) {
    writer.add_message(1, test::string_value("x"));
    writer.add_message(1, test::int_value(-2));
  });
  const std::string map =
      message([](Writer& writer) { writer.add_message(1, test::key_value("k", test::int_value(3))); });
  const std::string bytes = test::request(test::span([&](Writer& writer) {
    writer.add_message(9, test::key_value("string", test::string_value("text")));
    writer.add_message(9, test::key_value("bool", message([](Writer& value) { value.add_bool(2, true); })));
    writer.add_message(9, test::key_value("int", test::int_value(-5)));
    writer.add_message(9, test::key_value("double", message([](Writer& value) { value.add_double(4, 0.5); })));
    writer.add_message(9, test::key_value("array", message([&](Writer& value) { value.add_message(5, list); })));
    writer.add_message(9, test::key_value("map", message([&](Writer& value) { value.add_message(6, map); })));
    writer.add_message(9, test::key_value("bytes", message([](Writer& value) { value.add_bytes(7, "\xff"); })));
    writer.add_message(9, test::key_value("empty", ""));
  }));
  const auto decoded = decode_request(bytes);
  ASSERT_TRUE(decoded) << decoded.error().message;
  const AttributeViews& attributes = decoded->list.spans.at(0).attributes;
  EXPECT_EQ(*find_attribute(attributes, "string"), ValueView(std::string_view("text")));
  EXPECT_EQ(*find_attribute(attributes, "bool"), ValueView(true));
  EXPECT_EQ(*find_attribute(attributes, "int"), ValueView(std::int64_t{-5}));
  EXPECT_EQ(*find_attribute(attributes, "double"), ValueView(0.5));
  EXPECT_EQ(*find_attribute(attributes, "bytes"), ValueView(BytesView{"\xff"}));
  EXPECT_EQ(*find_attribute(attributes, "empty"), ValueView());

  std::vector<ValueView> elements;
  EXPECT_TRUE(for_each_element(std::get<ArrayView>(*find_attribute(attributes, "array")),
                               [&](const ValueView& element) { elements.push_back(element); }));
  EXPECT_EQ(elements, (std::vector<ValueView>{std::string_view("x"), std::int64_t{-2}}));
  std::vector<std::pair<std::string_view, ValueView>> entries;
  EXPECT_TRUE(for_each_entry(std::get<MapView>(*find_attribute(attributes, "map")),
                             [&](const AttributeView& entry) { entries.emplace_back(entry.key, entry.value); }));
  EXPECT_EQ(entries, (std::vector<std::pair<std::string_view, ValueView>>{{"k", std::int64_t{3}}}));
}

TEST(DecodeRequest, IgnoresUnknownFieldsOfAnyWireType) {
  const std::string bytes = test::request(test::span([](Writer& writer) {
    writer.add_uint64(100, 1);
    writer.add_fixed64(101, 1);
    writer.add_string(102, "from the future");
    writer.add_fixed32(103, 1);
    writer.add_string(5, "known");
  }));
  const auto decoded = decode_request(bytes);
  ASSERT_TRUE(decoded) << decoded.error().message;
  EXPECT_EQ(decoded->list.spans.at(0).name, "known");
}

TEST(DecodeRequest, IgnoresTheStatusCodeOfEarlySenders) {
  const auto decoded = decode_request(test::request(test::span(
      [](Writer& writer) { writer.add_message(15, message([](Writer& status) { status.add_enum(1, 2); })); })));
  ASSERT_TRUE(decoded) << decoded.error().message;
  EXPECT_EQ(decoded->list.spans.at(0).status, StatusCode::Unset);
}

TEST(DecodeRequest, ReadsEnumeratorsFromTheFutureAsUnspecified) {
  const std::string bytes = test::request(test::span([](Writer& writer) {
    writer.add_enum(6, 77);
    writer.add_message(15, message([](Writer& status) { status.add_enum(3, -1); }));
  }));
  const auto decoded = decode_request(bytes);
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->list.spans.at(0).kind, SpanKind::Unspecified);
  EXPECT_EQ(decoded->list.spans.at(0).status, StatusCode::Unset);
}

TEST(DecodeRequest, RejectsSpansWithBadIdsAndKeepsTheOthers) {
  const auto with_ids = [](const std::string& trace_id, const std::string& span_id) {
    return message([&](Writer& writer) {
      writer.add_bytes(1, trace_id);
      writer.add_bytes(2, span_id);
    });
  };
  const std::string bytes = test::request(
      test::span(), with_ids(std::string(16, '\0'), "12345678"), with_ids(test::trace_id_bytes(), std::string(8, '\0')),
      with_ids("short", "12345678"), with_ids(test::trace_id_bytes(), "123456789"), message([](Writer&) {}),
      test::span([](Writer& writer) { writer.add_bytes(4, "123"); }), test::span([](Writer& writer) {
        writer.add_message(13, message([](Writer& link) { link.add_bytes(1, "123"); }));
      }),
      test::span());
  const auto decoded = decode_request(bytes);
  ASSERT_TRUE(decoded) << decoded.error().message;
  EXPECT_EQ(decoded->list.spans.size(), 2U);
  EXPECT_EQ(decoded->rejected_spans, 7U);
  EXPECT_EQ(decoded->rejection_message, "resource_spans[0].scope_spans[0].spans[1]: trace id is all zeros");
}

TEST(DecodeRequest, RefusesEveryTruncation) {
  const std::string bytes = test::request(test::span([](Writer& writer) {
    writer.add_string(5, "name");
    writer.add_fixed64(7, 1);
    writer.add_message(9, test::key_value("k", test::nested_arrays(2, test::int_value(300))));
  }));
  ASSERT_TRUE(decode_request(bytes));
  for (std::size_t size = 1; size < bytes.size(); ++size) {
    const auto decoded = decode_request(std::string_view(bytes).substr(0, size));
    ASSERT_FALSE(decoded) << size;
    EXPECT_EQ(decoded.error().code, Errc::InvalidArgument);
  }
}

TEST(DecodeRequest, RefusesDamageEvenInsideARejectedSpan) {
  EXPECT_FALSE(decode_request(test::request(message([](Writer& writer) { writer.add_bytes(9, "\x0a\x7f"); }))));
}

TEST(DecodeRequest, SaysWhereAFieldHasTheWrongWireType) {
  const auto decoded =
      decode_request(test::request(test::span(), test::span([](Writer& writer) { writer.add_uint64(5, 1); })));
  ASSERT_FALSE(decoded);
  EXPECT_EQ(decoded.error().code, Errc::InvalidArgument);
  EXPECT_EQ(decoded.error().message, "resource_spans[0].scope_spans[0].spans[1]: field 5 has the wrong wire type 0");
}

TEST(DecodeRequest, FindsDamageInsideNestedValues) {
  const std::string broken = test::nested_arrays(3, "\x0a\x7f");
  const auto decoded = decode_request(
      test::request(test::span([&](Writer& writer) { writer.add_message(9, test::key_value("k", broken)); })));
  ASSERT_FALSE(decoded);
  EXPECT_EQ(decoded.error().code, Errc::InvalidArgument);
}

TEST(DecodeRequest, AcceptsValuesAsDeepAsAllowedAndNoDeeper) {
  const auto decode_levels = [](int levels) {
    const std::string value = test::nested_arrays(levels, test::int_value(1));
    const std::string bytes =
        test::request(test::span([&](Writer& writer) { writer.add_message(9, test::key_value("k", value)); }));
    return decode_request(bytes, {.max_value_depth = 8}).has_value();
  };
  EXPECT_TRUE(decode_levels(8));
  EXPECT_FALSE(decode_levels(9));
}

TEST(DecodeRequest, SurvivesNestingThatWouldOverflowTheStack) {
  const std::string value = test::nested_arrays(100'000, test::int_value(1));
  const std::string bytes =
      test::request(test::span([&](Writer& writer) { writer.add_message(9, test::key_value("k", value)); }));
  const auto decoded = decode_request(bytes);
  ASSERT_FALSE(decoded);
  EXPECT_EQ(decoded.error().code, Errc::LimitExceeded);
}

TEST(DecodeRequest, RefusesMoreSpansThanAllowed) {
  const std::string bytes = test::request(test::span(), test::span(), test::span());
  EXPECT_TRUE(decode_request(bytes, {.max_spans = 3}));
  const auto decoded = decode_request(bytes, {.max_spans = 2});
  ASSERT_FALSE(decoded);
  EXPECT_EQ(decoded.error().code, Errc::LimitExceeded);
}

TEST(DecodeRequest, RefusesMoreItemsThanAllowed) {
  const std::string bytes = test::request(test::span([](Writer& writer) {
    writer.add_message(9, std::string());
    writer.add_message(11, message([](Writer& event) { event.add_message(3, std::string()); }));
    writer.add_message(13, std::string());
  }));
  // One resource, one scope, one attribute, one event with an attribute, one link.
  EXPECT_TRUE(decode_request(bytes, {.max_items = 6}));
  const auto decoded = decode_request(bytes, {.max_items = 5});
  ASSERT_FALSE(decoded);
  EXPECT_EQ(decoded.error().code, Errc::LimitExceeded);
}

TEST(DecodeParts, ReadBareMessages) {
  const std::string span_bytes = test::span([](Writer& writer) { writer.add_string(5, "n"); });
  const auto span = decode_span(span_bytes);
  ASSERT_TRUE(span);
  EXPECT_EQ(span->name, "n");
  EXPECT_EQ(span->resource, nullptr);

  const std::string resource_bytes =
      message([](Writer& writer) { writer.add_message(1, test::key_value("service.name", test::string_value("s"))); });
  const auto resource = decode_resource(resource_bytes);
  ASSERT_TRUE(resource);
  EXPECT_EQ(resource->service(), "s");

  const std::string scope_bytes = message([](Writer& writer) { writer.add_string(1, "n"); });
  const auto scope = decode_scope(scope_bytes);
  ASSERT_TRUE(scope);
  EXPECT_EQ(scope->name, "n");
}

TEST(DecodeParts, RefuseASpanWithoutIds) {
  const auto span = decode_span("");
  ASSERT_FALSE(span);
  EXPECT_EQ(span.error().code, Errc::InvalidArgument);
  EXPECT_THAT(span.error().message, HasSubstr("trace id"));
}

TEST(ForEach, ReportsMalformedBytesAfterTheElementsBeforeThem) {
  const std::string list = message([](Writer& writer) { writer.add_message(1, test::int_value(1)); }) + "\x0a\x05";
  int visited = 0;
  EXPECT_FALSE(for_each_element(ArrayView{list}, [&](const ValueView&) { ++visited; }));
  EXPECT_EQ(visited, 1);
  EXPECT_FALSE(for_each_entry(MapView{"\x0a\x05"}, [&](const AttributeView&) { ++visited; }));
  EXPECT_EQ(visited, 1);
}

}  // namespace
}  // namespace segue::otlp
