// The OTLP messages as tables: what `transcode.h` needs to turn JSON into protobuf and back.
//
// A field's place in its table is its place in our JSON. Adding a field of a later protocol version
// is a line in schema.cpp and, to see it decoded, one in span_reader.cpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <span>
#include <string_view>

namespace segue::otlp {

/// How a field's content looks in JSON.
enum class FieldType : std::uint8_t {
  Text,
  HexId,   ///< bytes, in OTLP's own notation for ids
  Base64,  ///< any other bytes
  Bool,
  Int32,   ///< also enumerations, which OTLP writes as numbers
  Uint32,  ///< varint or fixed32, as the tag says
  Int64,   ///< a string in JSON
  Uint64,  ///< fixed64; a string in JSON
  Double,
  Message,
};

enum class FieldRule : std::uint8_t {
  Single,
  Repeated,
  OneOf,  ///< Of all such fields of a message at most one is set.
};

struct MessageSchema;

struct FieldSchema {
  std::string_view name;  ///< lowerCamelCase
  std::uint32_t tag;      ///< number and wire type
  FieldType type;
  FieldRule rule = FieldRule::Single;
  const MessageSchema* message = nullptr;  ///< for FieldType::Message
};

struct MessageSchema {
  std::span<const FieldSchema> fields;
};

/// No message has more fields than this.
inline constexpr std::size_t max_schema_fields = 16;

extern const MessageSchema export_request_schema;
extern const MessageSchema export_response_schema;
extern const MessageSchema rpc_status_schema;

}  // namespace segue::otlp
