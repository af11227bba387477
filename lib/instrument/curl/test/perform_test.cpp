// Against a real HTTP server on the loopback interface.
#include "segue/curl/perform.h"

#include <curl/curl.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "loopback_server.h"
#include "segue/model/attributes.h"
#include "segue/propagation/traceparent.h"
#include "segue/trace/current.h"
#include "segue/trace/tracer.h"
#include "trace_test_support.h"

namespace segue {
namespace {

using test::LoopbackServer;

std::size_t discard(char*, std::size_t size, std::size_t count, void*) { return size * count; }

class CurlPerform : public testing::Test {
 protected:
  void SetUp() override {
    set_default_tracer(provider_.tracer("test"));
    curl_easy_setopt(handle_.get(), CURLOPT_WRITEFUNCTION, discard);
  }
  void TearDown() override { set_default_tracer(Tracer()); }

  int perform(const std::string& url, curl_slist* headers = nullptr, const CurlSpanOptions& options = {}) {
    curl_easy_setopt(handle_.get(), CURLOPT_URL, url.c_str());
    return curl_perform(handle_.get(), headers, options);
  }

  TracerProvider provider_ = make_provider();
  std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> handle_{curl_easy_init(), &curl_easy_cleanup};
  LoopbackServer server_;
};

using Headers = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

Headers make_headers(std::initializer_list<const char*> lines) {
  curl_slist* list = nullptr;
  for (const char* line : lines) list = curl_slist_append(list, line);
  return {list, &curl_slist_free_all};
}

std::vector<std::string> lines_of(const curl_slist* list) {
  std::vector<std::string> lines;
  for (; list != nullptr; list = list->next) lines.emplace_back(list->data);
  return lines;
}

TEST_F(CurlPerform, RecordsTheRequestByTheConventions) {
  const std::string port = std::to_string(server_.port());
  EXPECT_EQ(perform("http://user:password@127.0.0.1:" + port + "/contacts/7?sig=abc", nullptr,
                    {.url_template = "/contacts/{id}"}),
            CURLE_OK);
  const SpanList list = drain(provider_);
  ASSERT_EQ(list.spans.size(), 1U);
  const SpanView& span = list.spans[0];
  EXPECT_EQ(span.name, "GET /contacts/{id}");
  EXPECT_EQ(span.kind, SpanKind::Client);
  EXPECT_EQ(span.status, StatusCode::Unset);
  EXPECT_EQ(find_string(span.attributes, attributes::http_request_method), "GET");
  EXPECT_EQ(find_string(span.attributes, attributes::url_full),
            "http://REDACTED:REDACTED@127.0.0.1:" + port + "/contacts/7?sig=REDACTED");
  EXPECT_EQ(find_string(span.attributes, attributes::url_template), "/contacts/{id}");
  EXPECT_EQ(find_string(span.attributes, attributes::server_address), "127.0.0.1");
  EXPECT_EQ(value_of<std::int64_t>(span, attributes::server_port), server_.port());
  EXPECT_EQ(find_string(span.attributes, attributes::network_peer_address), "127.0.0.1");
  EXPECT_EQ(value_of<std::int64_t>(span, attributes::network_peer_port), server_.port());
  EXPECT_EQ(find_string(span.attributes, attributes::network_protocol_version), "1.1");
  EXPECT_EQ(value_of<std::int64_t>(span, attributes::http_response_status_code), 200);
  EXPECT_EQ(find_attribute(span.attributes, attributes::error_type), nullptr);
}

TEST_F(CurlPerform, SendsTheContextNextToTheRequestsOwnHeadersAndLeavesTheseAlone) {
  const Headers headers = make_headers({"X-Own: 1", "Content-Type: text/plain"});
  const Context caller = {.span = *parse_traceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
                          .baggage = *Baggage().with("campaign", "spring")};
  {
    const ContextScope scope(caller);
    EXPECT_EQ(perform(server_.url("/"), headers.get()), CURLE_OK);
  }
  const SpanList list = drain(provider_);
  ASSERT_EQ(list.spans.size(), 1U);
  const test::LoopbackRequest request = server_.requests().at(0);
  EXPECT_EQ(request.header("traceparent"),
            "00-4bf92f3577b34da6a3ce929d0e0e4736-" + list.spans[0].span_id.to_hex() + "-01");
  EXPECT_EQ(request.header("baggage"), "campaign=spring");
  EXPECT_EQ(request.header("x-own"), "1");
  EXPECT_EQ(request.header("content-type"), "text/plain");
  EXPECT_EQ(lines_of(headers.get()), (std::vector<std::string>{"X-Own: 1", "Content-Type: text/plain"}));

  EXPECT_EQ(curl_easy_perform(handle_.get()), CURLE_OK) << "the handle is as it was";
  EXPECT_EQ(server_.requests().at(1).header("traceparent"), "");
  EXPECT_EQ(server_.requests().at(1).header("x-own"), "1");
}

TEST_F(CurlPerform, ARequestsOwnTraceparentIsRespected) {
  const Headers headers = make_headers({"Traceparent: 00-mine"});
  EXPECT_EQ(perform(server_.url("/"), headers.get()), CURLE_OK);
  const auto request = server_.requests().at(0);
  EXPECT_EQ(request.header("traceparent"), "00-mine");
  EXPECT_EQ(HeaderReader(request.headers).get_all("traceparent", {}), 1U);
}

TEST_F(CurlPerform, TakesTheMethodFromTheTransferOrFromTheCaller) {
  curl_easy_setopt(handle_.get(), CURLOPT_POSTFIELDS, "{}");
  EXPECT_EQ(perform(server_.url("/")), CURLE_OK);
  curl_easy_setopt(handle_.get(), CURLOPT_CUSTOMREQUEST, "BREW");
  EXPECT_EQ(perform(server_.url("/"), nullptr, {.method = "BREW"}), CURLE_OK);
  const SpanList list = drain(provider_);
  ASSERT_EQ(list.spans.size(), 2U);
  EXPECT_EQ(list.spans[0].name, "POST");
  EXPECT_EQ(list.spans[1].name, "HTTP");
  EXPECT_EQ(find_string(list.spans[1].attributes, attributes::http_request_method_original), "BREW");
}

TEST_F(CurlPerform, ErrorAnswersAreErrorsOfTheCall) {
  for (const char* status : {"404", "503"}) {
    test::LoopbackAnswer answer;
    answer.status_line = std::string(status) + " Sorry";
    LoopbackServer server({answer});
    EXPECT_EQ(perform(server.url("/")), CURLE_OK);
    const SpanList list = drain(provider_);
    EXPECT_EQ(list.spans.at(0).status, StatusCode::Error);
    EXPECT_EQ(list.spans[0].status_message, "");
    EXPECT_EQ(find_string(list.spans[0].attributes, attributes::error_type), status);
  }
}

TEST_F(CurlPerform, FailedTransfersSayWhy) {
  std::string url_of_nobody;
  {
    const LoopbackServer server;
    url_of_nobody = server.url("/");
  }
  EXPECT_EQ(perform(url_of_nobody), CURLE_COULDNT_CONNECT);
  test::LoopbackAnswer silence;
  silence.then = test::LoopbackAnswer::Then::NeverAnswer;
  LoopbackServer silent({silence});
  curl_easy_setopt(handle_.get(), CURLOPT_TIMEOUT_MS, 50L);
  EXPECT_EQ(perform(silent.url("/")), CURLE_OPERATION_TIMEDOUT);
  const SpanList list = drain(provider_);
  ASSERT_EQ(list.spans.size(), 2U);
  EXPECT_EQ(find_string(list.spans[0].attributes, attributes::error_type), "connection_error");
  EXPECT_EQ(find_string(list.spans[1].attributes, attributes::error_type), "timeout");
  for (const SpanView& span : list.spans) {
    EXPECT_EQ(span.name, "GET");
    EXPECT_EQ(span.status, StatusCode::Error);
    EXPECT_NE(span.status_message, "");
    EXPECT_EQ(find_attribute(span.attributes, attributes::http_response_status_code), nullptr);
  }
}

TEST_F(CurlPerform, ATransferTheCallerAbortsIsNoError) {
  curl_easy_setopt(handle_.get(), CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(
      handle_.get(), CURLOPT_XFERINFOFUNCTION,
      +[](void*, curl_off_t, curl_off_t, curl_off_t, curl_off_t) { return 1; });
  EXPECT_EQ(perform(server_.url("/")), CURLE_ABORTED_BY_CALLBACK);
  const SpanList list = drain(provider_);
  EXPECT_EQ(list.spans.at(0).status, StatusCode::Unset);
  EXPECT_EQ(find_attribute(list.spans[0].attributes, attributes::error_type), nullptr);
}

TEST_F(CurlPerform, UnsampledAndDisabledCallsStillPassTheContextOn) {
  set_default_tracer(Tracer());
  const ContextScope scope(
      {.span = *parse_traceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00"), .baggage = {}});
  EXPECT_EQ(perform(server_.url("/")), CURLE_OK);
  EXPECT_EQ(server_.requests().at(0).header("traceparent"), "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00");

  set_default_tracer(provider_.tracer("test"));
  EXPECT_EQ(perform(server_.url("/")), CURLE_OK);
  const std::string sent = server_.requests().at(1).header("traceparent");
  EXPECT_TRUE(sent.starts_with("00-4bf92f3577b34da6a3ce929d0e0e4736-")) << sent;
  EXPECT_TRUE(sent.ends_with("-00")) << sent;
  EXPECT_TRUE(drain(provider_).spans.empty());
}

}  // namespace
}  // namespace segue
