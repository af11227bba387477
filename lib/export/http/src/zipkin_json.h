// Spans as Zipkin's v2 JSON.
//
//   post(to_zipkin_json(decoded->list.spans));  // [{"traceId":"...","id":"...",...},...]
//
// Thread safety: a pure function. Errors: none.
#pragma once

#include <span>
#include <string>

#include "segue/model/span_view.h"

namespace segue::detail {

std::string to_zipkin_json(std::span<const SpanView> spans);

}  // namespace segue::detail
