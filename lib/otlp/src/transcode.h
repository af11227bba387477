// JSON to protobuf and back, for any message that has a schema.
//
// Pure functions; they throw DecodeFailure or protozero::exception, as field_reader.h says.
#pragma once

#include <string>
#include <string_view>

#include "schema.h"

namespace segue::otlp {

/// How many JSON containers or protobuf messages may lie inside one another, if arrays and maps may have
/// `value_depth` levels: a level takes at most four containers, everything around them less than the rest.
constexpr unsigned nesting_limit(unsigned value_depth) noexcept { return 20 + 4 * value_depth; }

/// The protobuf bytes of `json`. Members the schema does not know are skipped, null is as good as absent;
/// a member that comes twice, or two of a oneof, are refused.
std::string json_to_protobuf(const MessageSchema& schema, std::string_view json, unsigned max_depth);

/// The JSON text of `protobuf`: fields in the schema's order, unknown ones left out.
std::string protobuf_to_json(const MessageSchema& schema, std::string_view protobuf, unsigned max_depth);

}  // namespace segue::otlp
