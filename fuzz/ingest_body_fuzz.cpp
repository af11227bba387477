// Sends any bytes to the whole receiver. The first byte chooses content type and coding, the rest is the body. Whatever
// it is, the answer is one of four, its body can be read, and every span is accounted for.
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <string>
#include <string_view>

#include "fake_store.h"
#include "segue/otlp/response.h"
#include "segue/server/ingest/otlp_receiver.h"
#include "target.h"

namespace {

using namespace segue;
using server::IngestStats;
using server::Response;

constexpr std::string_view content_types[] = {"application/x-protobuf", "application/json", "text/plain", ""};
constexpr std::string_view content_codings[] = {"gzip", "identity", "br", ""};

server::Request to_request(std::string_view input) {
  const auto choice = static_cast<unsigned char>(input.front());
  server::Request request{.method = "POST", .path = "/v1/traces", .body = std::string(input.substr(1))};
  request.headers.add("Content-Type", std::string(content_types[choice % 4]));
  request.headers.add("Content-Encoding", std::string(content_codings[choice / 4 % 4]));
  return request;
}

bool is_readable(const Response& response) {
  const bool is_json = response.content_type == "application/json";
  if (response.status == 200) {
    return (is_json ? otlp::export_response_from_json(response.body)
                    : otlp::export_response_from_protobuf(response.body))
        .has_value();
  }
  return (is_json ? otlp::rpc_status_from_json(response.body) : otlp::rpc_status_from_protobuf(response.body))
      .has_value();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  server::test::FakeStore store;
  server::OtlpReceiver receiver(store, {.max_body_bytes = std::size_t{1} << 20});
  const Response response = receiver.handle(to_request(fuzz::as_text(data, size)));
  const unsigned status = response.status;
  fuzz::require(status == 200 || status == 400 || status == 413 || status == 415, "an answer outside the contract");
  fuzz::require(is_readable(response), "our own answer cannot be read");
  const IngestStats stats = receiver.stats();
  const auto& rejected = stats.rejected_spans;
  fuzz::require(stats.received_spans == stats.stored_spans + std::accumulate(rejected.begin(), rejected.end(), 0U),
                "a span was lost without being counted");
  const auto& refused = stats.rejected_requests;
  fuzz::require(std::accumulate(refused.begin(), refused.end(), 0U) == (status == 200 ? 0U : 1U),
                "a refusal was not counted");
  return 0;
}
