// Against a real HTTP server on the loopback interface.
#include "segue/export/otlp_http_exporter.h"

#include <gtest/gtest.h>

#include <csignal>
#include <ctime>

#include "gunzip.h"
#include "loopback_server.h"
#include "segue/otlp/decode.h"
#include "segue/otlp/json.h"
#include "segue/otlp/response.h"
#include "test_batch.h"

namespace segue {
namespace {

using namespace std::chrono_literals;
using test::LoopbackAnswer;
using test::LoopbackServer;
using Then = LoopbackAnswer::Then;

std::unique_ptr<OtlpHttpExporter> make_exporter(const LoopbackServer& server, OtlpHttpOptions options = {}) {
  options.endpoint = server.url("/v1/traces");
  return *OtlpHttpExporter::create(options);
}

void expect_the_batch(std::string_view request) {
  const auto decoded = otlp::decode_request(request);
  ASSERT_TRUE(decoded) << decoded.error().message;
  ASSERT_EQ(decoded->list.spans.size(), 3U);
  EXPECT_EQ(decoded->list.spans[0].name, "lead_bot.analyze_intent");
  EXPECT_EQ(decoded->list.spans[0].scope->name, "acme.bots");
  EXPECT_EQ(decoded->list.spans[0].scope->schema_url, "https://opentelemetry.io/schemas/1.44.0");
  EXPECT_EQ(decoded->list.spans[2].scope->name, "");
  EXPECT_EQ(decoded->list.spans[2].resource->service(), "bots");
}

TEST(OtlpHttpExporter, SendsTheFramedBatchWithItsHeaders) {
  LoopbackServer server;
  const auto exporter = make_exporter(server, {.headers = {{"x-api-key", "secret"}, {"x-empty", ""}}});
  const ExportResult result = exporter->export_spans(test::TestBatch().get());
  EXPECT_EQ(result.outcome, ExportOutcome::Delivered) << result.message;
  const auto request = server.requests().at(0);
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.target, "/v1/traces");
  EXPECT_EQ(request.header("content-type"), "application/x-protobuf");
  EXPECT_EQ(request.header("content-length"), std::to_string(request.body.size()));
  EXPECT_EQ(request.header("x-api-key"), "secret");
  EXPECT_TRUE(request.header("user-agent").starts_with("Segue-OTLP-Exporter-Cpp/"));
  EXPECT_EQ(request.header("expect"), "");
  EXPECT_EQ(request.header("content-encoding"), "");
  expect_the_batch(request.body);
}

TEST(OtlpHttpExporter, CompressesWithGzipTimeAndTimeAgain) {
  LoopbackServer server;
  const auto exporter = make_exporter(server, {.compression = OtlpCompression::Gzip});
  test::TestBatch batch;
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(exporter->export_spans(batch.get()).outcome, ExportOutcome::Delivered);
    const auto request = server.requests().back();
    EXPECT_EQ(request.header("content-encoding"), "gzip");
    expect_the_batch(test::gunzip(request.body));
  }
  batch.add_large_span(3'000'000);
  EXPECT_EQ(exporter->export_spans(batch.get()).outcome, ExportOutcome::Delivered);
  EXPECT_EQ(otlp::decode_request(test::gunzip(server.requests().back().body))->list.spans.size(), 4U);
}

TEST(OtlpHttpExporter, SpeaksJson) {
  LoopbackServer server({{.body = R"({"partialSuccess":{"rejectedSpans":"2","errorMessage":"too old"}})"}});
  const auto exporter = make_exporter(server, {.protocol = OtlpHttpProtocol::Json});
  const ExportResult result = exporter->export_spans(test::TestBatch().get());
  EXPECT_EQ(result.outcome, ExportOutcome::Delivered);
  EXPECT_EQ(result.rejected_spans, 2U);
  EXPECT_EQ(result.message, "too old");
  const auto request = server.requests().at(0);
  EXPECT_EQ(request.header("content-type"), "application/json");
  expect_the_batch(*otlp::request_from_json(request.body));
}

TEST(OtlpHttpExporter, KeepsOneConnectionAndOpensAnotherWhenItIsClosed) {
  LoopbackServer server({{}, {}, {.then = Then::Close}, {}});
  const auto exporter = make_exporter(server);
  const test::TestBatch batch;
  for (int i = 0; i < 3; ++i) EXPECT_EQ(exporter->export_spans(batch.get()).outcome, ExportOutcome::Delivered);
  EXPECT_EQ(server.connections(), 1U);
  EXPECT_EQ(exporter->export_spans(batch.get()).outcome, ExportOutcome::Delivered);
  EXPECT_EQ(server.connections(), 2U);
  expect_the_batch(server.requests().at(3).body);
}

