#include "segue/otlp/json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "messages.h"
#include "segue/otlp/decode.h"

namespace segue::otlp {
namespace {

using test::message;
using test::Writer;
using ::testing::HasSubstr;

std::string span_json(const std::string& members) {
  return R"({"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"5B8EFFF798038103D269B633813FC60C",)"
         R"("spanId":"EEE19B7EC3C1B174")" +
         (members.empty() ? "" : "," + members) + "}]}]}]}";
}

// Why `request_from_json` refused a span with these members; empty if it did not.
std::string refusal(const std::string& members) {
  const auto protobuf = request_from_json(span_json(members));
  return protobuf ? "" : protobuf.error().message;
}

// The request after JSON -> protobuf -> JSON.
std::string round_trip(const std::string& json) {
  const auto protobuf = request_from_json(json);
  if (!protobuf) return protobuf.error().message;
  EXPECT_TRUE(decode_request(*protobuf));
  const auto text = request_to_json(*protobuf);
  return text ? *text : text.error().message;
}

std::string value_round_trip(const std::string& value) {
  const std::string before = R"("attributes":[{"key":"k","value":)";
  const std::string text = round_trip(span_json(before + value + "}]"));
  const std::size_t start = text.find(before);
  if (start == std::string::npos) return text;
  const std::string rest = text.substr(start + before.size());
  return rest.substr(0, rest.size() - std::string("}]}]}]}]}").size());
}

TEST(RequestFromJson, ReadsTheProtocolsOwnExample) {
  const auto protobuf = request_from_json(R"({
    "resourceSpans": [{
      "resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "my.service"}}]},
      "scopeSpans": [{
        "scope": {"name": "my.library", "version": "1.0.0",
                  "attributes": [{"key": "my.scope.attribute", "value": {"stringValue": "some scope attribute"}}]},
        "spans": [{
          "traceId": "5B8EFFF798038103D269B633813FC60C", "spanId": "EEE19B7EC3C1B174",
          "parentSpanId": "EEE19B7EC3C1B173", "name": "I'm a server span",
          "startTimeUnixNano": "1544712660000000000", "endTimeUnixNano": "1544712661000000000", "kind": 2,
          "attributes": [{"key": "my.span.attr", "value": {"stringValue": "some value"}}],
          "status": {"code": 2, "message": "no"}, "flags": 257
        }]
      }]
    }]
  })");
  ASSERT_TRUE(protobuf) << protobuf.error().message;
  const auto decoded = decode_request(*protobuf);
  ASSERT_TRUE(decoded) << decoded.error().message;
  ASSERT_EQ(decoded->list.spans.size(), 1U);
  const SpanView& span = decoded->list.spans[0];
  EXPECT_EQ(span.resource->service(), "my.service");
  EXPECT_EQ(span.scope->version, "1.0.0");
  EXPECT_EQ(span.trace_id.to_hex(), "5b8efff798038103d269b633813fc60c");
  EXPECT_EQ(span.parent_span_id.to_hex(), "eee19b7ec3c1b173");
  EXPECT_EQ(span.name, "I'm a server span");
  EXPECT_EQ(span.kind, SpanKind::Server);
  EXPECT_EQ(span.duration_nanos(), 1'000'000'000U);
  EXPECT_EQ(find_string(span.attributes, "my.span.attr"), "some value");
  EXPECT_EQ(span.status, StatusCode::Error);
  EXPECT_EQ(span.flags, 257U);
}

TEST(RequestFromJson, AcceptsAnEmptyRequest) {
  EXPECT_EQ(request_from_json("{}").value(), "");
  EXPECT_EQ(request_from_json(R"({"resourceSpans":[]})").value(), "");
}

TEST(RequestFromJson, WritesBackEveryField) {
  const std::string attributes = R"("attributes":[{"key":"k","value":{"stringValue":"v"}}],"droppedAttributesCount":1)";
  const std::string json =
      R"({"resourceSpans":[{"resource":{)" + attributes + R"(},"scopeSpans":[{"scope":{"name":"n","version":"v",)" +
      attributes +
      R"(},"spans":[{"traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174","traceState":"a=b",)"
      R"("parentSpanId":"eee19b7ec3c1b173","flags":769,"name":"x","kind":5,"startTimeUnixNano":"1",)"
      R"("endTimeUnixNano":"18446744073709551615",)" +
      attributes + R"(,"events":[{"timeUnixNano":"3","name":"e",)" + attributes +
      R"(}],"droppedEventsCount":2,"links":[{"traceId":"5b8efff798038103d269b633813fc60c",)"
      R"("spanId":"eee19b7ec3c1b174","traceState":"c=d",)" +
      attributes +
      R"(,"flags":4294967295}],"droppedLinksCount":4294967295,"status":{"message":"m","code":1}}],)"
      R"("schemaUrl":"s"}],"schemaUrl":"r"}]})";
  EXPECT_EQ(round_trip(json), json);
}

TEST(RequestFromJson, WritesBackEveryKindOfValue) {
  for (const std::string value :
       {R"({"stringValue":""})", R"({"stringValue":"a\"b\\c\n\u0001é"})", R"({"boolValue":false})",
        R"({"intValue":"-9223372036854775808"})", R"({"doubleValue":0.1})", R"({"doubleValue":-0})",
        R"({"doubleValue":"NaN"})", R"({"doubleValue":"-Infinity"})", R"({"doubleValue":1e+300})",
        R"({"arrayValue":{}})", R"({"arrayValue":{"values":[{"intValue":"1"},{"arrayValue":{"values":[{}]}}]}})",
        R"({"kvlistValue":{"values":[{"key":"a","value":{"kvlistValue":{}}},{"key":"b","value":{"boolValue":true}}]}})",
        R"({"bytesValue":"AP/+"})", R"({})"}) {
    EXPECT_EQ(value_round_trip(value), value);
  }
}

