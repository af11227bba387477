// Offers Segue's OTLP codec to a test in another language: reads standard input, writes standard output.
//
//   otlp_codec_tool request-to-json < request.pb > request.json
//
// Errors: exit code 1 with the message on standard error for input the codec refuses, 2 for an unknown operation.
#include <functional>
#include <iostream>
#include <iterator>
#include <map>
#include <string>

#include "segue/otlp/decode.h"
#include "segue/otlp/encode.h"
#include "segue/otlp/json.h"
#include "segue/otlp/response.h"

namespace {

namespace otlp = segue::otlp;
using segue::Errc, segue::Error, segue::Result;

using Operation = std::function<Result<std::string>(const std::string&)>;

Result<std::string> reencode_request(const std::string& protobuf) {
  const auto request = otlp::decode_request(protobuf);
  if (!request) return request.error();
  if (request->rejected_spans != 0) return Error{Errc::InvalidArgument, request->rejection_message};
  return otlp::encode_request(request->list.spans);
}

// An operation that reads an answer in one encoding and writes it in another.
template <class Read, class Write>
Operation convert(Read read, Write write) {
  return [read, write](const std::string& input) -> Result<std::string> {
    const auto answer = read(input);
    if (!answer) return answer.error();
    return write(*answer);
  };
}

std::map<std::string, Operation> operations() {
  const auto to_protobuf = [](const auto& answer) { return otlp::to_protobuf(answer); };
  const auto to_json = [](const auto& answer) { return otlp::to_json(answer); };
  return {
      {"request-reencode", reencode_request},
      {"request-to-json", [](const std::string& input) { return otlp::request_to_json(input); }},
      {"request-from-json", [](const std::string& input) { return otlp::request_from_json(input); }},
      {"response-reencode", convert(otlp::export_response_from_protobuf, to_protobuf)},
      {"response-to-json", convert(otlp::export_response_from_protobuf, to_json)},
      {"response-from-json", convert(otlp::export_response_from_json, to_protobuf)},
      {"status-reencode", convert(otlp::rpc_status_from_protobuf, to_protobuf)},
      {"status-to-json", convert(otlp::rpc_status_from_protobuf, to_json)},
      {"status-from-json", convert(otlp::rpc_status_from_json, to_protobuf)},
  };
}

}  // namespace

int main(int count, char** arguments) {
  const auto known = operations();
  const auto operation = known.find(count == 2 ? arguments[1] : "");
  if (operation == known.end()) {
    std::cerr << "usage: otlp_codec_tool OPERATION\n";
    return 2;
  }
  const std::string input{std::istreambuf_iterator<char>(std::cin), {}};
  const auto output = operation->second(input);
  if (!output) {
    std::cerr << output.error().message << '\n';
    return 1;
  }
  std::cout << *output;
  return 0;
}
