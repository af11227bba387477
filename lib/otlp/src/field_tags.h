// The field tags that the recording path never writes and wire.h therefore lacks.
#pragma once

#include <cstdint>

#include "segue/otlp/wire.h"

namespace segue::otlp::wire {

/// ExportTraceServiceRequest and TracesData.
inline constexpr char request_resource_spans = tag(1, WireType::Length);

/// ResourceSpans and ScopeSpans have the same three fields: whose spans, the spans, a schema's address.
namespace group_field {
inline constexpr char owner = tag(1, WireType::Length);
inline constexpr char members = tag(2, WireType::Length);
inline constexpr char schema_url = tag(3, WireType::Length);
static_assert(members == scope_spans_spans && members == resource_spans_scope_spans);
}  // namespace group_field

inline constexpr char resource_dropped_attributes = tag(2, WireType::Varint);

namespace scope_field {
inline constexpr char name = tag(1, WireType::Length);
inline constexpr char version = tag(2, WireType::Length);
inline constexpr char attributes = tag(3, WireType::Length);
inline constexpr char dropped_attributes = tag(4, WireType::Varint);
}  // namespace scope_field

/// Span.flags, whose tag takes two bytes.
inline constexpr std::uint32_t span_flags_tag =
    span_field::flags_number << 3 | static_cast<std::uint32_t>(WireType::Fixed32);

/// What early senders put beside Status.code; carries nothing that `code` does not.
inline constexpr char status_deprecated_code = tag(1, WireType::Varint);

/// ExportTraceServiceResponse.
inline constexpr char response_partial_success = tag(1, WireType::Length);

namespace partial_success_field {
inline constexpr char rejected_spans = tag(1, WireType::Varint);
inline constexpr char error_message = tag(2, WireType::Length);
}  // namespace partial_success_field

/// google.rpc.Status, what it carries in google.protobuf.Any, and google.protobuf.Duration.
namespace rpc_status_field {
inline constexpr char code = tag(1, WireType::Varint);
inline constexpr char message = tag(2, WireType::Length);
inline constexpr char details = tag(3, WireType::Length);
}  // namespace rpc_status_field

namespace any_field {
inline constexpr char type_url = tag(1, WireType::Length);
inline constexpr char value = tag(2, WireType::Length);
}  // namespace any_field

/// google.rpc.RetryInfo.
inline constexpr char retry_info_delay = tag(1, WireType::Length);

namespace duration_field {
inline constexpr char seconds = tag(1, WireType::Varint);
inline constexpr char nanos = tag(2, WireType::Varint);
}  // namespace duration_field

}  // namespace segue::otlp::wire
