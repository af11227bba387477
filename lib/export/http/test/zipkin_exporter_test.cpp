// The mapping, span by span, and the exporter against a real HTTP server on the loopback interface.
#include "segue/export/zipkin_exporter.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "loopback_server.h"
#include "segue/otlp/encode.h"
#include "test_batch.h"
#include "zipkin_json.h"

namespace segue {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;
using test::LoopbackServer;

class ZipkinMapping : public testing::Test {
 protected:
  ZipkinMapping() {
    span_.trace_id = *TraceId::from_hex("4bf92f3577b34da6a3ce929d0e0e4736");
    span_.span_id = *SpanId::from_hex("00f067aa0ba902b7");
    span_.name = "GET /contacts";
    span_.kind = SpanKind::Client;
    span_.start_unix_nanos = 1'772'357'400'000'125'999;
    span_.end_unix_nanos = span_.start_unix_nanos + 1'234'567;
    span_.resource = &resource_;
    span_.scope = &scope_;
    resource_.attributes = {{attributes::service_name, std::string_view("bots")}};
  }

  json::object mapped() const { return json::parse(detail::to_zipkin_json({&span_, 1})).as_array().at(0).as_object(); }
  json::object tags() const {
    const json::object span = mapped();
    const json::value* found = span.if_contains("tags");
    return found == nullptr ? json::object() : found->as_object();
  }
  json::value remote_endpoint() const {
    const json::object span = mapped();
    const json::value* found = span.if_contains("remoteEndpoint");
    return found == nullptr ? json::value() : *found;
  }