TEST(OtlpHttpExporter, SendsLargeBatchesWhole) {
  LoopbackServer server;
  const auto exporter = make_exporter(server);
  test::TestBatch batch;
  batch.add_large_span(8'000'000);
  EXPECT_EQ(exporter->export_spans(batch.get()).outcome, ExportOutcome::Delivered);
  const auto request = server.requests().at(0);
  EXPECT_GT(request.body.size(), 8'000'000U);
  EXPECT_EQ(otlp::decode_request(request.body)->list.spans.size(), 4U);
}

TEST(OtlpHttpExporter, ClassifiesAnswersAsTheSpecificationSays) {
  const std::pair<std::string, ExportOutcome> table[] = {
      {"200 OK", ExportOutcome::Delivered},
      {"202 Accepted", ExportOutcome::Delivered},
      {"301 Moved Permanently", ExportOutcome::Rejected},
      {"400 Bad Request", ExportOutcome::Rejected},
      {"401 Unauthorized", ExportOutcome::Rejected},
      {"404 Not Found", ExportOutcome::Rejected},
      {"408 Request Timeout", ExportOutcome::Rejected},
      {"413 Payload Too Large", ExportOutcome::Rejected},
      {"429 Too Many Requests", ExportOutcome::Retryable},
      {"500 Internal Server Error", ExportOutcome::Rejected},
      {"501 Not Implemented", ExportOutcome::Rejected},
      {"502 Bad Gateway", ExportOutcome::Retryable},
      {"503 Service Unavailable", ExportOutcome::Retryable},
      {"504 Gateway Timeout", ExportOutcome::Retryable},
      {"505 HTTP Version Not Supported", ExportOutcome::Rejected},
  };
  for (const auto& [status_line, outcome] : table) {
    LoopbackServer server({{.status_line = status_line}});
    const ExportResult result = make_exporter(server)->export_spans(test::TestBatch().get());
    EXPECT_EQ(result.outcome, outcome) << status_line;
    EXPECT_EQ(result.retry_after, std::nullopt) << status_line;
    if (outcome != ExportOutcome::Delivered) {
      EXPECT_EQ(result.message, "HTTP " + status_line.substr(0, 3));
    }
  }
}

TEST(OtlpHttpExporter, DoesNotFollowRedirects) {
  LoopbackServer elsewhere;
  LoopbackServer server(
      {{.status_line = "307 Temporary Redirect", .headers = "Location: " + elsewhere.url("/") + "\r\n"}});
  const auto exporter = make_exporter(server, {.headers = {{"x-api-key", "secret"}}});
  EXPECT_EQ(exporter->export_spans(test::TestBatch().get()).outcome, ExportOutcome::Rejected);
  EXPECT_EQ(elsewhere.connections(), 0U);
}

TEST(OtlpHttpExporter, PassesOnHowLongTheReceiverWantsItToWait) {
  const auto retry_after = [](const std::string& value) {
    LoopbackServer server({{.status_line = "503 Service Unavailable", .headers = "Retry-After: " + value + "\r\n"}});
    return make_exporter(server)->export_spans(test::TestBatch().get()).retry_after;
  };
  EXPECT_EQ(retry_after("120"), 120s);
  EXPECT_EQ(retry_after("0"), std::nullopt);
  EXPECT_EQ(retry_after("soon"), std::nullopt);
  EXPECT_EQ(retry_after("Fri, 31 Dec 1999 23:59:59 GMT"), std::nullopt);

  const std::time_t later = std::time(nullptr) + 3600;
  std::tm parts = {};
  gmtime_r(&later, &parts);
  char date[64];
  std::strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", &parts);
  const auto wait = retry_after(date);
  ASSERT_TRUE(wait);
  EXPECT_GT(*wait, 3000s);
  EXPECT_LE(*wait, 3600s);
}

TEST(OtlpHttpExporter, AWaitCountsForRetryableAnswersOnly) {
  const LoopbackAnswer refusal = {.status_line = "400 Bad Request", .headers = "Retry-After: 5\r\n"};
  LoopbackServer server({refusal});
  EXPECT_EQ(make_exporter(server)->export_spans(test::TestBatch().get()).retry_after, std::nullopt);
}

TEST(OtlpHttpExporter, APartialSuccessIsADelivery) {
  const otlp::ExportResponse response = {.rejected_spans = 2, .error_message = "span id is all zeros"};
  LoopbackServer server({{.body = otlp::to_protobuf(response)}, {.body = "\xff not protobuf"}});
  const auto exporter = make_exporter(server);
  ExportResult result = exporter->export_spans(test::TestBatch().get());
  EXPECT_EQ(result.outcome, ExportOutcome::Delivered);
  EXPECT_EQ(result.rejected_spans, 2U);
  EXPECT_EQ(result.message, "span id is all zeros");
  result = exporter->export_spans(test::TestBatch().get());
  EXPECT_EQ(result.outcome, ExportOutcome::Delivered) << "an unreadable answer does not undo the delivery";
  EXPECT_EQ(result.rejected_spans, 0U);
}

