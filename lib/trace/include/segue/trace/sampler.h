// Samplers: which spans are recorded, decided when a span starts.
//
//   auto sampler = parent_based(trace_id_ratio(0.1));  // follow the parent; of new traces keep 10 %
//
// Follows the OpenTelemetry SDK specification, "Sampling". Samplers are immutable and shared.
// Thread safety: `sample` is called from every recording thread at once. Errors: none.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "segue/model/span_context.h"
#include "segue/model/span_view.h"
#include "segue/trace/attribute.h"

namespace segue {

enum class SamplingDecision : std::uint8_t { Drop, RecordAndSample };

struct SamplingInput {
  const SpanContext& parent;  ///< Invalid for a root.
  const TraceId& trace_id;
  std::string_view name;
  SpanKind kind;
  Attributes attributes;  ///< Those given at start.
};

class Sampler {
 public:
  virtual ~Sampler() = default;
  virtual SamplingDecision sample(const SamplingInput& input) const noexcept = 0;
  /// As the specification writes it, e.g. "ParentBased{AlwaysOnSampler}".
  virtual std::string description() const = 0;
  /// True if `sample` answers the parent's sampled flag whenever there is a parent; saves the call.
  virtual bool follows_parent() const noexcept { return false; }
  /// What `sample` answers to every root, if it is always the same; saves the call. With `follows_parent` children do not count.
  virtual std::optional<SamplingDecision> constant_decision() const noexcept { return std::nullopt; }
};

using SamplerPointer = std::shared_ptr<const Sampler>;

SamplerPointer always_on();
SamplerPointer always_off();
/// Keeps the share `ratio` of traces, chosen by trace id. Below 0 counts as 0, above 1 and NaN as 1.
SamplerPointer trace_id_ratio(double ratio);
/// The parent's decision where there is a parent, else that of `root`.
SamplerPointer parent_based(SamplerPointer root);

}  // namespace segue
