#include "segue/trace/rule_sampler.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include "attribute_lookup.h"
#include "ot_trace_state.h"
#include "segue/trace/probability_sampler.h"

namespace segue {
namespace {

// True if `text` has the form `pattern`: '*' is any run of characters, '?' any one.
bool has_form(std::string_view pattern, std::string_view text) noexcept {
  std::size_t at = 0;
  std::size_t in_pattern = 0;
  std::size_t star = std::string_view::npos;  // the last one seen, and how much of the text it has swallowed
  std::size_t swallowed = 0;
  while (at < text.size()) {
    if (in_pattern < pattern.size() && pattern[in_pattern] == '*') {
      star = in_pattern++;
      swallowed = at;
    } else if (in_pattern < pattern.size() && (pattern[in_pattern] == '?' || pattern[in_pattern] == text[at])) {
      ++in_pattern;
      ++at;
    } else if (star != std::string_view::npos) {
      in_pattern = star + 1;
      at = ++swallowed;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', in_pattern) == std::string_view::npos;
}

// Whether a value that is no list, written as text, has the form of a pattern.
struct ScalarMatcher {
  std::string_view pattern;

  bool operator()(std::string_view text) const noexcept { return has_form(pattern, text); }
  bool operator()(bool value) const noexcept { return has_form(pattern, value ? "true" : "false"); }
  bool operator()(std::int64_t value) const noexcept { return matches_number(value); }
  bool operator()(double value) const noexcept { return matches_number(value); }
  template <class Other>
  bool operator()(const Other&) const noexcept {
    return false;
  }

 private:
  template <class Number>
  bool matches_number(Number value) const noexcept {
    char text[32];
    return has_form(pattern, {text, std::to_chars(text, text + sizeof text, value).ptr});
  }
};

// The same for any value: a list matches if one of its elements does.
struct ValueMatcher {
  ScalarMatcher scalar;

  bool operator()(AttributeValues values) const noexcept {
    return std::any_of(values.begin(), values.end(),
                       [this](const AttributeValue& value) { return std::visit(scalar, value.variant()); });
  }
  template <class Element>
  bool operator()(std::span<const Element> values) const noexcept {
    return std::any_of(values.begin(), values.end(), scalar);
  }
  template <class Scalar>
  bool operator()(const Scalar& value) const noexcept {
    return scalar(value);
  }
};

bool matches(const AttributeMatch& wanted, Attributes given) noexcept {
  const AttributeValue* value = detail::find_attribute(given, wanted.key);
  return value != nullptr && (wanted.value == "*" || std::visit(ValueMatcher{{wanted.value}}, value->variant()));
}

bool matches_text(std::string_view pattern, Attributes given, std::string_view key) noexcept {
  return pattern == "*" || has_form(pattern, detail::find_text(given, key));
}

bool is_in_share(double share, Attributes given) noexcept {
  if (!(share < 1)) return true;
  const std::string_view contact = detail::find_contact(given);
  return !contact.empty() && contact_randomness(contact) >= detail::threshold_for(share);
}

bool matches(const SpanMatch& match, const SamplingInput& input) noexcept {
  if (match.kind && *match.kind != input.kind) return false;
  if (match.name != "*" && !has_form(match.name, input.name)) return false;
  const auto& parents = match.parents;
  if (!parents.empty() && std::ranges::find(parents, parent_kind(input.parent)) == parents.end()) return false;
  return matches_text(match.bot, input.attributes, attributes::workflow_bot_type) &&
         matches_text(match.node, input.attributes, attributes::workflow_node_name) &&
         is_in_share(match.contact_share, input.attributes) &&
         std::ranges::all_of(match.attributes, [&](const auto& wanted) { return matches(wanted, input.attributes); });
}

std::string describe(const SpanMatch& match) {
  std::string text;
  const auto add = [&text](std::string_view what, std::string_view pattern) {
    if (pattern != "*") text.append(text.empty() ? "" : "&").append(what).append("=").append(pattern);
  };
  add("name", match.name);
  add("bot", match.bot);
  add("node", match.node);
  if (match.kind) add("kind", to_string(*match.kind));
  if (!match.parents.empty()) add("parents", std::to_string(match.parents.size()));
  if (match.contact_share < 1) add("contact_share", std::to_string(match.contact_share));
  for (const AttributeMatch& wanted : match.attributes) {
    text.append(text.empty() ? "" : "&").append(wanted.key).append("=").append(wanted.value);
  }
  return text.empty() ? "*" : text;
}

class RuleBasedSampler final : public Sampler {
 public:
  RuleBasedSampler(std::vector<SamplingRule> rules, SamplerPointer otherwise)
      : rules_(std::move(rules)), otherwise_(std::move(otherwise)) {}

  SamplingResult sample(const SamplingInput& input) const noexcept override {
    for (const SamplingRule& rule : rules_) {
      if (matches(rule.when, input)) return rule.then->sample(input);
    }
    return otherwise_->sample(input);
  }

  std::string description() const override {
    std::string text = "RuleBased{";
    for (const SamplingRule& rule : rules_) {
      text.append(describe(rule.when)).append(":").append(rule.then->description()).append(",");
    }
    return text.append("otherwise:").append(otherwise_->description()).append("}");
  }

 private:
  std::vector<SamplingRule> rules_;
  SamplerPointer otherwise_;
};

class AnyOfSampler final : public Sampler {
 public:
  explicit AnyOfSampler(std::vector<SamplerPointer> samplers) : samplers_(std::move(samplers)) {}

  SamplingResult sample(const SamplingInput& input) const noexcept override {
    SamplingResult total{.probability = Probability::Known, .threshold = detail::randomness_end};
    for (const SamplerPointer& sampler : samplers_) {
      const SamplingResult one = sampler->sample(input);
      total.decision = std::max(total.decision, one.decision);
      if (one.probability != Probability::Known) total.probability = Probability::Unknown;
      total.threshold = std::min(total.threshold, one.threshold);
      if (one.randomness) total.randomness = one.randomness;
      if (one.trace_state) total.trace_state = one.trace_state;
      if (one.decision == SamplingDecision::Drop) continue;
      for (const Attributes& group : one.attributes) total.add(group);
    }
    return total;
  }

  std::string description() const override {
    std::string text = "AnyOf{";
    for (const SamplerPointer& sampler : samplers_) {
      text.append(text.back() == '{' ? "" : ",").append(sampler->description());
    }
    return text + "}";
  }

 private:
  std::vector<SamplerPointer> samplers_;
};

class AnnotatedSampler final : public Sampler {
 public:
  AnnotatedSampler(SamplerPointer sampler, std::vector<std::pair<std::string, std::string>> texts)
      : sampler_(std::move(sampler)), texts_(std::move(texts)) {
    for (const auto& [key, text] : texts_) attributes_.push_back({key, text});
  }

  SamplingResult sample(const SamplingInput& input) const noexcept override {
    SamplingResult result = sampler_->sample(input);
    result.add(attributes_);
    return result;
  }
  std::string description() const override { return "Annotated{" + sampler_->description() + "}"; }

 private:
  SamplerPointer sampler_;
  std::vector<std::pair<std::string, std::string>> texts_;
  std::vector<Attribute> attributes_;  // views into texts_
};

}  // namespace

SamplerPointer rule_based(std::vector<SamplingRule> rules, SamplerPointer otherwise) {
  for (SamplingRule& rule : rules) {
    if (rule.then == nullptr) rule.then = always_on();
  }
  return std::make_shared<RuleBasedSampler>(std::move(rules),
                                            otherwise != nullptr ? std::move(otherwise) : always_off());
}

SamplerPointer any_of(std::vector<SamplerPointer> samplers) {
  std::erase(samplers, nullptr);
  return std::make_shared<AnyOfSampler>(std::move(samplers));
}

SamplerPointer annotated(SamplerPointer sampler, std::vector<std::pair<std::string, std::string>> texts) {
  return std::make_shared<AnnotatedSampler>(sampler != nullptr ? std::move(sampler) : always_on(), std::move(texts));
}

}  // namespace segue
