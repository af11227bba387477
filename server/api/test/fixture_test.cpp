// The web page is built and tested against tests/fixtures/api. This holds the API, over the real store, to the same
// shapes: every key and type of a fixture is in the answers, and answers have no keys the fixtures don't know of.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "segue/otlp/decode.h"
#include "segue/otlp/json.h"
#include "segue/server/api/api.h"
#include "segue/server/store/rocks_store.h"

namespace segue::server {
namespace {

namespace json = boost::json;
using ::testing::IsSubsetOf;

constexpr const char* two_webhooks = R"({"resourceSpans": [{
  "resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "jorge"}}]},
  "scopeSpans": [{"scope": {"name": "segue.workflow", "version": "0.1.0"}, "spans": [
    {"traceId": "000000000000000000000000000000a1", "spanId": "00000000000000a1", "name": "POST /webhook", "kind": 2,
     "startTimeUnixNano": "1747041242000000000", "endTimeUnixNano": "1747041242300000000",
     "attributes": [{"key": "workflow.contact_id", "value": {"stringValue": "anna"}},
                    {"key": "a.bool", "value": {"boolValue": true}}, {"key": "an.int", "value": {"intValue": "7"}},
                    {"key": "a.double", "value": {"doubleValue": 0.5}}, {"key": "bytes", "value": {"bytesValue": "AP8="}},
                    {"key": "nothing", "value": {}},
                    {"key": "list", "value": {"arrayValue": {"values": [{"stringValue": "x"}, {"intValue": 1}]}}},
                    {"key": "map", "value": {"kvlistValue": {"values": [{"key": "k", "value": {"doubleValue": 2}}]}}}]},
    {"traceId": "000000000000000000000000000000a1", "spanId": "00000000000000a2", "parentSpanId": "00000000000000a1",
     "name": "handoff.lead_to_buyer", "kind": 1,
     "startTimeUnixNano": "1747041242100000000", "endTimeUnixNano": "1747041242200000000",
     "attributes": [{"key": "handoff.source_bot", "value": {"stringValue": "lead"}},
                    {"key": "handoff.target_bot", "value": {"stringValue": "buyer"}},
                    {"key": "handoff.contact_id", "value": {"stringValue": "anna"}},
                    {"key": "handoff.confidence", "value": {"doubleValue": 0.9}},
                    {"key": "handoff.outcome", "value": {"stringValue": "executed"}}]},
    {"traceId": "000000000000000000000000000000a2", "spanId": "00000000000000a3", "name": "buyer_bot.reply", "kind": 1,
     "startTimeUnixNano": "1747127642000000000", "endTimeUnixNano": "1747127642300000000",
     "status": {"code": 2, "message": "no answer"},
     "attributes": [{"key": "workflow.bot_type", "value": {"stringValue": "buyer_bot"}},
                    {"key": "workflow.node_name", "value": {"stringValue": "reply"}},
                    {"key": "workflow.contact_id", "value": {"stringValue": "anna"}},
                    {"key": "workflow.conversation_id", "value": {"stringValue": "thread_7"}}],
     "events": [{"timeUnixNano": "1747127642100000000", "name": "exception",
                 "attributes": [{"key": "exception.type", "value": {"stringValue": "Timeout"}},
                                {"key": "list", "value": {"arrayValue": {"values": [{"stringValue": "x"}]}}}]}],
     "links": [{"traceId": "000000000000000000000000000000a1", "spanId": "00000000000000a2",
                "attributes": [{"key": "workflow.link.type", "value": {"stringValue": "handoff"}}]}]}
  ]}]}]})";

/// What JSON values consist of: the kinds of value found at each path, with "[]" for any element of an array. An
/// attribute's value is filed under its type, since its kind depends on that and not on the place.
using Shape = std::map<std::string, std::set<std::string>>;

const char* kind_of(const json::value& value) {
  switch (value.kind()) {
    case json::kind::null: return "null";
    case json::kind::bool_: return "bool";
    case json::kind::string: return "string";
    case json::kind::array: return "array";
    case json::kind::object: return "object";
    default: return "number";
  }
}

void add_shape(const json::value& value, const std::string& path, Shape& shape) {
  shape[path].insert(kind_of(value));
  if (const json::array* array = value.if_array()) {
    for (const json::value& element : *array) add_shape(element, path + "[]", shape);
  }
  const json::object* object = value.if_object();
  if (object == nullptr) return;
  const json::value* type = object->if_contains("type");
  for (const auto& [key, member] : *object) {
    const bool is_typed = type != nullptr && key == "value";
    if (is_typed) {
      shape["typed value: " + std::string(type->as_string())].insert(kind_of(member));
    } else {
      add_shape(member, path + "." + std::string(key), shape);
    }
  }
}

