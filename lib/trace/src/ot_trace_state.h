// OpenTelemetry's own member of the trace state, `ot=th:c;rv:6e6d1a75832a2f`: by what randomness and threshold the
// trace was sampled. Follows the specification's "TraceState Handling".
#pragma once

#include <cstdint>
#include <optional>

#include "segue/model/span_context.h"
#include "segue/trace/sampler.h"

namespace segue::detail {

/// One more than the largest randomness: a threshold that nothing reaches.
inline constexpr std::uint64_t randomness_end = std::uint64_t{1} << 56;

struct OtValues {
  std::optional<std::uint64_t> threshold;
  std::optional<std::uint64_t> randomness;
};

/// What is not well-formed counts as absent.
OtValues read_ot(const TraceState& state) noexcept;

/// The randomness of a trace: the explicit one, else the trace id's last 56 bits.
std::uint64_t randomness_of(const TraceId& trace_id, const OtValues& values) noexcept;

/// The threshold that the share `ratio` of all randomness reaches, rounded to be short in hex; below 2^-56 that nothing
/// reaches. `ratio` is at most 1.
std::uint64_t threshold_for(double ratio) noexcept;

/// `state` as the span that got `result` carries it on. Without a change, or when memory is short, `state` itself.
/// A threshold that would make the member longer than 256 characters is left out.
TraceState with_sampling(const TraceState& state, const SamplingResult& result) noexcept;

}  // namespace segue::detail
