#include "segue/trace/probability_sampler.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "attribute_lookup.h"
#include "ot_trace_state.h"

namespace segue {
namespace {

using detail::randomness_end;

double clamp_ratio(double ratio) noexcept { return ratio > 0 ? std::min(ratio, 1.0) : 0.0; }  // NaN becomes 0

SamplingResult compare(std::uint64_t randomness, std::uint64_t threshold) noexcept {
  return {.decision = randomness >= threshold ? SamplingDecision::RecordAndSample : SamplingDecision::Drop,
          .probability = Probability::Known,
          .threshold = threshold};
}

std::string describe(const char* name, double ratio) {
  char text[64];
  std::snprintf(text, sizeof text, "%s{%.6f}", name, ratio);
  return text;
}

class ConsistentProbabilitySampler final : public Sampler {
 public:
  explicit ConsistentProbabilitySampler(double ratio) noexcept
      : ratio_(ratio), threshold_(detail::threshold_for(ratio)) {}

  SamplingResult sample(const SamplingInput& input) const noexcept override {
    return compare(detail::randomness_of(input.trace_id, detail::read_ot(input.parent.trace_state)), threshold_);
  }
  std::string description() const override { return describe("ProbabilitySampler", ratio_); }

 private:
  double ratio_;
  std::uint64_t threshold_;
};

class ParentThresholdSampler final : public Sampler {
 public:
  explicit ParentThresholdSampler(SamplerPointer root) noexcept : root_(std::move(root)) {}

  SamplingResult sample(const SamplingInput& input) const noexcept override {
    if (!input.parent.is_valid()) return root_->sample(input);
    if (!input.parent.is_sampled()) return {.decision = SamplingDecision::Drop, .probability = Probability::Unknown};
    const detail::OtValues values = detail::read_ot(input.parent.trace_state);
    if (values.threshold) {
      const SamplingResult kept = compare(detail::randomness_of(input.trace_id, values), *values.threshold);
      if (kept.decision == SamplingDecision::RecordAndSample) return kept;
    }
    return {.decision = SamplingDecision::RecordAndSample, .probability = Probability::Unknown};
  }
  std::string description() const override { return "ParentThreshold{root=" + root_->description() + "}"; }

 private:
  SamplerPointer root_;
};

class ContactRatioSampler final : public Sampler {
 public:
  ContactRatioSampler(double ratio, SamplerPointer otherwise) noexcept
      : ratio_(ratio), threshold_(detail::threshold_for(ratio)), otherwise_(std::move(otherwise)) {}

  SamplingResult sample(const SamplingInput& input) const noexcept override {
    const std::string_view contact = detail::find_contact(input.attributes);
    if (contact.empty()) return otherwise_->sample(input);
    if (const auto given = detail::read_ot(input.parent.trace_state).randomness) return compare(*given, threshold_);
    SamplingResult result = compare(contact_randomness(contact), threshold_);
    if (input.parent.is_valid()) {
      result.probability = Probability::Unknown;  // the rest of the trace goes by its trace id
    } else {
      result.randomness = contact_randomness(contact);
    }
    return result;
  }
  std::string description() const override {
    return describe("ContactRatio", ratio_) + "," + otherwise_->description();
  }

 private:
  double ratio_;
  std::uint64_t threshold_;
  SamplerPointer otherwise_;
};

}  // namespace

std::uint64_t contact_randomness(std::string_view contact_id) noexcept {
  std::uint64_t hash = 0xcbf29ce484222325U;  // FNV-1a, 64 bits
  for (const char c : contact_id) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  // MurmurHash3's finalizer: FNV alone hardly moves the upper bits for short ids.
  hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccdU;
  hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53U;
  return (hash ^ (hash >> 33)) & (randomness_end - 1);
}

SamplerPointer consistent_probability(double ratio) {
  return std::make_shared<ConsistentProbabilitySampler>(clamp_ratio(ratio));
}

SamplerPointer parent_threshold(SamplerPointer root) {
  return std::make_shared<ParentThresholdSampler>(root != nullptr ? std::move(root) : always_on());
}

SamplerPointer contact_ratio(double ratio, SamplerPointer otherwise) {
  return std::make_shared<ContactRatioSampler>(clamp_ratio(ratio),
                                               otherwise != nullptr ? std::move(otherwise) : always_off());
}

}  // namespace segue
