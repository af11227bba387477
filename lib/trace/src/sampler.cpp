#include "segue/trace/sampler.h"

#include <cmath>
#include <cstdio>

#include "ot_trace_state.h"

namespace segue {
namespace {

class ConstantSampler final : public Sampler {
 public:
  explicit ConstantSampler(SamplingDecision decision) noexcept : decision_(decision) {}

  SamplingResult sample(const SamplingInput&) const noexcept override {
    return {.decision = decision_,
            .probability = Probability::Known,
            .threshold = decision_ == SamplingDecision::Drop ? detail::randomness_end : 0};
  }
  std::optional<SamplingDecision> constant_decision(ParentKind) const noexcept override { return decision_; }
  std::string description() const override {
    return decision_ == SamplingDecision::Drop ? "AlwaysOffSampler" : "AlwaysOnSampler";
  }

 private:
  SamplingDecision decision_;
};

// Compares the trace id's last 56 bits, the ones W3C Trace Context level 2 promises to be random, with a limit, so
// that every service with the same ratio keeps the same traces.
class TraceIdRatioSampler final : public Sampler {
 public:
  explicit TraceIdRatioSampler(double ratio) noexcept
      : ratio_(ratio), keep_below_(static_cast<std::uint64_t>(std::llround(ratio * 0x1p56))) {}

  SamplingResult sample(const SamplingInput& input) const noexcept override {
    const bool keeps = detail::randomness_of(input.trace_id, {}) < keep_below_;
    return {.decision = keeps ? SamplingDecision::RecordAndSample : SamplingDecision::Drop,
            .probability = Probability::Unknown};
  }

  std::string description() const override {
    char text[48];
    std::snprintf(text, sizeof text, "TraceIdRatioBased{%.6f}", ratio_);
    return text;
  }

 private:
  double ratio_;
  std::uint64_t keep_below_;
};

class ParentBasedSampler final : public Sampler {
 public:
  explicit ParentBasedSampler(ParentBasedOptions options) : is_plain_(!has_choices(options)) {
    place(ParentKind::None, std::move(options.root), always_on());
    place(ParentKind::RemoteSampled, std::move(options.remote_sampled), always_on());
    place(ParentKind::RemoteNotSampled, std::move(options.remote_not_sampled), always_off());
    place(ParentKind::LocalSampled, std::move(options.local_sampled), always_on());
    place(ParentKind::LocalNotSampled, std::move(options.local_not_sampled), always_off());
  }

  SamplingResult sample(const SamplingInput& input) const noexcept override {
    const ParentKind kind = parent_kind(input.parent);
    if (kind != ParentKind::None) {  // whoever decides without looking leaves the parent's threshold alone
      if (const auto constant = constant_decision(kind)) return {.decision = *constant};
    }
    return at(kind)->sample(input);
  }

  std::optional<SamplingDecision> constant_decision(ParentKind kind) const noexcept override {
    return at(kind)->constant_decision(kind);
  }

  std::string description() const override {
    if (is_plain_) return "ParentBased{" + at(ParentKind::None)->description() + "}";
    return "ParentBased{root:" + at(ParentKind::None)->description() +
           ",remoteParentSampled:" + at(ParentKind::RemoteSampled)->description() +
           ",remoteParentNotSampled:" + at(ParentKind::RemoteNotSampled)->description() +
           ",localParentSampled:" + at(ParentKind::LocalSampled)->description() +
           ",localParentNotSampled:" + at(ParentKind::LocalNotSampled)->description() + "}";
  }

 private:
  static bool has_choices(const ParentBasedOptions& options) noexcept {
    return options.remote_sampled != nullptr || options.remote_not_sampled != nullptr ||
           options.local_sampled != nullptr || options.local_not_sampled != nullptr;
  }
  void place(ParentKind kind, SamplerPointer given, SamplerPointer standard) {
    samplers_[static_cast<std::size_t>(kind)] = given != nullptr ? std::move(given) : std::move(standard);
  }
  const SamplerPointer& at(ParentKind kind) const noexcept { return samplers_[static_cast<std::size_t>(kind)]; }

  bool is_plain_;
  std::array<SamplerPointer, parent_kind_count> samplers_;
};

class AlwaysRecordSampler final : public Sampler {
 public:
  explicit AlwaysRecordSampler(SamplerPointer root) noexcept : root_(std::move(root)) {}

  SamplingResult sample(const SamplingInput& input) const noexcept override {
    SamplingResult result = root_->sample(input);
    result.decision = at_least_recorded(result.decision);
    return result;
  }
  std::optional<SamplingDecision> constant_decision(ParentKind kind) const noexcept override {
    const auto constant = root_->constant_decision(kind);
    return constant ? std::optional(at_least_recorded(*constant)) : std::nullopt;
  }
  std::string description() const override { return "AlwaysRecord{" + root_->description() + "}"; }

 private:
  static SamplingDecision at_least_recorded(SamplingDecision decision) noexcept {
    return decision == SamplingDecision::Drop ? SamplingDecision::RecordOnly : decision;
  }

  SamplerPointer root_;
};

}  // namespace

void SamplingResult::add(Attributes group) noexcept {
  if (group.size() == 0) return;
  for (Attributes& place : attributes) {
    if (place.size() != 0) continue;
    place = group;
    return;
  }
}

SamplerPointer always_on() { return std::make_shared<ConstantSampler>(SamplingDecision::RecordAndSample); }
SamplerPointer always_off() { return std::make_shared<ConstantSampler>(SamplingDecision::Drop); }

SamplerPointer trace_id_ratio(double ratio) {
  if (std::isnan(ratio) || ratio > 1) ratio = 1;
  return std::make_shared<TraceIdRatioSampler>(ratio < 0 ? 0 : ratio);
}

SamplerPointer parent_based(ParentBasedOptions options) {
  return std::make_shared<ParentBasedSampler>(std::move(options));
}

SamplerPointer always_record(SamplerPointer root) {
  return std::make_shared<AlwaysRecordSampler>(root != nullptr ? std::move(root) : always_on());
}

}  // namespace segue
