#include "otlp_answer.h"

#include "http_options.h"
#include "segue/export/detail/remote.h"
#include "segue/otlp/response.h"

namespace segue::detail {
namespace {

/// The receiver's own words where it uses OTLP's form, else the body as it is.
ExportResult read_refusal(const HttpAnswer& answer, OtlpHttpProtocol protocol) {
  const auto status = protocol == OtlpHttpProtocol::Json ? otlp::rpc_status_from_json(answer.body)
                                                         : otlp::rpc_status_from_protobuf(answer.body);
  return refused(answer, status && !status->message.empty() ? status->message : answer.body);
}

ExportResult read_success(const HttpAnswer& answer, OtlpHttpProtocol protocol) {
  return delivered(protocol == OtlpHttpProtocol::Json ? otlp::export_response_from_json(answer.body)
                                                      : otlp::export_response_from_protobuf(answer.body));
}

}  // namespace

ExportResult read_otlp_answer(const HttpAnswer& answer, OtlpHttpProtocol protocol) {
  return answer.outcome == ExportOutcome::Delivered ? read_success(answer, protocol) : read_refusal(answer, protocol);
}

}  // namespace segue::detail
