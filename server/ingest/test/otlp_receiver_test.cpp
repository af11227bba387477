#include "segue/server/ingest/otlp_receiver.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <span>

#include "fake_store.h"
#include "request_table.h"
#include "segue/otlp/encode.h"
#include "segue/otlp/json.h"
#include "segue/otlp/response.h"

namespace segue::server {
namespace {

using test::FakeStore;
using test::gzip;
using test::json_type;
using test::make_span;
using test::protobuf_type;
using test::RequestCase;
using ::testing::HasSubstr;
using ::testing::Not;

Request post(std::string_view type, std::string body, std::string_view coding = {}) {
  Request request{.method = "POST", .path = "/v1/traces", .body = std::move(body)};
  if (!type.empty()) request.headers.add("content-type", std::string(type));
  if (!coding.empty()) request.headers.add("content-encoding", std::string(coding));
  return request;
}

Request post(const SpanView& span) { return post(protobuf_type, otlp::encode_request(std::span(&span, 1))); }

otlp::ExportResponse accepted(const Response& response) {
  EXPECT_EQ(response.status, 200U) << response.body;
  auto decoded = response.content_type == json_type ? otlp::export_response_from_json(response.body)
                                                    : otlp::export_response_from_protobuf(response.body);
  EXPECT_TRUE(decoded) << decoded.error().message;
  return *decoded;
}

otlp::RpcStatus refused(const Response& response) {
  auto decoded = response.content_type == json_type ? otlp::rpc_status_from_json(response.body)
                                                    : otlp::rpc_status_from_protobuf(response.body);
  EXPECT_TRUE(decoded) << decoded.error().message;
  return *decoded;
}

std::uint64_t count(const RejectCounts& counts, RejectReason reason) { return counts[index_of(reason)]; }

TEST(OtlpReceiver, StoresASpanInEitherEncoding) {
  const SpanView sent = make_span(1);
  const std::string protobuf = otlp::encode_request(std::span(&sent, 1));
  for (const Request& request : {post(protobuf_type, protobuf), post(json_type, *otlp::request_to_json(protobuf)),
                                 post(protobuf_type, gzip(protobuf), "gzip")}) {
    FakeStore store;
    OtlpReceiver receiver(store, {});
    const Response response = receiver.handle(request);
    EXPECT_EQ(response.content_type, *request.headers.find("Content-Type"));
    EXPECT_EQ(accepted(response), otlp::ExportResponse{});
    ASSERT_EQ(store.appended().size(), 1U);
    EXPECT_EQ(store.appended()[0], protobuf);
  }
}

TEST(OtlpReceiver, AnswersSuccessWithTheBytesThatTheSpecificationNames) {
  FakeStore store;
  OtlpReceiver receiver(store, {});
  EXPECT_EQ(receiver.handle(post(protobuf_type, "")).body, "");
  EXPECT_EQ(receiver.handle(post(json_type, "{}")).body, "{}");
  EXPECT_TRUE(store.appended().empty());
}

TEST(OtlpReceiver, AnswersEveryRequestOfTheTableAndLivesOn) {
  constexpr std::size_t max_body_bytes = 100'000;
  FakeStore store;
  OtlpReceiver receiver(store, {.max_body_bytes = max_body_bytes});
  for (const RequestCase& entry : test::request_table(max_body_bytes)) {
    SCOPED_TRACE(entry.name);
    const Response response = receiver.handle(post(entry.content_type, entry.body, entry.content_encoding));
    EXPECT_EQ(response.status, entry.status) << response.body;
    if (response.status == 200U) {
      EXPECT_EQ(accepted(response).rejected_spans, entry.rejected_spans);
    } else {
      EXPECT_EQ(refused(response).code, response.status == 413U ? 8 : 3);
      EXPECT_FALSE(refused(response).message.empty());
      EXPECT_EQ(response.headers.find("Retry-After"), std::nullopt);
    }
    EXPECT_EQ(receiver.handle(post(make_span(9))).status, 200U);
  }
}

TEST(OtlpReceiver, TellsWhichSpansItRejectedAndStoresTheOthers) {
  FakeStore store;
  OtlpReceiver receiver(store, {});
  SpanView spans[] = {make_span(1), make_span(2)};
  spans[1].span_id = {};
  const auto answer = accepted(receiver.handle(post(protobuf_type, otlp::encode_request(spans))));
  EXPECT_EQ(answer.rejected_spans, 1);
  EXPECT_THAT(answer.error_message, HasSubstr("spans[1]"));
  ASSERT_EQ(store.appended().size(), 1U);
  EXPECT_EQ(store.appended()[0], otlp::encode_request(std::span(spans, 1)));
  EXPECT_EQ(count(receiver.stats().rejected_spans, RejectReason::InvalidId), 1U);
}

TEST(OtlpReceiver, HoldsEachLimitExactly) {
  SpanView span = make_span(1);
  const std::string body = otlp::encode_request(std::span(&span, 1));
  const std::size_t content = span.name.size() + std::string_view("workflow.bot_type").size() + 4;
  const auto answer = [&](const IngestLimits& limits, const Request& request) {
    FakeStore store;
    return OtlpReceiver(store, limits).handle(request);
  };
  const auto rejected = [&](const IngestLimits& limits) { return accepted(answer(limits, post(span))).rejected_spans; };

  EXPECT_EQ(answer({.max_body_bytes = body.size()}, post(span)).status, 200U);
  EXPECT_EQ(answer({.max_body_bytes = body.size() - 1}, post(span)).status, 413U);
  // gzip makes so small a body larger, so that only the sent form is over the limit
  EXPECT_EQ(answer({.max_body_bytes = gzip(body).size()}, post(protobuf_type, gzip(body), "gzip")).status, 200U);
  EXPECT_EQ(answer({.max_body_bytes = body.size() - 1}, post(protobuf_type, gzip(body), "gzip")).status, 413U);
  EXPECT_EQ(rejected({.max_attributes_per_span = 1}), 0);
  EXPECT_EQ(rejected({.max_attributes_per_span = 0}), 1);
  EXPECT_EQ(rejected({.max_span_bytes = content}), 0);
  EXPECT_EQ(rejected({.max_span_bytes = content - 1}), 1);
  EXPECT_EQ(answer({.decode = {.max_spans = 1}}, post(span)).status, 200U);
  EXPECT_EQ(answer({.decode = {.max_spans = 0}}, post(span)).status, 400U);
}

TEST(OtlpReceiver, NamesTheSpanThatIsOverALimit) {
  FakeStore store;
  OtlpReceiver receiver(store, {.max_span_bytes = 1000});
  const std::string long_text(1001, 'x');
  SpanView event = make_span(1), link = make_span(2), value = make_span(3), fine = make_span(4);
  event.events.emplace_back().name = long_text;
  link.links.emplace_back().trace_state = long_text;
  link.links[0].trace_id = fine.trace_id;
  link.links[0].span_id = fine.span_id;
  value.attributes.push_back({"bytes", BytesView{long_text}});
  const std::array spans = {event, link, value, fine};
  const auto answer = accepted(receiver.handle(post(protobuf_type, otlp::encode_request(spans))));
  EXPECT_EQ(answer.rejected_spans, 3);
  EXPECT_EQ(answer.error_message, "span 0102030405060701: too_large");
  EXPECT_EQ(count(receiver.stats().rejected_spans, RejectReason::TooLarge), 3U);
  EXPECT_EQ(receiver.stats().stored_spans, 1U);
}

TEST(OtlpReceiver, AsksTheSenderToComeBackWhenTheStoreIsInTrouble) {
  for (const auto& [error, reason] :
       {std::pair(Errc::Unavailable, RejectReason::StoreUnavailable),
        std::pair(Errc::IoError, RejectReason::StoreFailed), std::pair(Errc::Corruption, RejectReason::StoreFailed)}) {
    FakeStore store;
    store.fail_with({error, "the disk is full"});
    OtlpReceiver receiver(store, {.retry_after_seconds = 9});
    const Response response = receiver.handle(post(make_span(1)));
    EXPECT_EQ(response.status, 503U);
    EXPECT_EQ(response.headers.find("Retry-After"), "9");
    EXPECT_EQ(refused(response).code, 14);
    EXPECT_THAT(refused(response).message, HasSubstr("the disk is full"));
    EXPECT_EQ(count(receiver.stats().rejected_spans, reason), 1U);
    EXPECT_EQ(receiver.stats().stored_spans, 0U);
  }
}

TEST(OtlpReceiver, TellsTheSenderToSendLessWhenTheStoreCanNeverTakeIt) {
  FakeStore store;
  store.fail_with({Errc::LimitExceeded, "larger than the queue"});
  OtlpReceiver receiver(store, {});
  EXPECT_EQ(receiver.handle(post(make_span(1))).status, 413U);
}

TEST(OtlpReceiver, CountsEverySpanOnce) {
  FakeStore store;
  OtlpReceiver receiver(store, {.max_attributes_per_span = 1});
  SpanView spans[] = {make_span(1), make_span(2), make_span(3), make_span(4)};
  spans[1].trace_id = {};
  spans[2].attributes.push_back({"second", true});
  const Request request = post(protobuf_type, otlp::encode_request(spans));
  receiver.handle(request);
  store.count_as_duplicates(1);
  receiver.handle(request);
  receiver.handle(post("text/plain", "x"));
  const IngestStats stats = receiver.stats();
  EXPECT_EQ(stats.requests, 3U);
  EXPECT_EQ(stats.received_bytes, 2 * request.body.size() + 1);
  EXPECT_EQ(stats.received_spans, 8U);
  EXPECT_EQ(stats.stored_spans, 3U);
  EXPECT_EQ(stats.duplicate_spans, 1U);
  EXPECT_EQ(count(stats.rejected_spans, RejectReason::InvalidId), 2U);
  EXPECT_EQ(count(stats.rejected_spans, RejectReason::TooManyAttributes), 2U);
  EXPECT_EQ(count(stats.rejected_requests, RejectReason::UnsupportedMediaType), 1U);
}

TEST(OtlpReceiver, HasOnePathAndOneMethod) {
  FakeStore store;
  OtlpReceiver receiver(store, {});
  Request get = post(json_type, "{}");
  get.method = "GET";
  const Response not_allowed = receiver.handle(get);
  EXPECT_EQ(not_allowed.status, 405U);
  EXPECT_EQ(not_allowed.headers.find("Allow"), "POST");
  EXPECT_EQ(refused(not_allowed).code, 12);
  for (const char* path : {"/", "/v1/metrics", "/v1/traces/", "/V1/traces", "*"}) {
    Request elsewhere = post(protobuf_type, "");
    elsewhere.path = path;
    const Response response = receiver.handle(elsewhere);
    EXPECT_EQ(response.status, 404U) << path;
    EXPECT_EQ(response.content_type, protobuf_type);
    EXPECT_EQ(refused(response).code, 5);
  }
  EXPECT_EQ(receiver.stats().requests, 0U);
}

TEST(OtlpReceiver, DressesWhatTheHttpServerRefuses) {
  FakeStore store;
  OtlpReceiver receiver(store, {});
  const std::tuple<unsigned, int, RejectReason> expected[] = {
      {400, 3, RejectReason::Malformed}, {408, 4, RejectReason::TooSlow},     {413, 8, RejectReason::TooLarge},
      {431, 8, RejectReason::TooLarge},  {503, 14, RejectReason::Overloaded}, {500, 13, RejectReason::Internal}};
  for (const auto& [status, code, reason] : expected) {
    const std::uint64_t before = count(receiver.stats().rejected_requests, reason);
    const Response response = receiver.refuse(post(protobuf_type, ""), status, "because");
    EXPECT_EQ(response.status, status);
    EXPECT_EQ(response.content_type, protobuf_type);
    EXPECT_EQ(refused(response), (otlp::RpcStatus{.code = code, .message = "because"}));
    EXPECT_EQ(response.headers.find("Retry-After").has_value(), status == 503U);
    EXPECT_EQ(count(receiver.stats().rejected_requests, reason), before + 1);
  }
  EXPECT_EQ(receiver.refuse({}, 400, "because").content_type, json_type);
}

TEST(RejectReason, HasANameOfItsOwnForEachValue) {
  std::vector<std::string_view> names;
  for (const RejectReason reason : reject_reasons) {
    EXPECT_EQ(reject_reasons[index_of(reason)], reason);
    EXPECT_THAT(names, Not(::testing::Contains(to_string(reason))));
    names.push_back(to_string(reason));
  }
}

}  // namespace
}  // namespace segue::server
