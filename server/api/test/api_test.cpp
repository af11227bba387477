#include "segue/server/api/api.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include "segue/server/testing/fake_store.h"

namespace segue::server {
namespace {

namespace json = boost::json;
using testing::FakeStore;
using ::testing::HasSubstr;

const std::string trace_one = "00000000000000000000000000000001";

std::vector<testing::SpanFields> two_spans() {
  return {
      {.trace = 1, .id = 1, .name = "POST /webhook", .end_ms = 350, .attributes = {{"workflow.contact_id", "anna/b"}}},
      {.trace = 1,
       .id = 2,
       .parent = 1,
       .name = "lead_bot.qualify",
       .start_ms = 10,
       .end_ms = 90,
       .attributes = {{"workflow.bot_type", "lead_bot"}, {"workflow.node_name", "qualify"}}}};
}

class ApiTest : public ::testing::Test {
 protected:
  Response get(std::string_view target, std::string method = "GET") {
    Request request;
    request.method = std::move(method);
    EXPECT_TRUE(parse_target(target, request)) << target;
    return api_.handle(request);
  }

  json::object get_json(std::string_view target, unsigned status = 200) {
    const Response response = get(target);
    EXPECT_EQ(response.status, status) << response.body;
    EXPECT_EQ(response.content_type, "application/json");
    return json::parse(response.body).as_object();
  }

  std::string error_of(std::string_view target, unsigned status, std::string_view code) {
    const json::object error = get_json(target, status).at("error").as_object();
    EXPECT_EQ(std::string_view(error.at("code").as_string()), code);
    return std::string(error.at("message").as_string());
  }

