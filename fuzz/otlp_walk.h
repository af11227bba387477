// What every OTLP fuzz target does with a message it could decode: look at all of it.
#pragma once

#include <string_view>

namespace segue::fuzz {

/// Decodes `protobuf` as a request, reads every field and value, and checks that encoding the result and
/// decoding it again changes nothing. False if it cannot be decoded.
bool walk_request(std::string_view protobuf);

}  // namespace segue::fuzz
