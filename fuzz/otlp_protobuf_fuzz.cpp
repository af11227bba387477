// Decodes any bytes as an OTLP request, walks the result, encodes it and turns it into JSON and back.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "otlp_walk.h"
#include "segue/otlp/json.h"
#include "target.h"

namespace fuzz = segue::fuzz;
namespace otlp = segue::otlp;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view protobuf = fuzz::as_text(data, size);
  if (!fuzz::walk_request(protobuf)) return 0;
  const auto json = otlp::request_to_json(protobuf);
  fuzz::require(json.has_value(), "a request that can be decoded cannot be written as JSON");
  const auto back = otlp::request_from_json(*json);
  fuzz::require(back.has_value(), "our own JSON cannot be read");
  fuzz::require(fuzz::walk_request(*back), "our own JSON reads as something that cannot be decoded");
  return 0;
}
