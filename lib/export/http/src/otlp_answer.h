// What an OTLP/HTTP receiver's answer means, for every signal.
#pragma once

#include "http_poster.h"
#include "segue/export/otlp_http_exporter.h"

namespace segue::detail {

/// Reads the response or the google.rpc.Status in the receiver's encoding.
ExportResult read_otlp_answer(const HttpAnswer& answer, OtlpHttpProtocol protocol);

}  // namespace segue::detail