  ResourceView resource_;
  ScopeView scope_;
  SpanView span_;
};

TEST_F(ZipkinMapping, LeavesOutWhatIsEmpty) {
  EXPECT_EQ(
      detail::to_zipkin_json({&span_, 1}),
      R"([{"traceId":"4bf92f3577b34da6a3ce929d0e0e4736","id":"00f067aa0ba902b7","kind":"CLIENT",)"
      R"("name":"GET /contacts","timestamp":1772357400000125,"duration":1234,"localEndpoint":{"serviceName":"bots"}}])");
  EXPECT_EQ(detail::to_zipkin_json({}), "[]");
}

TEST_F(ZipkinMapping, SeparatesSpansAndMembers) {
  const SpanView spans[] = {span_, span_};
  EXPECT_EQ(json::parse(detail::to_zipkin_json(spans)).as_array().size(), 2U);
}

TEST_F(ZipkinMapping, KeepsIdsAndTheParent) {
  span_.parent_span_id = *SpanId::from_hex("53995c3f42cd8ad8");
  EXPECT_EQ(mapped().at("parentId"), "53995c3f42cd8ad8");
}

TEST_F(ZipkinMapping, KnowsFourKinds) {
  const auto kind = [&](SpanKind of) {
    span_.kind = of;
    const json::object span = mapped();
    return span.contains("kind") ? std::string(span.at("kind").as_string()) : std::string("none");
  };
  EXPECT_EQ(kind(SpanKind::Server), "SERVER");
  EXPECT_EQ(kind(SpanKind::Client), "CLIENT");
  EXPECT_EQ(kind(SpanKind::Producer), "PRODUCER");
  EXPECT_EQ(kind(SpanKind::Consumer), "CONSUMER");
  EXPECT_EQ(kind(SpanKind::Internal), "none");
  EXPECT_EQ(kind(SpanKind::Unspecified), "none");
}

TEST_F(ZipkinMapping, CountsWholeMicrosecondsButNeverNone) {
  const auto duration = [&](std::uint64_t nanos) {
    span_.end_unix_nanos = span_.start_unix_nanos + nanos;
    return mapped().at("duration").to_number<std::uint64_t>();
  };
  EXPECT_EQ(duration(0), 1U);
  EXPECT_EQ(duration(999), 1U);
  EXPECT_EQ(duration(1'234), 1U);
  EXPECT_EQ(duration(1'999), 1U);
  EXPECT_EQ(duration(2'000), 2U);
  span_.end_unix_nanos = span_.start_unix_nanos - 5'000;
  EXPECT_EQ(mapped().at("duration"), 1);
  span_.start_unix_nanos = 0;
  EXPECT_FALSE(mapped().contains("timestamp"));
}

TEST_F(ZipkinMapping, NamesAServiceThatHasNoName) {
  resource_.attributes.clear();
  EXPECT_EQ(mapped().at("localEndpoint"), json::value({{"serviceName", "unknown_service"}}));
}

TEST_F(ZipkinMapping, TurnsAttributesIntoText) {
  const std::string array = "\x0a\x02\x18\x01\x0a\x03\x0a\x01x";  // [1, "x"]
  span_.attributes = {{"text", std::string_view("a\"b\n")},
                      {"yes", true},
                      {"no", false},
                      {"count", std::int64_t{-3}},
                      {"share", 0.25},
                      {"nan", std::nan("")},
                      {"bytes", BytesView{"\x01\x02"}},
                      {"nothing", std::monostate()},
                      {"list", ArrayView{array}}};
  EXPECT_EQ(tags(), json::object({{"text", "a\"b\n"},
                                  {"yes", "true"},
                                  {"no", "false"},
                                  {"count", "-3"},
                                  {"share", "0.25"},
                                  {"nan", "NaN"},
                                  {"bytes", "AQI="},
                                  {"nothing", ""},
                                  {"list", R"([1,"x"])"}}));
}

TEST_F(ZipkinMapping, SaysTheStatusTwice) {
  span_.status = StatusCode::Ok;
  EXPECT_EQ(tags(), json::object({{"otel.status_code", "OK"}}));
  span_.status = StatusCode::Error;
  EXPECT_EQ(tags(), json::object({{"otel.status_code", "ERROR"}, {"error", ""}}));
  span_.status_message = "no budget";
  EXPECT_EQ(tags(), json::object({{"otel.status_code", "ERROR"}, {"error", "no budget"}}));
}

TEST_F(ZipkinMapping, AnErrorTagThatSaysFalseIsNoError) {
  for (const ValueView& value : {ValueView(false), ValueView(std::string_view("false"))}) {
    span_.attributes = {{"error", value}};
    EXPECT_FALSE(tags().contains("error"));
  }
  span_.attributes = {{"error", std::string_view("timeout")}};
  EXPECT_EQ(tags().at("error"), "timeout") << "said by the program itself";
  span_.status = StatusCode::Error;
  span_.status_message = "gave up";
  EXPECT_EQ(tags().at("error"), "gave up");
}

TEST_F(ZipkinMapping, TagsScopeAndDroppedCounts) {
  scope_.name = "acme.bots";
  scope_.version = "1.4.0";
  span_.dropped_attributes = 1;
  span_.dropped_events = 2;
  span_.dropped_links = 3;
  EXPECT_EQ(tags(), json::object({{"otel.scope.name", "acme.bots"},
                                  {"otel.library.name", "acme.bots"},
                                  {"otel.scope.version", "1.4.0"},
                                  {"otel.library.version", "1.4.0"},
                                  {"otel.dropped_attributes_count", "1"},
                                  {"otel.dropped_events_count", "2"},
                                  {"otel.dropped_links_count", "3"}}));
}

TEST_F(ZipkinMapping, ATagIsThereOnce) {
  span_.attributes = {
      {"key", std::string_view("old")}, {"otel.status_code", std::string_view("x")}, {"key", std::int64_t{2}}};
  span_.status = StatusCode::Ok;
  EXPECT_EQ(tags(), json::object({{"key", "2"}, {"otel.status_code", "OK"}}));
}

TEST_F(ZipkinMapping, TurnsEventsIntoAnnotations) {
  span_.events.push_back({.time_unix_nanos = 1'772'357'400'000'130'999, .name = "started", .attributes = {}});
  span_.events.push_back({.time_unix_nanos = 1'772'357'400'000'131'000,
                          .name = "scored \"high\"",
                          .attributes = {{"score", 0.93}, {"by", std::string_view("frs")}}});
  const json::value expected = {
      {{"timestamp", 1'772'357'400'000'130}, {"value", "started"}},
      {{"timestamp", 1'772'357'400'000'131}, {"value", R"("scored \"high\"": {"score":0.93,"by":"frs"})"}}};
  EXPECT_EQ(mapped().at("annotations"), expected);
}

TEST_F(ZipkinMapping, RanksWhatNamesTheOtherSide) {
  const std::string_view ranked[] = {"peer.service",
                                     "server.address",
                                     "net.peer.name",
                                     "network.peer.address",
                                     "server.socket.domain",
                                     "server.socket.address",
                                     "net.sock.peer.name",
                                     "net.sock.peer.addr",
                                     "peer.hostname",
                                     "peer.address",
                                     "db.name"};
  for (auto best = std::rbegin(ranked); best != std::rend(ranked); ++best) {
    span_.attributes.insert(span_.attributes.begin(), {*best, *best});
    EXPECT_EQ(remote_endpoint(), json::value({{"serviceName", std::string(*best)}}));
  }
}

TEST_F(ZipkinMapping, KnowsTheAddressAndPortOfTheOtherSide) {
  span_.attributes = {{"network.peer.address", std::string_view("10.1.2.3")},
                      {"network.peer.port", std::int64_t{5432}}};
  EXPECT_EQ(remote_endpoint(), json::value({{"ipv4", "10.1.2.3"}, {"port", 5432}}));
  span_.attributes = {{"network.peer.address", std::string_view("2001:db8::1")}};
  EXPECT_EQ(remote_endpoint(), json::value({{"ipv6", "2001:db8::1"}}));
  span_.attributes = {{"network.peer.address", std::string_view("/tmp/socket")},
                      {"network.peer.port", std::int64_t{70000}}};
  EXPECT_EQ(remote_endpoint(), json::value({{"serviceName", "/tmp/socket"}}));
  span_.attributes = {{"peer.service", std::string_view("crm")}, {"network.peer.port", std::int64_t{5432}}};
  EXPECT_EQ(remote_endpoint(), json::value({{"serviceName", "crm"}}));
}

TEST_F(ZipkinMapping, OnlyCallersHaveAnotherSide) {
  span_.attributes = {{"peer.service", std::string_view("crm")}};
  for (const SpanKind kind : {SpanKind::Server, SpanKind::Consumer, SpanKind::Internal}) {
    span_.kind = kind;
    EXPECT_TRUE(remote_endpoint().is_null());
  }
  span_.kind = SpanKind::Producer;
  EXPECT_EQ(remote_endpoint(), json::value({{"serviceName", "crm"}}));
}

std::unique_ptr<ZipkinExporter> make_exporter(const LoopbackServer& server, ZipkinOptions options = {}) {
  options.endpoint = server.url("/api/v2/spans");
  return *ZipkinExporter::create(options);
}

TEST(ZipkinExporter, PostsTheBatchAsOneArray) {
  LoopbackServer server({{.status_line = "202 Accepted"}});
  const auto exporter = make_exporter(server, {.headers = {{"x-api-key", "secret"}}});
  const ExportResult result = exporter->export_spans(test::TestBatch().get());
  EXPECT_EQ(result.outcome, ExportOutcome::Delivered) << result.message;
  const auto request = server.requests().at(0);
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.target, "/api/v2/spans");
  EXPECT_EQ(request.header("content-type"), "application/json");
  EXPECT_EQ(request.header("x-api-key"), "secret");
  const json::array spans = json::parse(request.body).as_array();
  ASSERT_EQ(spans.size(), 3U);
  EXPECT_EQ(spans[1].at("name"), "handoff.lead_to_buyer");
  EXPECT_EQ(spans[1].at("tags").at("error"), "blocked\nby rate limit");
}

TEST(ZipkinExporter, TreatsAnswersAsOtherHttpExportersDo) {
  LoopbackServer server({{.status_line = "429 Too Many Requests", .headers = "Retry-After: 7\r\n", .body = "slow down"},
                         {.status_line = "500 Internal Server Error"},
                         {.status_line = "400 Bad Request", .body = "Malformed reading List<Span> from json"}});
  const auto exporter = make_exporter(server);
  ExportResult result = exporter->export_spans(test::TestBatch().get());
  EXPECT_EQ(result.outcome, ExportOutcome::Retryable);
  EXPECT_EQ(result.retry_after, 7s);
  EXPECT_EQ(result.message, "HTTP 429: slow down");
  EXPECT_EQ(exporter->export_spans(test::TestBatch().get()).outcome, ExportOutcome::Rejected);
  result = exporter->export_spans(test::TestBatch().get());
  EXPECT_EQ(result.outcome, ExportOutcome::Rejected);
  EXPECT_EQ(result.message, "HTTP 400: Malformed reading List<Span> from json");
}

TEST(ZipkinExporter, RejectsWhatIsNotOtlp) {
  LoopbackServer server;
  const ExportRegion region = {.spans = "\x12\x7fshort", .span_count = 1};
  EXPECT_EQ(make_exporter(server)->export_spans({.resource = {}, .regions = {&region, 1}}).outcome,
            ExportOutcome::Rejected);
  EXPECT_EQ(server.connections(), 0U);
}

TEST(ZipkinExporter, ChecksItsOptionsOnce) {
  const auto message_for = [](const ZipkinOptions& options) {
    const auto exporter = ZipkinExporter::create(options);
    return exporter ? std::string("accepted") : exporter.error().message;
  };
  EXPECT_EQ(message_for({}), "accepted");
  EXPECT_EQ(message_for({.endpoint = "zipkin:9411"}),
            "zipkin exporter: endpoint: not an http or https URL: zipkin:9411");
  EXPECT_EQ(message_for({.headers = {{"", "v"}}}), "zipkin exporter: headers: not a header name: \"\"");
  EXPECT_EQ(message_for({.timeout = 0ms}), "zipkin exporter: timeout: must be at least 1 ms");
  EXPECT_EQ(message_for({.ca_file = "/nonexistent.pem"}), "zipkin exporter: ca_file: cannot read /nonexistent.pem");
}

}  // namespace
}  // namespace segue
