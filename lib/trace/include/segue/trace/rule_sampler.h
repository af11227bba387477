// Samplers made of others: rules, rates, unions.
//
//   auto sampler = parent_based(rule_based(
//       {{.when = {.name = "handoff.*"}, .then = always_on()},
//        {.when = {.attributes = {{.key = "error.type"}}}, .then = always_on()},
//        {.when = {.bot = "seller_bot"}, .then = rate_limited({.per_second = 5})}},
//       consistent_probability(0.1)));
//
// Rules see what is known when a span starts: its name, kind, parent and the attributes given at start, which for
// workflow spans include bot, node and contact. Inside `parent_based` they choose among new traces.
// Thread safety: samplers may be shared. Errors: none; what a rule does not mention it does not look at.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "segue/trace/sampler.h"

namespace segue {

/// An attribute given at start.
struct AttributeMatch {
  std::string key;
  /// Its value as text, with `*` for any run of characters and `?` for one: numbers as written in decimal, "true",
  /// "false"; an array matches if one of its elements does. Default: it is enough that the attribute is there.
  std::string value = "*";
};

/// Which spans a rule is for: all that is given must hold; an empty one matches every span.
struct SpanMatch {
  std::string name = "*";                ///< Pattern with `*` and `?`.
  std::string bot = "*";                 ///< Pattern for workflow.bot_type.
  std::string node = "*";                ///< Pattern for workflow.node_name.
  std::optional<SpanKind> kind = {};     ///< Default: any.
  std::vector<ParentKind> parents = {};  ///< One of these; empty: any. {ParentKind::None} means roots.
  double contact_share = 1;              ///< Contacts below this share of the hash, 0..1. Below 1 a contact is needed.
  std::vector<AttributeMatch> attributes = {};  ///< All of them.
};

struct SamplingRule {
  SpanMatch when = {};
  SamplerPointer then = nullptr;  ///< Default: always_on().
};

struct RateLimit {
  double per_second = 1;  ///< On average. 0 or less and NaN: nothing is sampled.
  double burst = 0;       ///< How many may come at once after a pause; below 1: the larger of 1 and `per_second`.
  /// A steady clock in nanoseconds; empty: the system's. For tests.
  std::function<std::uint64_t()> clock = {};
};

#if defined(SEGUE_NO_TRACING)
inline SamplerPointer rule_based(const std::vector<SamplingRule>&, const SamplerPointer&) noexcept { return nullptr; }
inline SamplerPointer any_of(const std::vector<SamplerPointer>&) noexcept { return nullptr; }
inline SamplerPointer annotated(const SamplerPointer&,
                                const std::vector<std::pair<std::string, std::string>>&) noexcept {
  return nullptr;
}
inline SamplerPointer rate_limited(const RateLimit&) noexcept { return nullptr; }
#else
/// The sampler of the first rule that matches, else `otherwise` (null: always_off()).
SamplerPointer rule_based(std::vector<SamplingRule> rules, SamplerPointer otherwise);

/// Samples what any of `samplers` samples. The threshold is the lowest one, if all of them decide by randomness.
SamplerPointer any_of(std::vector<SamplerPointer> samplers);

/// What `sampler` decides (null: always_on()); spans it records carry these texts too, e.g. why they were kept.
SamplerPointer annotated(SamplerPointer sampler, std::vector<std::pair<std::string, std::string>> texts);

/// Samples up to `limit` spans, or traces when inside `parent_based`. Takes no lock.
SamplerPointer rate_limited(RateLimit limit);
#endif

}  // namespace segue
