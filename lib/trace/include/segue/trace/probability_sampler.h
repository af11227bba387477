// Samplers that keep a share of traces or of contacts, in a way that every service on the way can agree with.
//
//   auto sampler = parent_based(consistent_probability(0.1));       // of new traces 10 %, each whole
//   auto by_person = parent_based(contact_ratio(0.05, always_off()));  // of contacts 5 %, every trace of them
//
// Follows OpenTelemetry's consistent probability sampling: a trace is kept if its 56 bits of randomness (`ot=rv` in the
// trace state, else the trace id's last 56) reach the threshold, and the threshold travels as `ot=th`, so that back ends
// can extrapolate. Other sub-keys of `ot` and other vendors' members stay as they are.
// Thread safety: immutable. Errors: none; ratios below 0 and NaN count as 0, above 1 as 1.
#pragma once

#include "segue/trace/sampler.h"

namespace segue {

#if defined(SEGUE_NO_TRACING)
inline SamplerPointer consistent_probability(double) noexcept { return nullptr; }
inline SamplerPointer parent_threshold(const SamplerPointer&) noexcept { return nullptr; }
inline SamplerPointer contact_ratio(double, const SamplerPointer&) noexcept { return nullptr; }
#else
/// Keeps the share `ratio` of traces, precise to four hex digits. A ratio below 2^-56 keeps nothing.
SamplerPointer consistent_probability(double ratio);

/// The parent's decision and threshold where there is a parent, else those of `root` (null: always_on()). A threshold
/// that contradicts the parent's sampled flag is removed.
SamplerPointer parent_threshold(SamplerPointer root);

/// Keeps or drops all traces of one contact together: the share `ratio` of contacts, by a stable hash of
/// workflow.contact_id, or of handoff.contact_id, given at start. A root writes the hash as `ot=rv`. Spans
/// without a contact are left to `otherwise` (null: always_off()).
SamplerPointer contact_ratio(double ratio, SamplerPointer otherwise);

/// The 56 bits by which `contact_ratio` and `SpanMatch::contact_share` choose. Stable across programs and versions.
std::uint64_t contact_randomness(std::string_view contact_id) noexcept;
#endif

}  // namespace segue
