// The OTLP/gRPC exporter, plain and compressed.
#include "exporter_contract.h"
#include "grpc_server.h"
#include "loopback_server.h"
#include "segue/export/otlp_grpc_exporter.h"
#include "segue/otlp/response.h"

namespace segue::contract {
namespace {

using namespace std::chrono_literals;
using test::GrpcServer;
using test::GrpcServerAnswer;

struct GrpcKind {
  std::string name;
  OtlpCompression compression = OtlpCompression::None;
};

const GrpcKind kinds[] = {{"otlp_grpc"}, {"otlp_grpc_gzip", OtlpCompression::Gzip}};

std::unique_ptr<Exporter> make_grpc_exporter(const GrpcKind& kind, const std::string& address) {
  return *OtlpGrpcExporter::create({.endpoint = "http://" + address, .compression = kind.compression});
}

class GrpcReceiver final : public Receiver {
 public:
  explicit GrpcReceiver(const GrpcKind& kind) : kind_(kind) {}

  std::unique_ptr<Exporter> make_exporter() override { return make_grpc_exporter(kind_, server_.address()); }

  std::vector<ReceivedSpan> received() const override {
    std::vector<ReceivedSpan> spans;
    for (const auto& request : server_.requests()) {
      for (ReceivedSpan& span : from_otlp(request.body)) spans.push_back(std::move(span));
    }
    return spans;
  }

 private:
  GrpcKind kind_;
  GrpcServer server_;
};

std::vector<ExporterKind> exporter_kinds() {
  std::vector<ExporterKind> all;
  for (const GrpcKind& kind : kinds) {
    all.push_back({kind.name, [kind]() -> std::unique_ptr<Receiver> { return std::make_unique<GrpcReceiver>(kind); }});
  }
  return all;
}

std::vector<FailingKind> failing_kinds() {
  std::vector<FailingKind> all;
  for (const GrpcKind& kind : kinds) {
    all.push_back({kind.name + "_to_nobody", [kind] {
                     const std::string address = GrpcServer().address();  // gone at the end of this line
                     return make_grpc_exporter(kind, address);
                   }});
    all.push_back({kind.name + "_to_a_web_server", [kind]() -> std::unique_ptr<Exporter> {
                     static test::LoopbackServer server({{.then = test::LoopbackAnswer::Then::Close}});
                     return make_grpc_exporter(kind, "127.0.0.1:" + std::to_string(server.port()));
                   }});
  }
  return all;
}

Answer answer_of(const GrpcKind& kind, std::string name, const GrpcServerAnswer& answer, ExportOutcome outcome,
                 std::optional<std::chrono::milliseconds> retry_after = {}) {
  return {std::move(name),
          [kind, answer](const ExportBatch& batch) {
            const GrpcServer server({answer});
            return make_grpc_exporter(kind, server.address())->export_spans(batch);
          },
          outcome, retry_after};
}

std::vector<Answer> answers_to(const GrpcKind& kind) {
  const auto details = [](int code) {
    return otlp::to_protobuf(otlp::RpcStatus{.code = code, .message = "busy", .retry_delay = 3s});
  };
  std::vector<Answer> all = {answer_of(kind, "OK", {}, ExportOutcome::Delivered)};
  for (const char* body : {"\x0a\x7f", "\xff\xff"}) {  // a message that is none does not undo a delivery
    all.push_back(answer_of(kind, body, {.body = body}, ExportOutcome::Delivered));
  }
  for (const int code : {1, 4, 10, 11, 14, 15}) {
    const std::string name = "code " + std::to_string(code);
    all.push_back(answer_of(kind, name, {.code = code}, ExportOutcome::Retryable));
    all.push_back(
        answer_of(kind, name + " in 3 s", {.code = code, .details = details(code)}, ExportOutcome::Retryable, 3s));
  }
  for (const int code : {2, 3, 5, 6, 7, 9, 12, 13, 16}) {
    all.push_back(answer_of(kind, "code " + std::to_string(code), {.code = code, .details = details(code)},
                            ExportOutcome::Rejected));
  }
  all.push_back(answer_of(kind, "exhausted", {.code = 8}, ExportOutcome::Rejected));
  all.push_back(answer_of(kind, "exhausted for 3 s", {.code = 8, .details = details(8)}, ExportOutcome::Retryable, 3s));
  all.push_back(answer_of(kind, "garbled details", {.code = 14, .details = "\xff"}, ExportOutcome::Retryable));
  return all;
}

std::vector<AnsweringKind> answering_kinds() {
  std::vector<AnsweringKind> all;
  for (const GrpcKind& kind : kinds) all.push_back({kind.name, answers_to(kind)});
  return all;
}

INSTANTIATE_TEST_SUITE_P(Grpc, ExporterContract, testing::ValuesIn(exporter_kinds()), name_of<ExporterKind>);
INSTANTIATE_TEST_SUITE_P(Grpc, FailingExporterContract, testing::ValuesIn(failing_kinds()), name_of<FailingKind>);
INSTANTIATE_TEST_SUITE_P(Grpc, AnsweredExporterContract, testing::ValuesIn(answering_kinds()), name_of<AnsweringKind>);

}  // namespace
}  // namespace segue::contract
