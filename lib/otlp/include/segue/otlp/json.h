// OTLP's JSON form, and the few pieces of JSON that exporters need besides.
//
//   Result<std::string> body = otlp::request_from_json(text);  // then decode_request(*body)
//   Result<std::string> text = otlp::request_to_json(body);
//
// OTLP/JSON is protobuf's JSON mapping with three rules of its own: ids are hex (either case is read,
// lower case written), enumerations are numbers, and names are lowerCamelCase only. 64-bit integers are
// written as strings, and read as strings or numbers. Unknown members are ignored. Thread safety: pure
// functions, from any thread. Errors: malformed JSON, a wrong type, a number out of range, a repeated
// member, or text that is not UTF-8 is InvalidArgument with its position; too deep LimitExceeded.
#pragma once

#include <string>
#include <string_view>

#include "segue/base/result.h"
#include "segue/model/span_view.h"
#include "segue/otlp/decode.h"

namespace segue::otlp {

/// The protobuf bytes of an ExportTraceServiceRequest or TracesData in JSON, for `decode_request`, which
/// checks what is left to check: ids and limits other than depth.
Result<std::string> request_from_json(std::string_view json, const DecodeLimits& limits = {});

/// The JSON text, on one line, of a request in protobuf. Bytes of text that are not UTF-8 become U+FFFD.
Result<std::string> request_to_json(std::string_view protobuf, const DecodeLimits& limits = {});

/// Appends `text` as a JSON string, quotes included. Bytes that are not UTF-8 become U+FFFD.
void append_json_string(std::string& out, std::string_view text);

/// Appends the shortest number that reads back as `value`; NaN and the infinities as the strings
/// "NaN", "Infinity" and "-Infinity", since JSON has no numbers for them.
void append_json_number(std::string& out, double value);

/// Appends `value` as the plain JSON a person expects: [1,"a"], {"key":true}, null, bytes in base64.
/// Not OTLP's form; for places that take any JSON, such as a Zipkin tag or a console. Arrays and maps must
/// come from a decoded request; malformed ones end early.
void append_json_value(std::string& out, const ValueView& value);

}  // namespace segue::otlp
