// tracestate: the W3C Trace Context header in which every tracing system keeps its own note, newest first.
//
//   Result<TraceState> state = parse_trace_state("rojo=00f067aa0ba902b7,congo=t61rcWkgMzE");
//   trace_state_value(*state, "congo");              // t61rcWkgMzE
//   state = with_trace_state_member(*state, "ot", "th:8");  // ot=th:8,rojo=00f067aa0ba902b7,congo=t61rcWkgMzE
//
// Pure functions over the value type of model/; safe from any thread. Errors: InvalidArgument for text that breaks the
// grammar, LimitExceeded beyond 32 members. A header longer than `max_trace_state_bytes` loses whole members:
// those over 128 characters first, then the oldest.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "segue/base/result.h"
#include "segue/model/span_context.h"

namespace segue {

inline constexpr std::size_t max_trace_state_members = 32;
/// The specification asks for at least 512. Every span carries its trace state, so more costs every span.
inline constexpr std::size_t max_trace_state_bytes = 1024;

/// Reads a header's value. Of a repeated key the first, newest member stays; empty members are skipped.
Result<TraceState> parse_trace_state(std::string_view header);
/// Reads a header that came in several fields, as if they were one joined with commas.
Result<TraceState> parse_trace_state(std::span<const std::string_view> headers);

/// The value of `key`, valid as long as any copy of `state` is.
std::optional<std::string_view> trace_state_value(const TraceState& state, std::string_view key) noexcept;

/// The state with `key` set and moved to the front; the oldest member gives way where there are 32 already.
Result<TraceState> with_trace_state_member(const TraceState& state, std::string_view key, std::string_view value);

/// The state without `key`.
TraceState without_trace_state_member(const TraceState& state, std::string_view key);

}  // namespace segue
