// The table of requests that a receiver has to answer in one certain way, good and bad, in both encodings.
//
//   for (const RequestCase& request : request_table(64 << 20)) expect(request.status, post(request));
//
// Used against the receiver alone and against the whole program over its socket. Pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "segue/model/span_view.h"

namespace segue::server::test {

inline constexpr std::string_view protobuf_type = "application/x-protobuf";
inline constexpr std::string_view json_type = "application/json";

struct RequestCase {
  std::string name;
  std::string content_type;
  std::string content_encoding;  ///< Empty: no such field.
  std::string body;
  unsigned status = 200;
  std::int64_t rejected_spans = 0;  ///< Of a 200.
};

/// `max_body_bytes` is the receiver's limit; its other limits are the defaults.
std::vector<RequestCase> request_table(std::size_t max_body_bytes);

/// A span with fixed times whose ids end in `number`, which is not 0.
SpanView make_span(std::uint8_t number);

/// Protobuf of an array that holds an array, and so on, `levels` in all (at least 1).
std::string nested_array(int levels);

std::string gzip(std::string_view plain);

}  // namespace segue::server::test