TEST(RequestFromJson, ReadsNumbersInEveryFormTheProtobufMappingAllows) {
  EXPECT_EQ(value_round_trip(R"({"intValue":12})"), R"({"intValue":"12"})");
  EXPECT_EQ(value_round_trip(R"({"intValue":1.2e1})"), R"({"intValue":"12"})");
  EXPECT_EQ(value_round_trip(R"({"intValue":"-3"})"), R"({"intValue":"-3"})");
  EXPECT_EQ(value_round_trip(R"({"intValue":9223372036854775807})"), R"({"intValue":"9223372036854775807"})");
  EXPECT_EQ(value_round_trip(R"({"doubleValue":"2.5"})"), R"({"doubleValue":2.5})");
  EXPECT_EQ(value_round_trip(R"({"doubleValue":7})"), R"({"doubleValue":7})");
  EXPECT_EQ(value_round_trip(R"({"doubleValue":4.94e-324})"), R"({"doubleValue":5e-324})");
  EXPECT_EQ(value_round_trip(R"({"bytesValue":"_-8"})"), R"({"bytesValue":"/+8="})");
  EXPECT_EQ(refusal(R"("startTimeUnixNano":1544712660000000000,"endTimeUnixNano":"1","droppedLinksCount":"3")"), "");
}

TEST(RequestFromJson, RefusesNumbersThatDoNotFit) {
  EXPECT_THAT(refusal(R"("attributes":[{"key":"k","value":{"intValue":9223372036854775808}}])"), HasSubstr("intValue"));
  EXPECT_THAT(refusal(R"("attributes":[{"key":"k","value":{"intValue":1.5}}])"), HasSubstr("intValue"));
  EXPECT_THAT(refusal(R"("attributes":[{"key":"k","value":{"intValue":"x"}}])"), HasSubstr("intValue"));
  EXPECT_THAT(refusal(R"("attributes":[{"key":"k","value":{"intValue":""}}])"), HasSubstr("intValue"));
  EXPECT_THAT(refusal(R"("attributes":[{"key":"k","value":{"doubleValue":1e400}}])"), HasSubstr("doubleValue"));
  EXPECT_THAT(refusal(R"("attributes":[{"key":"k","value":{"doubleValue":1e-400}}])"), HasSubstr("doubleValue"));
  EXPECT_THAT(refusal(R"("attributes":[{"key":"k","value":{"doubleValue":"inf"}}])"), HasSubstr("doubleValue"));
  EXPECT_THAT(refusal(R"("attributes":[{"key":"k","value":{"doubleValue":"nan"}}])"), HasSubstr("doubleValue"));
  EXPECT_THAT(refusal(R"("startTimeUnixNano":-1)"), HasSubstr("startTimeUnixNano"));
  EXPECT_THAT(refusal(R"("startTimeUnixNano":18446744073709551616)"), HasSubstr("startTimeUnixNano"));
  EXPECT_THAT(refusal(R"("flags":4294967296)"), HasSubstr("flags"));
  EXPECT_THAT(refusal(R"("kind":2147483648)"), HasSubstr("kind"));
}

