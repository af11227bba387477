#include "segue/http/server_span.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "segue/model/attributes.h"
#include "segue/trace/current.h"
#include "segue/trace/tracer.h"
#include "trace_test_support.h"

namespace segue {
namespace {

class ServerSpan : public testing::Test {
 protected:
  void SetUp() override { set_default_tracer(provider_.tracer("test")); }
  void TearDown() override { set_default_tracer(Tracer()); }

  TracerProvider provider_ = make_provider();
};

using Headers = std::vector<std::pair<std::string, std::string>>;

TEST_F(ServerSpan, RecordsTheRequestByTheConventions) {
  {
    ScopedSpan span = start_server_span({.method = "POST",
                                         .target = "/webhooks/ghl?sig=abc&x=1",
                                         .route = "/webhooks/{source}",
                                         .scheme = "https",
                                         .host = "bots.example:8443",
                                         .client_address = "192.0.2.7",
                                         .user_agent = "curl/8",
                                         .protocol_version = "1.1",
                                         .start_unix_nanos = 1'772'357'400'000'000'000},
                                        Context());
    finish_server_span(span, 200);
  }
  const SpanList list = drain(provider_);
  ASSERT_EQ(list.spans.size(), 1U);
  const SpanView& span = list.spans[0];
  EXPECT_EQ(span.name, "POST /webhooks/{source}");
  EXPECT_EQ(span.kind, SpanKind::Server);
  EXPECT_EQ(span.status, StatusCode::Unset);
  EXPECT_NEAR(static_cast<double>(span.start_unix_nanos), 1'772'357'400e9, 1e3);
  EXPECT_EQ(find_string(span.attributes, attributes::http_request_method), "POST");
  EXPECT_EQ(find_string(span.attributes, attributes::url_path), "/webhooks/ghl");
  EXPECT_EQ(find_string(span.attributes, attributes::url_query), "sig=REDACTED&x=1");
  EXPECT_EQ(find_string(span.attributes, attributes::url_scheme), "https");
  EXPECT_EQ(find_string(span.attributes, attributes::http_route), "/webhooks/{source}");
  EXPECT_EQ(find_string(span.attributes, attributes::server_address), "bots.example");
  EXPECT_EQ(value_of<std::int64_t>(span, attributes::server_port), 8443);
  EXPECT_EQ(find_string(span.attributes, attributes::client_address), "192.0.2.7");
  EXPECT_EQ(find_string(span.attributes, attributes::user_agent_original), "curl/8");
  EXPECT_EQ(find_string(span.attributes, attributes::network_protocol_version), "1.1");
  EXPECT_EQ(value_of<std::int64_t>(span, attributes::http_response_status_code), 200);
  EXPECT_EQ(find_attribute(span.attributes, attributes::error_type), nullptr);
}

TEST_F(ServerSpan, ContinuesTheCallersTraceAndItsBaggage) {
  const Headers headers = {{"Traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"},
                           {"Baggage", "campaign=spring"}};
  {
    const ScopedSpan span = start_server_span({.method = "GET", .target = "/"}, HeaderReader(headers));
    EXPECT_EQ(current_span_context().span_id, span.context().span_id);
    EXPECT_EQ(current_context().baggage.get("campaign"), "spring");
  }
  EXPECT_FALSE(current_span_context().is_valid());
  const SpanList list = drain(provider_);
  ASSERT_EQ(list.spans.size(), 1U);
  EXPECT_EQ(list.spans[0].trace_id.to_hex(), "4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_EQ(list.spans[0].parent_span_id.to_hex(), "00f067aa0ba902b7");
}

TEST_F(ServerSpan, AnUnreadableCallerStartsANewTrace) {
  const Headers headers = {{"traceparent", "00-nonsense"}};
  {
    const ScopedSpan span = start_server_span({.method = "GET", .target = "/"}, HeaderReader(headers));
  }
  EXPECT_FALSE(drain(provider_).spans.at(0).parent_span_id.is_valid());
}

TEST_F(ServerSpan, TheCallersMistakesAreNoErrorsTheServersOwnAre) {
  for (const int status_code : {302, 404, 499, 500, 503}) {
    ScopedSpan span = start_server_span({.method = "GET", .target = "/"}, Context());
    finish_server_span(span, status_code);
    const SpanList list = drain(provider_);
    ASSERT_EQ(list.spans.size(), 1U);
    const bool is_error = status_code >= 500;
    EXPECT_EQ(list.spans[0].status, is_error ? StatusCode::Error : StatusCode::Unset) << status_code;
    EXPECT_EQ(find_string(list.spans[0].attributes, attributes::error_type),
              is_error ? std::to_string(status_code) : "");
    EXPECT_EQ(value_of<std::int64_t>(list.spans[0], attributes::http_response_status_code), status_code);
  }
}

TEST_F(ServerSpan, AnUnknownMethodIsKeptAsideFromTheName) {
  ScopedSpan span = start_server_span({.method = "BREW", .target = "/pot"}, Context());
  finish_server_span(span, 405);
  const SpanList list = drain(provider_);
  EXPECT_EQ(list.spans.at(0).name, "HTTP");
  EXPECT_EQ(find_string(list.spans[0].attributes, attributes::http_request_method), "_OTHER");
  EXPECT_EQ(find_string(list.spans[0].attributes, attributes::http_request_method_original), "BREW");
}

TEST_F(ServerSpan, TheRouteMayComeLater) {
  ScopedSpan span = start_server_span({.method = "GET", .target = "/users/7"}, Context());
  set_server_route(span, "GET", "/users/{id}");
  finish_server_span(span, 200);
  const SpanList list = drain(provider_);
  EXPECT_EQ(list.spans.at(0).name, "GET /users/{id}");
  EXPECT_EQ(find_string(list.spans[0].attributes, attributes::http_route), "/users/{id}");
}

TEST_F(ServerSpan, AHandlersExceptionIsRecordedOnce) {
  ScopedSpan span = start_server_span({.method = "GET", .target = "/"}, Context());
  finish_server_span(span, 500, std::runtime_error("database gone"));
  const SpanList list = drain(provider_);
  ASSERT_EQ(list.spans.at(0).events.size(), 1U);
  EXPECT_EQ(find_string(list.spans[0].events[0].attributes, attributes::exception_message), "database gone");
  EXPECT_EQ(list.spans[0].status, StatusCode::Error);
  EXPECT_EQ(list.spans[0].status_message, "database gone");
}

TEST_F(ServerSpan, ReadsHostsWithAndWithoutPorts) {
  using Address = std::pair<std::string, std::int64_t>;
  const auto address_and_port = [this](std::string_view host, std::uint16_t port) {
    {
      const ScopedSpan span =
          start_server_span({.method = "GET", .target = "/", .host = host, .port = port}, Context());
    }
    const SpanList list = drain(provider_);
    const ValueView* found = find_attribute(list.spans.at(0).attributes, attributes::server_port);
    return Address(find_string(list.spans[0].attributes, attributes::server_address),
                   found != nullptr ? std::get<std::int64_t>(*found) : 0);
  };
  EXPECT_EQ(address_and_port("bots.example", 0), Address("bots.example", 0));
  EXPECT_EQ(address_and_port("bots.example:80", 0), Address("bots.example", 80));
  EXPECT_EQ(address_and_port("bots.example:80", 8080), Address("bots.example", 8080));
  EXPECT_EQ(address_and_port("[::1]:8080", 0), Address("[::1]", 8080));
  EXPECT_EQ(address_and_port("[::1]", 0), Address("[::1]", 0));
  EXPECT_EQ(address_and_port("", 443), Address("", 443));
}

TEST(DisabledServerSpan, DoesNothing) {
  set_default_tracer(Tracer());
  ScopedSpan span = start_server_span({.method = "GET", .target = "/"}, Context());
  EXPECT_FALSE(span.is_recording());
  set_server_route(span, "GET", "/");
  finish_server_span(span, 200);
}

}  // namespace
}  // namespace segue
