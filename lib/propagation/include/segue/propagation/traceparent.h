// traceparent: the W3C Trace Context (level 2) header that names the trace, the parent span and its flags.
//
//   TraceparentBuffer buffer;
//   request.set("traceparent", format_traceparent(span.context(), buffer));
//   // 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01
//
// Pure functions, safe from any thread; neither allocates unless there is an error to describe.
// Errors: InvalidArgument for anything that is not a traceparent; a wrong one must be treated as absent.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "segue/base/result.h"
#include "segue/model/span_context.h"

namespace segue {

/// The length of a version 00 header.
inline constexpr std::size_t traceparent_size = 55;
using TraceparentBuffer = std::array<char, traceparent_size>;

/// Reads a header's value; the result is remote. Only the sampled and the random flag are kept. A version above 00
/// may be longer, its further fields are ignored.
Result<SpanContext> parse_traceparent(std::string_view header);

/// Writes version 00 into `buffer` and returns the text there. `context` should be valid.
std::string_view format_traceparent(const SpanContext& context, TraceparentBuffer& buffer) noexcept;

namespace detail {
/// The same as `parse_traceparent` without the words: null, or what is wrong and `out` as it was. The trace state of
/// `out` is left alone.
const char* decode_traceparent(std::string_view header, SpanContext& out) noexcept;
}  // namespace detail

}  // namespace segue
