// Encoding span views as OTLP protobuf: for whatever is not already in wire form.
//
//   post("/v1/traces", otlp::encode_request(list.spans));
//
// The recording path does not come here: it writes wire form itself (wire.h). Fields with their
// default value are left out, as proto3 has it. Thread safety: pure functions, from any thread.
// Errors: none; ids are written as they are, even invalid ones.
#pragma once

#include <span>
#include <string>

#include "segue/model/span_view.h"

namespace segue::otlp {

/// An ExportTraceServiceRequest. Consecutive spans with the same `resource` and `scope` pointers share one
/// group, so order them by both; null pointers stand for an empty resource and scope.
std::string encode_request(std::span<const SpanView> spans);

/// A bare Span message.
std::string encode_span(const SpanView& span);

/// A bare Resource message; its `schema_url` belongs to the group and is not in it.
std::string encode_resource(const ResourceView& resource);

/// A bare InstrumentationScope message; its `schema_url` belongs to the group and is not in it.
std::string encode_scope(const ScopeView& scope);

}  // namespace segue::otlp
