#include "schema.h"

#include "field_tags.h"
#include "segue/otlp/wire.h"

namespace segue::otlp {
namespace {

using enum FieldType;
using enum FieldRule;

extern const MessageSchema any_value_schema;
extern const MessageSchema key_value_schema;

constexpr FieldSchema list_fields[] = {{"values", wire::repeated_values, Message, Repeated, &any_value_schema}};
constexpr MessageSchema array_schema = {list_fields};

constexpr FieldSchema map_fields[] = {{"values", wire::repeated_values, Message, Repeated, &key_value_schema}};
constexpr MessageSchema map_schema = {map_fields};

constexpr FieldSchema any_value_fields[] = {
    {"stringValue", wire::any_value_field::string_value, Text, OneOf},
    {"boolValue", wire::any_value_field::bool_value, Bool, OneOf},
    {"intValue", wire::any_value_field::int_value, Int64, OneOf},
    {"doubleValue", wire::any_value_field::double_value, Double, OneOf},
    {"arrayValue", wire::any_value_field::array_value, Message, OneOf, &array_schema},
    {"kvlistValue", wire::any_value_field::map_value, Message, OneOf, &map_schema},
    {"bytesValue", wire::any_value_field::bytes_value, Base64, OneOf}};
constinit const MessageSchema any_value_schema = {any_value_fields};

constexpr FieldSchema key_value_fields[] = {
    {"key", wire::key_value_field::key, Text},
    {"value", wire::key_value_field::value, Message, Single, &any_value_schema}};
constinit const MessageSchema key_value_schema = {key_value_fields};

constexpr FieldSchema resource_fields[] = {
    {"attributes", wire::resource_attributes, Message, Repeated, &key_value_schema},
    {"droppedAttributesCount", wire::resource_dropped_attributes, Uint32}};
constexpr MessageSchema resource_schema = {resource_fields};

constexpr FieldSchema scope_fields[] = {
    {"name", wire::scope_field::name, Text},
    {"version", wire::scope_field::version, Text},
    {"attributes", wire::scope_field::attributes, Message, Repeated, &key_value_schema},
    {"droppedAttributesCount", wire::scope_field::dropped_attributes, Uint32}};
constexpr MessageSchema scope_schema = {scope_fields};

constexpr FieldSchema event_fields[] = {
    {"timeUnixNano", wire::event_field::time, Uint64},
    {"name", wire::event_field::name, Text},
    {"attributes", wire::event_field::attributes, Message, Repeated, &key_value_schema},
    {"droppedAttributesCount", wire::event_field::dropped_attributes, Uint32}};
constexpr MessageSchema event_schema = {event_fields};

constexpr FieldSchema link_fields[] = {
    {"traceId", wire::link_field::trace_id, HexId},
    {"spanId", wire::link_field::span_id, HexId},
    {"traceState", wire::link_field::trace_state, Text},
    {"attributes", wire::link_field::attributes, Message, Repeated, &key_value_schema},
    {"droppedAttributesCount", wire::link_field::dropped_attributes, Uint32},
    {"flags", wire::link_field::flags, Uint32}};
constexpr MessageSchema link_schema = {link_fields};

constexpr FieldSchema status_fields[] = {{"message", wire::status_field::message, Text},
                                         {"code", wire::status_field::code, Int32}};
constexpr MessageSchema status_schema = {status_fields};

constexpr FieldSchema span_fields[] = {
    {"traceId", wire::span_field::trace_id, HexId},
    {"spanId", wire::span_field::span_id, HexId},
    {"traceState", wire::span_field::trace_state, Text},
    {"parentSpanId", wire::span_field::parent_span_id, HexId},
    {"flags", wire::span_flags_tag, Uint32},
    {"name", wire::span_field::name, Text},
    {"kind", wire::span_field::kind, Int32},
    {"startTimeUnixNano", wire::span_field::start_time, Uint64},
    {"endTimeUnixNano", wire::span_field::end_time, Uint64},
    {"attributes", wire::span_field::attributes, Message, Repeated, &key_value_schema},
    {"droppedAttributesCount", wire::span_field::dropped_attributes, Uint32},
    {"events", wire::span_field::events, Message, Repeated, &event_schema},
    {"droppedEventsCount", wire::span_field::dropped_events, Uint32},
    {"links", wire::span_field::links, Message, Repeated, &link_schema},
    {"droppedLinksCount", wire::span_field::dropped_links, Uint32},
    {"status", wire::span_field::status, Message, Single, &status_schema}};
constexpr MessageSchema span_schema = {span_fields};
static_assert(std::size(span_fields) == max_schema_fields);

constexpr FieldSchema scope_spans_fields[] = {{"scope", wire::group_field::owner, Message, Single, &scope_schema},
                                              {"spans", wire::group_field::members, Message, Repeated, &span_schema},
                                              {"schemaUrl", wire::group_field::schema_url, Text}};
constexpr MessageSchema scope_spans_schema = {scope_spans_fields};

constexpr FieldSchema resource_spans_fields[] = {
    {"resource", wire::group_field::owner, Message, Single, &resource_schema},
    {"scopeSpans", wire::group_field::members, Message, Repeated, &scope_spans_schema},
    {"schemaUrl", wire::group_field::schema_url, Text}};
constexpr MessageSchema resource_spans_schema = {resource_spans_fields};

constexpr FieldSchema request_fields[] = {
    {"resourceSpans", wire::request_resource_spans, Message, Repeated, &resource_spans_schema}};

constexpr FieldSchema partial_success_fields[] = {{"rejectedSpans", wire::partial_success_field::rejected_spans, Int64},
                                                  {"errorMessage", wire::partial_success_field::error_message, Text}};
constexpr MessageSchema partial_success_schema = {partial_success_fields};

constexpr FieldSchema response_fields[] = {
    {"partialSuccess", wire::response_partial_success, Message, Single, &partial_success_schema}};

constexpr FieldSchema rpc_status_fields[] = {{"code", wire::rpc_status_field::code, Int32},
                                             {"message", wire::rpc_status_field::message, Text}};

}  // namespace

constinit const MessageSchema export_request_schema = {request_fields};
constinit const MessageSchema export_response_schema = {response_fields};
constinit const MessageSchema rpc_status_schema = {rpc_status_fields};

}  // namespace segue::otlp
