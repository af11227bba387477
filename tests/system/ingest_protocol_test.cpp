// Good and bad OTLP over a real socket to the real program: exact answers, and a server that lives on.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "raw_client.h"
#include "request_table.h"
#include "segue/otlp/response.h"
#include "segue/server/http/http_client.h"
#include "segue_server.h"
#include "temp_folder.h"

namespace segue::test {
namespace {

using server::http_request;
using server::HttpClientRequest;
using server::RawClient;
using server::Response;
using server::test::RequestCase;

constexpr std::size_t default_max_body_bytes = std::size_t{64} << 20;

class IngestProtocol : public ::testing::Test {
 protected:
  Response send(const RequestCase& entry) {
    HttpClientRequest request{.method = "POST", .url = server_.otlp_url() + "/v1/traces", .body = entry.body};
    request.headers.add("Content-Type", entry.content_type);
    if (!entry.content_encoding.empty()) request.headers.add("Content-Encoding", entry.content_encoding);
    return ask(request);
  }

  Response ask(const HttpClientRequest& request) {
    const auto answer = http_request(request);
    EXPECT_TRUE(answer) << answer.error().message;
    return answer.value_or(Response{.status = 0});
  }

  void expect_alive() {
    EXPECT_EQ(ask({.url = server_.api_url() + "/api/v1/health"}).status, 200U);
    EXPECT_EQ(ask({.method = "POST",
                   .url = server_.otlp_url() + "/v1/traces",
                   .headers = {{"Content-Type", "application/json"}},
                   .body = "{}"})
                  .body,
              "{}");
  }

  std::uint16_t otlp_port() const {
    const std::string& url = server_.otlp_url();
    return static_cast<std::uint16_t>(std::stoul(url.substr(url.rfind(':') + 1)));
  }

  TempFolder folder_;
  SegueServer server_{folder_.path()};
};

void expect_body_of(const Response& response, const RequestCase& entry) {
  const bool is_json = response.content_type == server::test::json_type;
  if (response.status == 200U) {
    const auto body =
        is_json ? otlp::export_response_from_json(response.body) : otlp::export_response_from_protobuf(response.body);
    ASSERT_TRUE(body) << body.error().message;
    EXPECT_EQ(body->rejected_spans, entry.rejected_spans);
    EXPECT_EQ(body->error_message.empty(), entry.rejected_spans == 0);
    return;
  }
  const auto body = is_json ? otlp::rpc_status_from_json(response.body) : otlp::rpc_status_from_protobuf(response.body);
  ASSERT_TRUE(body) << body.error().message;
  EXPECT_EQ(body->code, response.status == 413U ? 8 : 3);
  EXPECT_FALSE(body->message.empty());
}

TEST_F(IngestProtocol, AnswersEveryRequestOfTheTableAndLivesOn) {
  for (const RequestCase& entry : server::test::request_table(default_max_body_bytes)) {
    SCOPED_TRACE(entry.name);
    const Response response = send(entry);
    EXPECT_EQ(response.status, entry.status) << response.body;
    expect_body_of(response, entry);
    expect_alive();
  }
}

class IngestEncoding : public IngestProtocol, public ::testing::WithParamInterface<std::string_view> {};

TEST_P(IngestEncoding, LeadsToASpanThatIsFoundByItsTraceId) {
  const std::string name = std::string(GetParam()) + ": a good request";
  const std::vector<RequestCase> table = server::test::request_table(default_max_body_bytes);
  const auto entry = std::ranges::find(table, name, &RequestCase::name);
  ASSERT_NE(entry, table.end());
  const std::string url = server_.api_url() + "/api/v1/traces/" + server::test::make_span(1).trace_id.to_hex();
  EXPECT_EQ(ask({.url = url}).status, 404U);
  EXPECT_EQ(send(*entry).status, 200U);
  const Response found = ask({.url = url});
  EXPECT_EQ(found.status, 200U) << found.body;
  EXPECT_NE(found.body.find("lead_bot.analyze_intent"), std::string::npos) << found.body;
}

INSTANTIATE_TEST_SUITE_P(Types, IngestEncoding, ::testing::Values(server::test::protobuf_type, server::test::json_type),
                         [](const auto& type) { return type.index == 0 ? "Protobuf" : "Json"; });

TEST_F(IngestProtocol, HasOnePathAndOneMethod) {
  const Response not_allowed = ask({.url = server_.otlp_url() + "/v1/traces"});
  EXPECT_EQ(not_allowed.status, 405U);
  EXPECT_EQ(not_allowed.headers.find("Allow"), "POST");
  EXPECT_EQ(ask({.url = server_.otlp_url() + "/v1/metrics"}).status, 404U);
  EXPECT_EQ(ask({.method = "POST", .url = server_.otlp_url() + "/", .body = "x"}).status, 404U);
}

TEST_F(IngestProtocol, AnswersMalformedHttpInTheRequestsEncoding) {
  RawClient client(otlp_port());
  client.send(
      "POST /v1/traces HTTP/1.1\r\nHost: t\r\nContent-Type: application/x-protobuf\r\nContent-Length: "
      "99999999999\r\n\r\n");
  const Response too_large = client.read_response();
  EXPECT_EQ(too_large.status, 413U);
  EXPECT_EQ(too_large.content_type, "application/x-protobuf");
  EXPECT_EQ(otlp::rpc_status_from_protobuf(too_large.body)->code, 8);
  RawClient garbage(otlp_port());
  garbage.send("\x01\x02\x03 not http at all\r\n\r\n");
  EXPECT_EQ(garbage.read_response().status, 400U);
  RawClient(otlp_port()).send("POST /v1/traces HTTP/1.1\r\nHost: t\r\nContent-Length: 10\r\n\r\nhalf");
  expect_alive();
}

TEST_F(IngestProtocol, StopsCleanlyWhileAClientIsInTheMiddleOfARequest) {
  RawClient client(otlp_port());
  client.send("POST /v1/traces HTTP/1.1\r\nHost: t\r\nExpect: 100-continue\r\nContent-Length: 10\r\n\r\n");
  EXPECT_EQ(client.read_response().status, 100U);
  RawClient idle(otlp_port());
  EXPECT_EQ(server_.program().terminate(), 0);
}

}  // namespace
}  // namespace segue::test
