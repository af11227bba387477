// gunzip: decompression of what strangers send, with a bound on what comes out.
//
// Pure function, from any thread. Errors: InvalidArgument for what is not exactly one or more complete
// gzip members; LimitExceeded as soon as more than `max_bytes` would come out, whatever the input claims.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "segue/base/result.h"

namespace segue::server {

/// The decompressed bytes. Never holds more than `max_bytes` and one block of 64 KiB.
Result<std::string> gunzip(std::string_view compressed, std::size_t max_bytes);

}  // namespace segue::server