TEST(RequestFromJson, TakesEnumeratorsAsNumbersOnly) {
  EXPECT_EQ(refusal(R"("kind":3)"), "");
  EXPECT_NE(refusal(R"("kind":"SPAN_KIND_CLIENT")"), "");
  EXPECT_NE(refusal(R"("kind":"3")"), "");
}

TEST(RequestFromJson, RefusesTheWrongType) {
  EXPECT_THAT(refusal(R"("name":1)"), HasSubstr("expected a string"));
  EXPECT_THAT(refusal(R"("attributes":{})"), HasSubstr("expected an array"));
  EXPECT_THAT(refusal(R"("attributes":[null])"), HasSubstr("expected an object"));
  EXPECT_THAT(refusal(R"("status":[])"), HasSubstr("expected an object"));
  EXPECT_THAT(refusal(R"("attributes":[{"key":"k","value":{"boolValue":"true"}}])"), HasSubstr("true or false"));
  EXPECT_THAT(refusal(R"("parentSpanId":"xyz")"), HasSubstr("parentSpanId is not hex"));
  EXPECT_THAT(refusal(R"("attributes":[{"key":"k","value":{"bytesValue":"*"}}])"), HasSubstr("bytesValue"));
}

TEST(RequestFromJson, IgnoresUnknownMembersAndSnakeCase) {
  EXPECT_EQ(round_trip(span_json(R"("future":{"deep":[1,{"x":null}]},"start_time_unix_nano":"5","name":"known")")),
            round_trip(span_json(R"("name":"known")")));
}

TEST(RequestFromJson, TakesNullForAbsent) {
  EXPECT_EQ(round_trip(span_json(R"("name":null,"attributes":null,"status":null)")), round_trip(span_json("")));
}

TEST(RequestFromJson, RefusesAMemberThatComesTwice) {
  EXPECT_THAT(refusal(R"("name":"a","name":"b")"), HasSubstr("name comes twice"));
  EXPECT_THAT(refusal(R"("attributes":[],"attributes":[])"), HasSubstr("attributes comes twice"));
  EXPECT_THAT(refusal(R"("attributes":[{"key":"k","value":{"intValue":1,"stringValue":"x"}}])"),
              HasSubstr("stringValue is a second value"));
}

TEST(RequestFromJson, LeavesIdsOfTheWrongLengthToTheDecoder) {
  const auto protobuf = request_from_json(span_json(R"("parentSpanId":"abcd")"));
  ASSERT_TRUE(protobuf);
  const auto decoded = decode_request(*protobuf);
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->rejected_spans, 1U);
  EXPECT_THAT(decoded->rejection_message, HasSubstr("parent span id"));
}

