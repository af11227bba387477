// Sends spans with one of Segue's exporters to a receiver in another language: reads an OTLP/JSON request from standard
// input, prints what became of it.
//
//   send_spans otlp_grpc http://127.0.0.1:4317 gzip < request.json
//   delivered 0 rejected
//
// Errors: exit code 1 with the message on standard error for bad input, 2 for a wrong command line.
#include <iostream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "encoded_batch.h"
#include "print_result.h"
#include "segue/export/otlp_grpc_exporter.h"
#include "segue/export/otlp_http_exporter.h"
#include "segue/export/zipkin_exporter.h"
#include "segue/otlp/decode.h"
#include "segue/otlp/json.h"

namespace {

using segue::Exporter, segue::OtlpCompression, segue::Result;

template <class Made>
std::unique_ptr<Exporter> checked(Result<Made> exporter) {
  if (!exporter) {
    std::cerr << exporter.error().message << '\n';
    return nullptr;
  }
  return *std::move(exporter);
}

std::unique_ptr<Exporter> make_exporter(const std::string& kind, const std::string& endpoint,
                                        OtlpCompression compression) {
  using enum segue::OtlpHttpProtocol;
  if (kind == "otlp_grpc") {
    return checked(segue::OtlpGrpcExporter::create({.endpoint = endpoint, .compression = compression}));
  }
  if (kind == "otlp_http" || kind == "otlp_http_json") {
    const auto protocol = kind == "otlp_http" ? Protobuf : Json;
    return checked(
        segue::OtlpHttpExporter::create({.endpoint = endpoint, .compression = compression, .protocol = protocol}));
  }
  if (kind == "zipkin") {
    return checked(segue::ZipkinExporter::create({.endpoint = endpoint, .compression = compression}));
  }
  return nullptr;
}

}  // namespace

int main(int count, char** arguments) {
  const std::vector<std::string> words(arguments + 1, arguments + count);
  const bool is_gzip = words.size() == 3 && words[2] == "gzip";
  std::unique_ptr<Exporter> exporter;
  if (words.size() == 2 || is_gzip) {
    exporter = make_exporter(words[0], words[1], is_gzip ? OtlpCompression::Gzip : OtlpCompression::None);
  }
  if (!exporter) {
    std::cerr << "usage: send_spans otlp_grpc|otlp_http|otlp_http_json|zipkin ENDPOINT [gzip]\n";
    return 2;
  }
  const std::string input{std::istreambuf_iterator<char>(std::cin), {}};
  const Result<std::string> request = segue::otlp::request_from_json(input);
  if (!request) {
    std::cerr << request.error().message << '\n';
    return 1;
  }
  const auto decoded = segue::otlp::decode_request(*request);
  if (!decoded || decoded->rejected_spans > 0) {
    std::cerr << (decoded ? decoded->rejection_message : decoded.error().message) << '\n';
    return 1;
  }
  segue::interop::print(exporter->export_spans(segue::contract::EncodedBatch(decoded->list.spans).get()));
  return 0;
}