TEST(OtlpHttpExporter, RepeatsTheReceiversWords) {
  LoopbackServer server({{.status_line = "400 Bad Request", .body = otlp::to_protobuf(otlp::RpcStatus{3, "bad span"})},
                         {.status_line = "401 Unauthorized", .body = "unknown API key\r\n"}});
  const auto exporter = make_exporter(server);
  EXPECT_EQ(exporter->export_spans(test::TestBatch().get()).message, "HTTP 400: bad span");
  EXPECT_EQ(exporter->export_spans(test::TestBatch().get()).message, "HTTP 401: unknown API key");
}

TEST(OtlpHttpExporter, StopsReadingAnEndlessAnswerButBelievesItsStatus) {
  const std::string endless(std::size_t{5} << 20, ' ');
  LoopbackServer server({{.body = endless}, {.status_line = "503 Service Unavailable", .body = endless}});
  const auto exporter = make_exporter(server);
  EXPECT_EQ(exporter->export_spans(test::TestBatch().get()).outcome, ExportOutcome::Delivered);
  EXPECT_EQ(exporter->export_spans(test::TestBatch().get()).outcome, ExportOutcome::Retryable);
}

TEST(OtlpHttpExporter, EndsByItsTimeoutAndMayBeRetried) {
  LoopbackServer server({{.then = Then::NeverAnswer}});
  const auto exporter = make_exporter(server, {.timeout = 50ms});
  const ExportResult result = exporter->export_spans(test::TestBatch().get());
  EXPECT_EQ(result.outcome, ExportOutcome::Retryable);
  EXPECT_NE(result.message, "");
}

TEST(OtlpHttpExporter, AReceiverThatIsAwayOrHangsUpMayComeBack) {
  std::string url_of_nobody;
  {
    const LoopbackServer server;
    url_of_nobody = server.url("/v1/traces");
  }
  const auto exporter = *OtlpHttpExporter::create({.endpoint = url_of_nobody});
  EXPECT_EQ(exporter->export_spans(test::TestBatch().get()).outcome, ExportOutcome::Retryable);

  LoopbackServer rude({{.then = Then::CloseWithoutAnswer}});
  EXPECT_EQ(make_exporter(rude)->export_spans(test::TestBatch().get()).outcome, ExportOutcome::Retryable);
}

TEST(OtlpHttpExporter, LeavesTheProgramsSignalsAlone) {
  LoopbackServer server;
  sigset_t before;
  sigset_t after;
  pthread_sigmask(SIG_SETMASK, nullptr, &before);
  static_cast<void>(make_exporter(server)->export_spans(test::TestBatch().get()));
  pthread_sigmask(SIG_SETMASK, nullptr, &after);
  EXPECT_EQ(sigismember(&before, SIGPIPE), sigismember(&after, SIGPIPE));
}

TEST(OtlpHttpExporter, ChecksItsOptionsOnce) {
  const auto message_for = [](const OtlpHttpOptions& options) {
    const auto exporter = OtlpHttpExporter::create(options);
    return exporter ? std::string("accepted") : exporter.error().message;
  };
  EXPECT_EQ(message_for({}), "accepted");
  EXPECT_EQ(message_for({.endpoint = "https://collector.example:4318/v1/traces"}), "accepted");
  EXPECT_EQ(message_for({.endpoint = "ftp://collector.example"}),
            "otlp http exporter: endpoint: not an http or https URL: ftp://collector.example");
  EXPECT_EQ(message_for({.endpoint = ""}), "otlp http exporter: endpoint: not an http or https URL: ");
  EXPECT_EQ(message_for({.headers = {{"bad name", "v"}}}),
            "otlp http exporter: headers: not a header name: \"bad name\"");
  EXPECT_EQ(message_for({.headers = {{"name", "a\r\nb: c"}}}),
            "otlp http exporter: headers: the value of name has a line break");
  EXPECT_EQ(message_for({.timeout = 0ms}), "otlp http exporter: timeout: must be at least 1 ms");
  EXPECT_EQ(message_for({.ca_file = "/nonexistent.pem"}), "otlp http exporter: ca_file: cannot read /nonexistent.pem");
  EXPECT_EQ(message_for({.client_key_file = "/nonexistent.pem"}),
            "otlp http exporter: client_certificate_file and client_key_file: one without the other");
}

}  // namespace
}  // namespace segue
