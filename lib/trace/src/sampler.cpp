#include "segue/trace/sampler.h"

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>

namespace segue {
namespace {

class ConstantSampler final : public Sampler {
 public:
  explicit ConstantSampler(SamplingDecision decision) noexcept : decision_(decision) {}
  SamplingDecision sample(const SamplingInput&) const noexcept override { return decision_; }
  std::optional<SamplingDecision> constant_decision() const noexcept override { return decision_; }
  std::string description() const override {
    return decision_ == SamplingDecision::Drop ? "AlwaysOffSampler" : "AlwaysOnSampler";
  }

 private:
  SamplingDecision decision_;
};

// Compares the trace id's last 56 bits, the ones W3C Trace Context level 2 promises to be random, with a threshold, so
// that every service with the same ratio keeps the same traces.
class TraceIdRatioSampler final : public Sampler {
 public:
  explicit TraceIdRatioSampler(double ratio) noexcept
      : ratio_(ratio), keep_below_(static_cast<std::uint64_t>(std::llround(ratio * 0x1p56))) {}

  SamplingDecision sample(const SamplingInput& input) const noexcept override {
    std::uint64_t word;
    std::memcpy(&word, input.trace_id.bytes.data() + 8, sizeof word);
    const std::uint64_t randomness = __builtin_bswap64(word) & ((std::uint64_t{1} << 56) - 1);
    return randomness < keep_below_ ? SamplingDecision::RecordAndSample : SamplingDecision::Drop;
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
  explicit ParentBasedSampler(SamplerPointer root) noexcept : root_(std::move(root)) {}

  SamplingDecision sample(const SamplingInput& input) const noexcept override {
    if (!input.parent.is_valid()) return root_->sample(input);
    return input.parent.is_sampled() ? SamplingDecision::RecordAndSample : SamplingDecision::Drop;
  }

  std::string description() const override { return "ParentBased{" + root_->description() + "}"; }
  bool follows_parent() const noexcept override { return true; }
  std::optional<SamplingDecision> constant_decision() const noexcept override { return root_->constant_decision(); }

 private:
  SamplerPointer root_;
};

}  // namespace

SamplerPointer always_on() { return std::make_shared<ConstantSampler>(SamplingDecision::RecordAndSample); }
SamplerPointer always_off() { return std::make_shared<ConstantSampler>(SamplingDecision::Drop); }

SamplerPointer trace_id_ratio(double ratio) {
  if (std::isnan(ratio) || ratio > 1) ratio = 1;
  return std::make_shared<TraceIdRatioSampler>(ratio < 0 ? 0 : ratio);
}

SamplerPointer parent_based(SamplerPointer root) { return std::make_shared<ParentBasedSampler>(std::move(root)); }

}  // namespace segue
