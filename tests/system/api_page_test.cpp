// The API's port over a real socket: page, JSON, metrics and refusals of the HTTP server itself.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "segue/server/http/http_client.h"
#include "segue_server.h"
#include "temp_folder.h"

namespace segue::test {
namespace {

using server::Response;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class ApiPort : public ::testing::Test {
 protected:
  Response ask(const std::string& path, const std::string& method = "GET", const std::string& body = "") {
    const auto answer = server::http_request({.method = method, .url = server_.api_url() + path, .body = body});
    EXPECT_TRUE(answer) << answer.error().message;
    return answer.value_or(Response{.status = 0});
  }

  TempFolder folder_;
  SegueServer server_{folder_.path()};
};

TEST_F(ApiPort, ServesThePageAndEveryFileItNames) {
  const Response page = ask("/journeys/anna");
  EXPECT_EQ(page.status, 200U);
  EXPECT_EQ(page.content_type, "text/html; charset=utf-8");
  EXPECT_EQ(page.headers.find("content-security-policy"),
            "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:");
  std::size_t at = 0;
  while ((at = page.body.find("\"/assets/", at)) != std::string::npos) {
    const std::string path = page.body.substr(at + 1, page.body.find('"', at + 1) - at - 1);
    const Response file = ask(path);
    EXPECT_EQ(file.status, 200U) << path;
    EXPECT_FALSE(file.body.empty()) << path;
    EXPECT_EQ(file.headers.find("cache-control"), "public, max-age=31536000, immutable") << path;
    at += path.size();
  }
}

TEST_F(ApiPort, AnswersAnEmptyStoreWithEmptyLists) {
  EXPECT_EQ(ask("/api/v1/journeys").body, R"({"journeys":[],"next_page":null})");
  EXPECT_EQ(ask("/api/v1/traces").body, R"({"traces":[],"next_page":null})");
  EXPECT_EQ(ask("/api/v1/bots").body, R"({"bots":[]})");
  EXPECT_EQ(ask("/api/v1/services").body, R"({"services":[]})");
  EXPECT_EQ(ask("/api/v1/health").body, R"({"status":"ok","version":"0.1.0"})");
}

TEST_F(ApiPort, CountsWhatTheReceiverRejects) {
  const auto bad = server::http_request({.method = "POST",
                                         .url = server_.otlp_url() + "/v1/traces",
                                         .headers = {{"Content-Type", "application/json"}},
                                         .body = "not json"});
  ASSERT_TRUE(bad);
  EXPECT_EQ(bad->status, 400U);
  const Response metrics = ask("/metrics");
  EXPECT_THAT(metrics.content_type, StartsWith("text/plain; version=0.0.4"));
  EXPECT_THAT(metrics.body, HasSubstr("segue_ingest_rejected_requests_total{reason=\"malformed\"} 1\n"));
  EXPECT_THAT(metrics.body, HasSubstr("segue_http_requests_total{port=\"api\"} "));
}

TEST_F(ApiPort, DressesEveryRefusalAsJson) {
  const Response too_large = ask("/api/v1/traces", "POST", std::string(100'000, 'x'));
  EXPECT_EQ(too_large.status, 413U);
  EXPECT_THAT(too_large.body, StartsWith(R"({"error":{"code":"invalid_argument","message":)"));
  EXPECT_EQ(ask("/api/v1/traces", "DELETE").status, 405U);
  EXPECT_EQ(ask("/api/v1/nothing").status, 404U);
  EXPECT_EQ(ask("/api/v1/traces?limit=0").status, 400U);
  EXPECT_EQ(ask("/api/v1/traces?page=forged").status, 400U);
}

TEST_F(ApiPort, AnswersHeadWithoutABody) {
  const Response head = ask("/api/v1/health", "HEAD");
  EXPECT_EQ(head.status, 200U);
  EXPECT_EQ(head.body, "");
}

}  // namespace
}  // namespace segue::test
