// Samplers: which spans are recorded, decided when a span starts.
//
//   auto sampler = parent_based(consistent_probability(0.1));  // follow the parent; of new traces keep 10 %
//
// More of them: probability_sampler.h (shares of traces or contacts) and rule_sampler.h (rules, rates, combinations).
// Follows the OpenTelemetry SDK specification, "Sampling". Samplers are immutable and shared.
// Thread safety: `sample` is called from every recording thread at once. Errors: none; a null sampler given to a factory
// stands for the default that its comment names.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "segue/model/span_context.h"
#include "segue/model/span_view.h"
#include "segue/trace/attribute.h"
#include "segue/trace/link.h"

namespace segue {

enum class SamplingDecision : std::uint8_t {
  Drop,             ///< Carries context only.
  RecordOnly,       ///< Recorded for `SpanObserver`s, not exported, not sampled for children.
  RecordAndSample,  ///< Recorded and exported.
};

/// What a sampler may know of the parent without looking further.
enum class ParentKind : std::uint8_t { None, RemoteSampled, RemoteNotSampled, LocalSampled, LocalNotSampled };
inline constexpr std::size_t parent_kind_count = 5;

inline ParentKind parent_kind(const SpanContext& parent) noexcept {
  if (!parent.is_valid()) return ParentKind::None;
  return static_cast<ParentKind>(1 + (parent.is_remote ? 0 : 2) + (parent.is_sampled() ? 0 : 1));
}

struct SamplingInput {
  const SpanContext& parent;  ///< Invalid for a root.
  const TraceId& trace_id;
  std::string_view name;
  SpanKind kind = SpanKind::Internal;
  Attributes attributes = {};  ///< Those given at start.
  Links links = {};
};

/// What an answer says about the share of spans that is kept. Back ends extrapolate with it; it travels as `ot=th` in
/// the trace state.
enum class Probability : std::uint8_t {
  Inherited,  ///< That of the parent: the trace state stays as it is.
  Known,      ///< What `SamplingResult::threshold` says: written when sampled, removed when not.
  Unknown,    ///< Not decided by randomness: removed.
};

struct SamplingResult {
  static constexpr std::size_t max_attribute_groups = 4;

  SamplingDecision decision = SamplingDecision::Drop;
  Probability probability = Probability::Inherited;
  /// With `Known`: randomness from here on is sampled. 0 samples all, 2^56 nothing.
  std::uint64_t threshold = 0;
  /// Written as `ot=rv` for a root, so that whoever continues the trace decides by the same 56 bits.
  std::optional<std::uint64_t> randomness = {};
  /// Replaces the parent's trace state; `ot` is still treated as above.
  std::optional<TraceState> trace_state = {};
  /// Set on the span when it is recorded. Views into what lives as long as the sampler does.
  std::array<Attributes, max_attribute_groups> attributes = {};

  /// Adds a group; beyond `max_attribute_groups` groups it is left out.
  void add(Attributes group) noexcept;
};

class Sampler {
 public:
  virtual ~Sampler() = default;
  virtual SamplingResult sample(const SamplingInput& input) const noexcept = 0;
  /// As the specification writes it, e.g. "ParentBased{AlwaysOnSampler}".
  virtual std::string description() const = 0;
  /// What `sample` answers wherever the parent is of this kind, if that is always the same and leaves the trace state as
  /// it is. Asked once per provider; saves the call.
  virtual std::optional<SamplingDecision> constant_decision(ParentKind) const noexcept { return std::nullopt; }
};

using SamplerPointer = std::shared_ptr<const Sampler>;

struct ParentBasedOptions {
  SamplerPointer root = nullptr;                ///< Default: always_on().
  SamplerPointer remote_sampled = nullptr;      ///< Default: always_on().
  SamplerPointer remote_not_sampled = nullptr;  ///< Default: always_off().
  SamplerPointer local_sampled = nullptr;       ///< Default: always_on().
  SamplerPointer local_not_sampled = nullptr;   ///< Default: always_off().
};

#if defined(SEGUE_NO_TRACING)
inline SamplerPointer always_on() noexcept { return nullptr; }
inline SamplerPointer always_off() noexcept { return nullptr; }
inline SamplerPointer trace_id_ratio(double) noexcept { return nullptr; }
inline SamplerPointer parent_based(const ParentBasedOptions&) noexcept { return nullptr; }
inline SamplerPointer parent_based(const SamplerPointer&) noexcept { return nullptr; }
inline SamplerPointer always_record(const SamplerPointer&) noexcept { return nullptr; }
#else
SamplerPointer always_on();
SamplerPointer always_off();

/// Keeps the share `ratio` of traces, chosen by trace id. Below 0 counts as 0, above 1 and NaN as 1. For roots only, as
/// the specification says; `consistent_probability` is its successor.
SamplerPointer trace_id_ratio(double ratio);

/// Asks the sampler that stands for the kind of parent.
SamplerPointer parent_based(ParentBasedOptions options);
/// The parent's decision where there is a parent, else that of `root`.
inline SamplerPointer parent_based(SamplerPointer root) { return parent_based({.root = std::move(root)}); }

/// As `root` decides, but what it drops is recorded for `SpanObserver`s, so that statistics see every span.
SamplerPointer always_record(SamplerPointer root);
#endif

}  // namespace segue
