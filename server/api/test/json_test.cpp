#include "json.h"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cmath>
#include <limits>

#include "segue/server/testing/spans.h"

namespace segue::server {
namespace {

namespace json = boost::json;

/// The JSON of one attribute with this value.
json::value attribute_of(ValueView value) {
  auto made = testing::make_spans({{.id = 1}});
  made.list.spans.front().attributes = {{"key", value}};
  return to_json(made.list.spans.front()).at("attributes").at(0);
}

void expect_attribute(ValueView value, std::string_view type, const char* expected) {
  const json::value attribute = attribute_of(value);
  EXPECT_EQ(attribute.at("key"), "key");
  EXPECT_EQ(std::string_view(attribute.at("type").as_string()), type);
  EXPECT_EQ(attribute.at("value"), json::parse(expected)) << json::serialize(attribute);
}

TEST(AttributeJson, TellsTheTypeOfEveryValue) {
  expect_attribute({}, "empty", "null");
  expect_attribute(true, "bool", "true");
  expect_attribute(std::int64_t{-9'007'199'254'740'993}, "int", R"("-9007199254740993")");
  expect_attribute(1.5, "double", "1.5");
  expect_attribute(std::string_view("warm"), "string", R"("warm")");
  expect_attribute(BytesView{std::string_view("\0\xFF", 2)}, "bytes", R"("AP8=")");
}

TEST(AttributeJson, WritesWhatIsNoJsonNumberAsText) {
  expect_attribute(std::nan(""), "double", R"("NaN")");
  expect_attribute(std::numeric_limits<double>::infinity(), "double", R"("Infinity")");
  expect_attribute(-std::numeric_limits<double>::infinity(), "double", R"("-Infinity")");
}

TEST(AttributeJson, RepairsTextThatIsNotUtf8) { expect_attribute(std::string_view("a\xFF"), "string", "\"a\uFFFD\""); }

TEST(AttributeJson, WritesArraysAndMapsWithTheTypesOfTheirParts) {
  // ArrayValue of the string "x" and the integer 7.
  const std::string_view array("\x0A\x03\x0A\x01x\x0A\x02\x18\x07", 9);
  expect_attribute(ArrayView{array}, "array", R"([{"type":"string","value":"x"},{"type":"int","value":"7"}])");
  // KeyValueList of k = that array.
  const std::string map = std::string("\x0A\x10\x0A\x01k\x12\x0B\x2A\x09", 9) + std::string(array);
  expect_attribute(
      MapView{map}, "map",
      R"([{"key":"k","type":"array","value":[{"type":"string","value":"x"},{"type":"int","value":"7"}]}])");
}

TEST(SpanJson, HasEveryFieldAndWhatTheSpanMeans) {
  auto made =
      testing::make_spans({{.trace = 1,
                            .id = 2,
                            .parent = 1,
                            .name = "lead_bot.qualify",
                            .start_ms = 1,
                            .end_ms = 2,
                            .attributes = {{"workflow.bot_type", "lead_bot"}, {"workflow.node_name", "qualify"}},
                            .linked_traces = {9},
                            .failed = true,
                            .status_message = "no\xFE answer"}});
  SpanView& span = made.list.spans.front();
  EventView& event = span.events.emplace_back();
  event.time_unix_nanos = 5;
  event.name = "retry";
  event.attributes = {{"attempt", std::int64_t{2}}};
  EXPECT_EQ(to_json(span), json::parse(R"({
    "trace_id": "00000000000000000000000000000001", "span_id": "0000000000000002", "parent_span_id": "0000000000000001",
    "name": "lead_bot.qualify", "kind": "internal", "start_ns": "1747041242001000000", "end_ns": "1747041242002000000",
    "status": {"code": "error", "message": "no� answer"}, "service": "jorge", "scope": {"name": "", "version": ""},
    "role": "node", "bot": "lead_bot", "node": "qualify", "contact_id": "",
    "attributes": [{"key": "workflow.bot_type", "type": "string", "value": "lead_bot"},
                   {"key": "workflow.node_name", "type": "string", "value": "qualify"}],
    "events": [{"time_ns": "5", "name": "retry", "attributes": [{"key": "attempt", "type": "int", "value": "2"}]}],
    "links": [{"trace_id": "00000000000000000000000000000009", "span_id": "0000000000000001", "attributes": []}],
    "resource": [{"key": "service.name", "type": "string", "value": "jorge"}]})"));
}

TEST(HandoffJson, HasNullForAnUnknownConfidence) {
  HandoffRecord handoff;
  EXPECT_TRUE(to_json(handoff).at("confidence").is_null());
  handoff.confidence = 0.9;
  EXPECT_EQ(to_json(handoff).at("confidence"), 0.9);
}

}  // namespace
}  // namespace segue::server
