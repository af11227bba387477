// Against a real gRPC server on the loopback interface.
#include "segue/export/otlp_grpc_exporter.h"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <csignal>

#include "grpc_server.h"
#include "segue/otlp/decode.h"
#include "segue/otlp/response.h"
#include "test_batch.h"

namespace segue {
namespace {

using namespace std::chrono_literals;
using test::GrpcServer;
using test::GrpcServerAnswer;

std::unique_ptr<OtlpGrpcExporter> make_exporter(const GrpcServer& server, OtlpGrpcOptions options = {}) {
  options.endpoint = "http://" + server.address();
  return *OtlpGrpcExporter::create(options);
}

ExportResult export_once(const GrpcServerAnswer& answer) {
  const GrpcServer server({answer});
  return make_exporter(server)->export_spans(test::TestBatch().get());
}

void expect_the_batch(std::string_view request) {
  const auto decoded = otlp::decode_request(request);
  ASSERT_TRUE(decoded) << decoded.error().message;
  ASSERT_EQ(decoded->list.spans.size(), 3U);
  EXPECT_EQ(decoded->list.spans[0].name, "lead_bot.analyze_intent");
  EXPECT_EQ(decoded->list.spans[2].resource->service(), "bots");
}

TEST(OtlpGrpcExporter, SendsTheFramedBatchWithItsMetadata) {
  GrpcServer server;
  const auto exporter = make_exporter(server, {.headers = {{"X-Api-Key", "secret"}, {"x-empty", ""}}});
  const ExportResult result = exporter->export_spans(test::TestBatch().get());
  EXPECT_EQ(result.outcome, ExportOutcome::Delivered) << result.message;
  EXPECT_EQ(result.rejected_spans, 0U);
  const auto request = server.requests().at(0);
  EXPECT_EQ(request.method, "/opentelemetry.proto.collector.trace.v1.TraceService/Export");
  EXPECT_EQ(request.value("x-api-key"), "secret");
  EXPECT_EQ(request.metadata.count("x-empty"), 1U);
  EXPECT_TRUE(request.value("user-agent").starts_with("Segue-OTLP-Exporter-Cpp/")) << request.value("user-agent");
  expect_the_batch(request.body);
}

TEST(OtlpGrpcExporter, CompressesWithGzip) {
  GrpcServer server;
  const auto exporter = make_exporter(server, {.compression = OtlpCompression::Gzip});
  EXPECT_EQ(exporter->export_spans(test::TestBatch().get()).outcome, ExportOutcome::Delivered);
  expect_the_batch(server.requests().at(0).body);

  const GrpcServer without_gzip({{}}, {.accepts_gzip = false});
  const auto refused = make_exporter(without_gzip, {.compression = OtlpCompression::Gzip});
  const ExportResult result = refused->export_spans(test::TestBatch().get());
  EXPECT_EQ(result.outcome, ExportOutcome::Rejected);
  EXPECT_TRUE(result.message.starts_with("gRPC UNIMPLEMENTED: ")) << result.message;
}

TEST(OtlpGrpcExporter, SendsLargeBatchesWhole) {
  GrpcServer server;
  const auto exporter = make_exporter(server);
  test::TestBatch batch;
  batch.add_large_span(8'000'000);
  for (int i = 0; i < 2; ++i) EXPECT_EQ(exporter->export_spans(batch.get()).outcome, ExportOutcome::Delivered);
  EXPECT_EQ(otlp::decode_request(server.requests().at(1).body)->list.spans.size(), 4U);
}

TEST(OtlpGrpcExporter, ClassifiesCodesAsTheSpecificationSays) {
  const std::pair<int, std::string> retryable[] = {{1, "CANCELLED"},     {4, "DEADLINE_EXCEEDED"}, {10, "ABORTED"},
                                                   {11, "OUT_OF_RANGE"}, {14, "UNAVAILABLE"},      {15, "DATA_LOSS"}};
  for (const auto& [code, name] : retryable) {
    const ExportResult result = export_once({.code = code, .message = "why\n"});
    EXPECT_EQ(result.outcome, ExportOutcome::Retryable) << name;
    EXPECT_EQ(result.retry_after, std::nullopt) << name;
    EXPECT_EQ(result.message, "gRPC " + name + ": why");
  }
  const std::pair<int, std::string> fatal[] = {
      {2, "UNKNOWN"},           {3, "INVALID_ARGUMENT"},   {5, "NOT_FOUND"},           {6, "ALREADY_EXISTS"},
      {7, "PERMISSION_DENIED"}, {8, "RESOURCE_EXHAUSTED"}, {9, "FAILED_PRECONDITION"}, {12, "UNIMPLEMENTED"},
      {13, "INTERNAL"},         {16, "UNAUTHENTICATED"}};
  for (const auto& [code, name] : fatal) {
    const ExportResult result = export_once({.code = code});
    EXPECT_EQ(result.outcome, ExportOutcome::Rejected) << name;
    EXPECT_EQ(result.message, "gRPC " + name);
  }
}

TEST(OtlpGrpcExporter, PassesOnHowLongTheReceiverWantsItToWait) {
  const auto result_of = [](int code, std::optional<std::chrono::nanoseconds> delay) {
    const otlp::RpcStatus status = {.code = code, .message = "busy", .retry_delay = delay};
    return export_once({.code = code, .message = "busy", .details = otlp::to_protobuf(status)});
  };
  EXPECT_EQ(result_of(14, 5250ms).retry_after, 5250ms);
  EXPECT_EQ(result_of(14, 1ns).retry_after, 1ms) << "never sooner than asked";
  EXPECT_EQ(result_of(14, 0ns).retry_after, std::nullopt);
  EXPECT_EQ(result_of(14, std::nullopt).retry_after, std::nullopt);
  EXPECT_EQ(result_of(8, 2s).outcome, ExportOutcome::Retryable);
  EXPECT_EQ(result_of(8, 2s).retry_after, 2s);
  EXPECT_EQ(result_of(8, 0s).outcome, ExportOutcome::Retryable) << "the receiver expects to recover, and at once";
  EXPECT_EQ(result_of(8, std::nullopt).outcome, ExportOutcome::Rejected);
  EXPECT_EQ(result_of(3, 2s).outcome, ExportOutcome::Rejected);
  EXPECT_EQ(result_of(3, 2s).retry_after, std::nullopt);

  const ExportResult unreadable = export_once({.code = 8, .details = "\xff not protobuf"});
  EXPECT_EQ(unreadable.outcome, ExportOutcome::Rejected);
}

TEST(OtlpGrpcExporter, APartialSuccessIsADelivery) {
  const otlp::ExportResponse response = {.rejected_spans = 2, .error_message = "span id is all zeros"};
  GrpcServer server({{.body = otlp::to_protobuf(response)}, {.body = "\xff not protobuf"}});
  const auto exporter = make_exporter(server);
  ExportResult result = exporter->export_spans(test::TestBatch().get());
  EXPECT_EQ(result.outcome, ExportOutcome::Delivered);
  EXPECT_EQ(result.rejected_spans, 2U);
  EXPECT_EQ(result.message, "span id is all zeros");
  result = exporter->export_spans(test::TestBatch().get());
  EXPECT_EQ(result.outcome, ExportOutcome::Delivered) << "an unreadable answer does not undo the delivery";
}

TEST(OtlpGrpcExporter, RefusesAnEndlessAnswer) {
  const ExportResult result = export_once({.body = std::string(std::size_t{5} << 20, ' ')});
  EXPECT_EQ(result.outcome, ExportOutcome::Rejected);
  EXPECT_TRUE(result.message.starts_with("gRPC RESOURCE_EXHAUSTED: ")) << result.message;
}

TEST(OtlpGrpcExporter, EndsByItsTimeoutAndMayBeRetried) {
  GrpcServer server({{.then = GrpcServerAnswer::Then::NeverAnswer}, {}});
  const auto exporter = make_exporter(server, {.timeout = 200ms});
  const ExportResult result = exporter->export_spans(test::TestBatch().get());
  EXPECT_EQ(result.outcome, ExportOutcome::Retryable);
  EXPECT_TRUE(result.message.starts_with("gRPC DEADLINE_EXCEEDED")) << result.message;
}

TEST(OtlpGrpcExporter, AReceiverThatIsAwayMayComeBack) {
  auto server = std::make_unique<GrpcServer>();
  const std::string address = server->address();
  server.reset();
  const auto exporter = *OtlpGrpcExporter::create({.endpoint = "http://" + address});
  const ExportResult result = exporter->export_spans(test::TestBatch().get());
  EXPECT_EQ(result.outcome, ExportOutcome::Retryable);
  EXPECT_NE(result.message.find("onnection refused"), std::string::npos) << result.message;

  const GrpcServer back({{}}, {.address = address});
  ExportOutcome outcome = ExportOutcome::Retryable;
  while (outcome == ExportOutcome::Retryable) outcome = exporter->export_spans(test::TestBatch().get()).outcome;
  EXPECT_EQ(outcome, ExportOutcome::Delivered);
}

TEST(OtlpGrpcExporter, AForkedChildIsToldAndDoesNotHang) {
  GrpcServer server;
  const auto exporter = make_exporter(server);
  EXPECT_EQ(exporter->export_spans(test::TestBatch().get()).outcome, ExportOutcome::Delivered);
  const pid_t child = fork();
  if (child == 0) {
    const ExportResult result = exporter->export_spans(test::TestBatch().get());
    const bool is_told = result.outcome == ExportOutcome::Rejected && result.message.find("fork") != std::string::npos;
    const auto another = OtlpGrpcExporter::create({});
    _exit(is_told && !another && another.error().code == Errc::FailedPrecondition ? 0 : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  EXPECT_EQ(exporter->export_spans(test::TestBatch().get()).outcome, ExportOutcome::Delivered);
}

TEST(OtlpGrpcExporter, LeavesTheProgramsSignalsAlone) {
  struct sigaction before = {};
  sigaction(SIGPIPE, nullptr, &before);
  static_cast<void>(export_once({}));
  struct sigaction after = {};
  sigaction(SIGPIPE, nullptr, &after);
  EXPECT_EQ(before.sa_handler, after.sa_handler);
}

TEST(OtlpGrpcExporter, ConnectsWithoutASchemeToo) {
  GrpcServer server;
  const auto exporter = *OtlpGrpcExporter::create({.endpoint = server.address(), .insecure = true});
  const ExportResult result = exporter->export_spans(test::TestBatch().get());
  EXPECT_EQ(result.outcome, ExportOutcome::Delivered) << result.message;

  const auto secure = *OtlpGrpcExporter::create({.endpoint = server.address()});
  EXPECT_EQ(secure->export_spans(test::TestBatch().get()).outcome, ExportOutcome::Retryable) << "that is TLS";
}

TEST(OtlpGrpcExporter, ChecksItsOptionsOnce) {
  const auto message_for = [](const OtlpGrpcOptions& options) {
    const auto exporter = OtlpGrpcExporter::create(options);
    return exporter ? std::string("accepted") : exporter.error().message;
  };
  for (const char* endpoint : {"http://localhost:4317", "https://collector.example", "http://[::1]:4317/", "localhost",
                               "unix:/run/collector", "http://[::1]"}) {
    EXPECT_EQ(message_for({.endpoint = endpoint}), "accepted") << endpoint;
  }
  for (const char* endpoint : {"http://", "https:///v1", "http://host:port", "http://host:", "http://host/v1/traces",
                               "http://user@host", "http://:4317", "http://host:123456"}) {
    EXPECT_EQ(message_for({.endpoint = endpoint}),
              std::string("otlp grpc exporter: endpoint: not a URL of host and port: ") + endpoint);
  }
  EXPECT_EQ(message_for({.endpoint = ""}), "otlp grpc exporter: endpoint: empty");
  for (const char* name : {"bad name", "", "grpc-timeout", "caf\xc3\xa9", ":path"}) {
    EXPECT_EQ(message_for({.headers = {{name, "v"}}}),
              std::string("otlp grpc exporter: headers: not a name for gRPC metadata: \"") + name + '"');
  }
  EXPECT_EQ(message_for({.headers = {{"name", "a\nb"}}}),
            "otlp grpc exporter: headers: the value of name is not printable ASCII");
  EXPECT_EQ(message_for({.timeout = 0ms}), "otlp grpc exporter: timeout: must be at least 1 ms");
  EXPECT_EQ(message_for({.ca_file = "/nonexistent.pem"}), "otlp grpc exporter: ca_file: cannot read /nonexistent.pem");
  EXPECT_EQ(message_for({.client_key_file = "/nonexistent.pem"}),
            "otlp grpc exporter: client_certificate_file and client_key_file: one without the other");
}

}  // namespace
}  // namespace segue