  FakeStore store_{two_spans()};
  Api api_{store_, {}};
};

TEST_F(ApiTest, TellsThatItIsWellAndItsVersion) {
  const json::object health = get_json("/api/v1/health");
  EXPECT_EQ(health.at("status"), "ok");
  EXPECT_EQ(health.at("version"), "0.1.0");
}

TEST_F(ApiTest, ShowsATraceWithItsSummary) {
  const json::object trace = get_json("/api/v1/traces/" + trace_one);
  EXPECT_EQ(trace.at("summary").at("root_name"), "POST /webhook");
  EXPECT_EQ(trace.at("summary").at("start_ns"), "1747041242000000000");
  EXPECT_EQ(trace.at("span_list").as_array().size(), 2U);
  EXPECT_EQ(trace.at("span_list").at(1).at("parent_span_id"), "0000000000000001");
  EXPECT_EQ(trace.at("span_list").at(0).at("parent_span_id"), "");
}

TEST_F(ApiTest, ShowsATraceAsText) {
  const Response response = get("/api/v1/traces/" + trace_one + "?format=tree");
  EXPECT_EQ(response.status, 200U);
  EXPECT_EQ(response.content_type, "text/plain; charset=utf-8");
  EXPECT_THAT(response.body, HasSubstr("├─ POST /webhook (350ms)\n│  └─ lead_bot.qualify (80ms)\n"));
}

TEST_F(ApiTest, RefusesWhatIsNoTraceIdAndMissesWhatIsNotThere) {
  EXPECT_THAT(error_of("/api/v1/traces/xyz", 400, "invalid_argument"), HasSubstr("32 hexadecimal digits"));
  error_of("/api/v1/traces/00000000000000000000000000000000", 400, "invalid_argument");
  error_of("/api/v1/traces/00000000000000000000000000000077", 404, "not_found");
  EXPECT_THAT(error_of("/api/v1/traces/" + trace_one + "?format=xml", 400, "invalid_argument"), HasSubstr("format"));
}

TEST_F(ApiTest, ShowsAJourneyWhoseContactHasASlash) {
  const json::object journey = get_json("/api/v1/journeys/anna%2Fb");
  EXPECT_EQ(journey.at("contact_id"), "anna/b");
  EXPECT_EQ(journey.at("traces"), 1);
  EXPECT_EQ(journey.at("trace_list").at(0).at("trace_id").as_string(), trace_one);
  EXPECT_EQ(journey.at("span_list").at(1).at("node"), "qualify");
  EXPECT_EQ(journey.at("truncated"), false);
  EXPECT_THAT(get("/api/v1/journeys/anna%2Fb?format=tree").body,
              HasSubstr("Contact: anna/b\nJourney: 1 trace, 2 spans"));
  error_of("/api/v1/journeys/nobody", 404, "not_found");
}

TEST_F(ApiTest, PassesEveryConditionOfATraceSearchToTheStore) {
  get_json(
      "/api/v1/traces?service=jorge&name=a%20b&bot=lead_bot&node=qualify&contact=anna&errors=true&min_duration_ms=1.5"
      "&max_duration_ms=20&start=1747041242000000000&end=1747041242000000001&limit=7&page=token");
  const TraceQuery& query = store_.last_trace_query;
  EXPECT_EQ(query.service, "jorge");
  EXPECT_EQ(query.name, "a b");
  EXPECT_EQ(query.bot, "lead_bot");
  EXPECT_EQ(query.node, "qualify");
  EXPECT_EQ(query.contact_id, "anna");
  EXPECT_TRUE(query.errors_only);
  EXPECT_EQ(query.min_duration_nanos, 1'500'000U);
  EXPECT_EQ(query.max_duration_nanos, 20'000'000U);
  EXPECT_EQ(query.start_unix_nanos, 1'747'041'242'000'000'000U);
  EXPECT_EQ(query.end_unix_nanos, 1'747'041'242'000'000'001U);
  EXPECT_EQ(query.limit, 7U);
  EXPECT_EQ(query.page_token, "token");
}

TEST_F(ApiTest, PassesEveryConditionOfAJourneySearchToTheStore) {
  get_json("/api/v1/journeys?contact=ann&bot=lead_bot&node=qualify&errors=1&start=5&end=6&limit=1000&page=token");
  const JourneyQuery& query = store_.last_journey_query;
  EXPECT_EQ(query.contact, "ann");
  EXPECT_EQ(query.bot, "lead_bot");
  EXPECT_EQ(query.node, "qualify");
  EXPECT_TRUE(query.errors_only);
  EXPECT_EQ(query.start_unix_nanos, 5U);
  EXPECT_EQ(query.end_unix_nanos, 6U);
  EXPECT_EQ(query.limit, 1000U);
  EXPECT_EQ(query.page_token, "token");
}

TEST_F(ApiTest, TakesEmptyAndUnknownParametersAsNoCondition) {
  get_json("/api/v1/traces?bot=&errors=&min_duration_ms=&start=&limit=&page=&colour=red");
  EXPECT_EQ(store_.last_trace_query.bot, "");
  EXPECT_TRUE(store_.last_trace_query.errors_only) << "the bare name of a flag sets it";
  EXPECT_EQ(store_.last_trace_query.limit, 50U);
  EXPECT_FALSE(store_.last_trace_query.start_unix_nanos);
  get_json("/api/v1/traces?errors=false");
  EXPECT_FALSE(store_.last_trace_query.errors_only);
}

TEST_F(ApiTest, NamesTheParameterThatMakesNoSense) {
  const auto complaint = [&](const std::string& query) {
    return error_of("/api/v1/traces?" + query, 400, "invalid_argument");
  };
  EXPECT_EQ(complaint("limit=0"), "limit: expected a whole number from 1 to 1000, got \"0\"");
  EXPECT_THAT(complaint("limit=1001"), HasSubstr("limit"));
  EXPECT_THAT(complaint("limit=ten"), HasSubstr("\"ten\""));
  EXPECT_THAT(complaint("start=-1"), HasSubstr("start"));
  EXPECT_THAT(complaint("end=1e9"), HasSubstr("end"));
  EXPECT_THAT(complaint("start=99999999999999999999"), HasSubstr("start"));
  EXPECT_THAT(complaint("errors=maybe"), HasSubstr("errors: expected true or false"));
  EXPECT_THAT(complaint("min_duration_ms=-1"), HasSubstr("min_duration_ms"));
  EXPECT_THAT(complaint("min_duration_ms=nan"), HasSubstr("min_duration_ms"));
  EXPECT_THAT(complaint("max_duration_ms=1e300"), HasSubstr("max_duration_ms"));
  EXPECT_THAT(complaint("start=2&end=1"), HasSubstr("start must not be greater than end"));
  EXPECT_THAT(complaint("min_duration_ms=2&max_duration_ms=1"), HasSubstr("min_duration_ms"));
  EXPECT_THAT(complaint("limit=%FF%0A"), HasSubstr("got \"\uFFFD \""));
}

TEST_F(ApiTest, HandsOnTheTokenOfTheNextPage) {
  store_.traces_page = {.items = {TraceSummary{}}, .next_page_token = "more"};
  const json::object page = get_json("/api/v1/traces");
  EXPECT_EQ(page.at("traces").as_array().size(), 1U);
  EXPECT_EQ(page.at("next_page"), "more");
  EXPECT_TRUE(get_json("/api/v1/journeys").at("next_page").is_null());
  EXPECT_TRUE(get_json("/api/v1/journeys").at("journeys").as_array().empty());
}

TEST_F(ApiTest, ListsBotsAndServices) {
  store_.bot_list = {{"buyer_bot", {}}, {"lead_bot", {"analyze_intent", "qualify"}}};
  store_.service_list = {"gateway", "jorge"};
  EXPECT_EQ(json::serialize(get_json("/api/v1/bots")),
            R"({"bots":[{"bot":"buyer_bot","nodes":[]},{"bot":"lead_bot","nodes":["analyze_intent","qualify"]}]})");
  EXPECT_EQ(json::serialize(get_json("/api/v1/services")), R"({"services":["gateway","jorge"]})");
}

TEST_F(ApiTest, TellsByStatusWhetherToTryAgain) {
  store_.failure = Error{Errc::Unavailable, "disk full"};
  EXPECT_EQ(error_of("/api/v1/traces", 503, "unavailable"), "disk full");
  EXPECT_EQ(get("/api/v1/bots").headers.find("retry-after"), "5");
  store_.failure = Error{Errc::Corruption, "block 7"};
  error_of("/api/v1/journeys/anna%2Fb", 500, "internal");
  error_of("/api/v1/services", 500, "internal");
  store_.failure = Error{Errc::InvalidArgument, "page token of another query"};
  error_of("/api/v1/journeys?page=x", 400, "invalid_argument");
}

TEST_F(ApiTest, AnswersUnknownApiPathsAsJson) {
  for (const char* path :
       {"/api", "/api/", "/api/v1", "/api/v2/traces", "/api/v1/traces/a/b", "/api/v1/journeys/", "/api/v1/nothing"}) {
    error_of(path, 404, "not_found");
  }
}

TEST_F(ApiTest, TakesNothingButGet) {
  const Response response = get("/api/v1/traces", "DELETE");
  EXPECT_EQ(response.status, 405U);
  EXPECT_EQ(response.headers.find("allow"), "GET, HEAD");
}

TEST_F(ApiTest, ServesThePageOutsideOfTheApi) {
  const Response response = get("/journeys/anna");
  EXPECT_EQ(response.status, 200U);
  EXPECT_EQ(response.content_type, "text/html; charset=utf-8");
  EXPECT_THAT(response.body, HasSubstr("<title>"));
}

TEST_F(ApiTest, DressesTheHttpServersOwnRefusals) {
  const Response response = api_error({}, 431, "header too large");
  EXPECT_EQ(response.status, 431U);
  EXPECT_EQ(response.body, R"({"error":{"code":"invalid_argument","message":"header too large"}})");
}

}  // namespace
}  // namespace segue::server
