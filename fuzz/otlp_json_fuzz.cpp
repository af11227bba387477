// Reads any text as OTLP/JSON. What is accepted must be well-formed protobuf, and must not change on
// its way to JSON and back.
#include <cstddef>
#include <cstdint>

#include "otlp_walk.h"
#include "segue/otlp/decode.h"
#include "segue/otlp/json.h"
#include "target.h"

namespace fuzz = segue::fuzz;
namespace otlp = segue::otlp;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto protobuf = otlp::request_from_json(fuzz::as_text(data, size));
  if (!protobuf) return 0;
  if (!fuzz::walk_request(*protobuf)) {
    const segue::Errc code = otlp::decode_request(*protobuf).error().code;
    fuzz::require(code == segue::Errc::LimitExceeded, "JSON was turned into malformed protobuf");
  }
  const auto json = otlp::request_to_json(*protobuf);
  fuzz::require(json.has_value(), "what came from JSON cannot be written as JSON");
  const auto protobuf_again = otlp::request_from_json(*json);
  fuzz::require(protobuf_again.has_value(), "our own JSON cannot be read");
  const auto json_again = otlp::request_to_json(*protobuf_again);
  fuzz::require(json_again.has_value() && *json_again == *json, "JSON changed on the way through protobuf");
  const auto protobuf_thrice = otlp::request_from_json(*json_again);
  fuzz::require(protobuf_thrice.has_value() && *protobuf_thrice == *protobuf_again,
                "protobuf changed on the way through JSON");
  return 0;
}
