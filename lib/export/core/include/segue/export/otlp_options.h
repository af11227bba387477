// What the options of all exporters to a remote receiver have in common.
//
//   const OtlpHttpOptions options = {.headers = {{"x-api-key", key}}, .compression = OtlpCompression::Gzip};
//
// Thread safety: plain data. Errors: none; each exporter checks its options in `create`.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace segue {

enum class OtlpCompression : std::uint8_t { None, Gzip };

/// Names and values, sent as HTTP headers or gRPC metadata in this order.
using ExportHeaders = std::vector<std::pair<std::string, std::string>>;

}  // namespace segue