std::set<std::string> entries_of(const Shape& shape) {
  std::set<std::string> entries;
  for (const auto& [path, kinds] : shape) {
    for (const std::string& kind : kinds) entries.insert(path + " is " + kind);
  }
  return entries;
}

std::set<std::string> paths_of(const Shape& shape) {
  std::set<std::string> paths;
  for (const auto& [path, kinds] : shape) paths.insert(path);
  return paths;
}

class Fixtures : public ::testing::Test {
 protected:
  Fixtures() {
    std::string pattern = (std::filesystem::temp_directory_path() / "segue-fixtures-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    store_ = std::move(open_rocks_store({.directory = folder_})).value();
    api_ = std::make_unique<Api>(*store_, MetricSources{});
    const std::string body = otlp::request_from_json(two_webhooks).value();
    const auto request = otlp::decode_request(body);
    EXPECT_EQ(store_->append(request.value().list).value().stored, 3U);
  }
  ~Fixtures() override {
    api_.reset();
    store_.reset();
    std::filesystem::remove_all(folder_);
  }

  json::value answer(std::string_view target) {
    Request request;
    request.method = "GET";
    EXPECT_TRUE(parse_target(target, request));
    const Response response = api_->handle(request);
    EXPECT_EQ(response.status, 200U) << response.body;
    return json::parse(response.body);
  }

  /// `additions`: keys that the page does without.
  void expect_same_shape(const std::string& fixture, const std::vector<std::string>& targets,
                         const std::set<std::string>& additions = {}) {
    std::ifstream file(std::string(SEGUE_FIXTURES) + "/" + fixture);
    std::stringstream text;
    text << file.rdbuf();
    Shape expected, actual;
    add_shape(json::parse(text.str()), "", expected);
    for (const std::string& target : targets) add_shape(answer(target), "", actual);
    EXPECT_THAT(entries_of(expected), IsSubsetOf(entries_of(actual))) << "the page relies on it, the API lacks it";
    std::set<std::string> known = paths_of(expected);
    known.insert(additions.begin(), additions.end());
    for (const std::string& path : paths_of(actual)) {
      EXPECT_TRUE(known.contains(path) || path.starts_with("typed value: ")) << path << " is in no fixture";
    }
  }

  std::filesystem::path folder_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Api> api_;
};

TEST_F(Fixtures, OfAJourneyHaveTheShapeOfRealAnswers) {
  expect_same_shape("journey.json", {"/api/v1/journeys/anna"}, {".handoffs[].target_spoke", ".truncated"});
}

TEST_F(Fixtures, OfATraceHaveTheShapeOfRealAnswers) {
  expect_same_shape("trace.json", {"/api/v1/traces/000000000000000000000000000000a1",
                                   "/api/v1/traces/000000000000000000000000000000a2"});
}

TEST_F(Fixtures, OfJourneysHaveTheShapeOfRealAnswers) { expect_same_shape("journeys.json", {"/api/v1/journeys"}); }

TEST_F(Fixtures, OfBotsHaveTheShapeOfRealAnswers) { expect_same_shape("bots.json", {"/api/v1/bots"}); }

TEST_F(Fixtures, AreFollowedFromPageToPage) {
  const json::value first = answer("/api/v1/traces?limit=1");
  const json::value second = answer("/api/v1/traces?limit=1&page=" + std::string(first.at("next_page").as_string()));
  EXPECT_EQ(first.at("traces").at(0).at("root_name"), "buyer_bot.reply") << "newest first";
  EXPECT_EQ(second.at("traces").at(0).at("root_name"), "POST /webhook");
  EXPECT_TRUE(second.at("next_page").is_null());
}

TEST_F(Fixtures, SayTheSameOfATraceAsTheStoresSummary) {
  const json::value found = answer("/api/v1/traces?bot=buyer_bot&node=reply").at("traces").at(0);
  EXPECT_EQ(found, answer("/api/v1/traces/000000000000000000000000000000a2").at("summary"));
}

TEST_F(Fixtures, TellThatTheTargetSpokeADayLater) {
  const json::value journey = answer("/api/v1/journeys/anna");
  EXPECT_EQ(journey.at("handoffs").at(0).at("target_spoke"), true);
  EXPECT_EQ(journey.at("conversation_ids"), json::parse(R"(["thread_7"])"));
}

}  // namespace
}  // namespace segue::server