TEST(RequestFromJson, BoundsNesting) {
  const auto nested = [](int levels) {
    std::string before;
    std::string after;
    for (int i = 0; i < levels; ++i) {
      before += R"({"arrayValue":{"values":[)";
      after += "]}}";
    }
    return span_json(R"("attributes":[{"key":"k","value":)" + before + R"({"intValue":"1"})" + after + "}]");
  };
  const auto accepted = request_from_json(nested(64));
  ASSERT_TRUE(accepted) << accepted.error().message;
  EXPECT_TRUE(decode_request(*accepted));
  EXPECT_TRUE(request_to_json(*accepted));
  const auto refused = request_from_json(nested(100'000));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::LimitExceeded);
}

TEST(RequestFromJson, RefusesEveryTruncation) {
  const std::string json =
      span_json(R"("name":"é\u0041","kind":2,"attributes":[{"key":"k","value":{"boolValue":true}}])");
  ASSERT_TRUE(request_from_json(json));
  for (std::size_t size = 0; size < json.size(); ++size) {
    EXPECT_FALSE(request_from_json(json.substr(0, size))) << size;
  }
}

TEST(RequestToJson, GathersRepeatedFieldsThatLieApart) {
  const std::string bytes = test::request(test::span([](Writer& writer) {
    writer.add_message(9, test::key_value("a", test::int_value(1)));
    writer.add_string(5, "first");
    writer.add_message(9, test::key_value("b", test::int_value(2)));
    writer.add_string(5, "last");
    writer.add_message(9, test::key_value("c", ""));
  }));
  EXPECT_THAT(
      request_to_json(bytes).value(),
      HasSubstr(
          R"("name":"last","attributes":[{"key":"a","value":{"intValue":"1"}},{"key":"b","value":{"intValue":"2"}},{"key":"c","value":{}}]})"));
}

TEST(RequestToJson, WritesOnlyTheLastOfAOneOf) {
  const std::string value = test::int_value(1) + test::string_value("x") + test::int_value(2);
  const std::string bytes =
      test::request(test::span([&](Writer& writer) { writer.add_message(9, test::key_value("k", value)); }));
  EXPECT_THAT(request_to_json(bytes).value(), HasSubstr(R"("value":{"intValue":"2"})"));
}

TEST(RequestToJson, ReplacesWhatIsNotUtf8) {
  const std::string bytes = test::request(test::span([](Writer& writer) { writer.add_string(5, "a\xff\xc3(b"); }));
  const auto json = request_to_json(bytes);
  ASSERT_TRUE(json);
  EXPECT_THAT(*json, HasSubstr("\"name\":\"a\xEF\xBF\xBD\xEF\xBF\xBD(b\""));
  EXPECT_TRUE(request_from_json(*json));
}

TEST(RequestToJson, RefusesMalformedAndTooDeepMessages) {
  const auto truncated = request_to_json("\x0a\x05");
  ASSERT_FALSE(truncated);
  EXPECT_EQ(truncated.error().code, Errc::InvalidArgument);
  const std::string deep = test::nested_arrays(100'000, "");
  const auto refused = request_to_json(
      test::request(test::span([&](Writer& writer) { writer.add_message(9, test::key_value("k", deep)); })));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::LimitExceeded);
}

TEST(AppendJsonValue, WritesPlainJson) {
  const std::string list = message([](Writer& writer) {
    writer.add_message(1, test::string_value("x"));
    writer.add_message(1, std::string("\x10\x01"));
    writer.add_message(1, std::string(""));
  });
  const std::string map = message([&](Writer& writer) {
    writer.add_message(1, test::key_value("a\"", test::int_value(-1)));
    writer.add_message(1, test::key_value("b", message([&](Writer& value) { value.add_message(5, list); })));
  });
  const auto plain = [](const ValueView& value) {
    std::string text;
    append_json_value(text, value);
    return text;
  };
  EXPECT_EQ(plain({}), "null");
  EXPECT_EQ(plain(true), "true");
  EXPECT_EQ(plain(std::numeric_limits<std::int64_t>::min()), "-9223372036854775808");
  EXPECT_EQ(plain(0.25), "0.25");
  EXPECT_EQ(plain(std::numeric_limits<double>::infinity()), "\"Infinity\"");
  EXPECT_EQ(plain(std::string_view("a\tb")), R"("a\tb")");
  EXPECT_EQ(plain(BytesView{"\xff"}), R"("/w==")");
  EXPECT_EQ(plain(ArrayView{list}), R"(["x",true,null])");
  EXPECT_EQ(plain(MapView{map}), R"({"a\"":-1,"b":["x",true,null]})");
}

}  // namespace
}  // namespace segue::otlp
