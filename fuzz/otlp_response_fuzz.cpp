// Reads any bytes as each of the answers an OTLP server may give, in both encodings; what is accepted
// must survive being written and read again.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "segue/otlp/response.h"
#include "target.h"

namespace fuzz = segue::fuzz;
namespace otlp = segue::otlp;

namespace {

template <class Answer, class FromProtobuf, class FromJson>
void check(const segue::Result<Answer>& answer, FromProtobuf&& from_protobuf, FromJson&& from_json) {
  if (!answer) return;
  const auto through_protobuf = from_protobuf(otlp::to_protobuf(*answer));
  fuzz::require(through_protobuf.has_value() && *through_protobuf == *answer, "an answer changed through protobuf");
  const auto through_json = from_json(otlp::to_json(*answer));
  fuzz::require(through_json.has_value(), "our own JSON cannot be read");
  // Text that is not UTF-8 is repaired once, and then stays.
  const auto again = from_json(otlp::to_json(*through_json));
  fuzz::require(again.has_value() && *again == *through_json, "an answer changed through JSON");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input = fuzz::as_text(data, size);
  using otlp::export_response_from_json, otlp::export_response_from_protobuf;
  using otlp::rpc_status_from_json, otlp::rpc_status_from_protobuf;
  check(export_response_from_protobuf(input), export_response_from_protobuf, export_response_from_json);
  check(export_response_from_json(input), export_response_from_protobuf, export_response_from_json);
  check(rpc_status_from_protobuf(input), rpc_status_from_protobuf, rpc_status_from_json);
  check(rpc_status_from_json(input), rpc_status_from_protobuf, rpc_status_from_json);
  return 0;
}
