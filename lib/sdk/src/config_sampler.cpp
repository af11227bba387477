#include "config_sampler.h"

#include <algorithm>
#include <array>
#include <type_traits>

#include "segue/trace/probability_sampler.h"
#include "segue/trace/rule_sampler.h"

namespace segue::detail {
namespace {

SamplerPointer read_composable(const ConfigValue& value, Findings& findings);

SamplerPointer read_parent_based(const ConfigValue& value, Findings& findings) {
  Section section(value, findings);
  const auto child = [&](std::string_view key) { return read_sampler(section.value(key), nullptr, findings); };
  return parent_based({.root = child("root"),
                       .remote_sampled = child("remote_parent_sampled"),
                       .remote_not_sampled = child("remote_parent_not_sampled"),
                       .local_sampled = child("local_parent_sampled"),
                       .local_not_sampled = child("local_parent_not_sampled")});
}

SamplerPointer read_always_record(const ConfigValue& value, Findings& findings) {
  Section section(value, findings);
  return always_record(read_sampler(section.required("root"), nullptr, findings));
}

SamplerPointer read_parent_threshold(const ConfigValue& value, Findings& findings) {
  Section section(value, findings);
  return parent_threshold(read_composable(section.required("root"), findings));
}

double read_ratio(const ConfigValue& value, Findings& findings) { return Section(value, findings).ratio("ratio"); }

/// A sampler without settings.
SamplerPointer plain(const ConfigValue& value, SamplerPointer sampler, Findings& findings) {
  const Section section(value, findings);
  return sampler;
}

// --- Rules ------------------------------------------------------------------------------------

// What a condition of the file allows, each for a rule of its own: ours match one value of an attribute and one kind.
using Alternatives = std::vector<SpanMatch>;

constexpr std::size_t max_rules = 1000;

// Every match of `matches` with every one of `changes` applied to it.
template <class Change>
void multiply(Alternatives& matches, const std::vector<Change>& changes, const ConfigValue& rule, Findings& findings) {
  if (matches.size() * changes.size() > max_rules) {
    return findings.fail(rule, "allows more than " + std::to_string(max_rules) + " combinations", Errc::LimitExceeded);
  }
  Alternatives product;
  for (const SpanMatch& match : matches) {
    for (const Change& change : changes) {
      SpanMatch& changed = product.emplace_back(match);
      if constexpr (std::is_same_v<Change, AttributeMatch>) {
        changed.attributes.push_back(change);
      } else {
        changed.kind = change;
      }
    }
  }
  matches = std::move(product);
}

std::vector<AttributeMatch> read_attribute_values(const ConfigValue& value, Findings& findings) {
  Section section(value, findings);
  const std::string key = text_of(section.required("key"), findings).value_or("");
  std::vector<AttributeMatch> matches;
  for (const ConfigValue& each : elements(section.required("values"), findings)) {
    auto text = text_of(each, findings).value_or("");
    if (text.find_first_of("*?") != std::string::npos) findings.fail(each, "must not contain * or ?");
    matches.push_back({key, std::move(text)});
  }
  return matches;
}

std::vector<AttributeMatch> read_attribute_patterns(const ConfigValue& value, Findings& findings) {
  Section section(value, findings);
  const std::string key = text_of(section.required("key"), findings).value_or("");
  const ConfigValue excluded = section.value("excluded");
  if (excluded.has_value()) findings.fail(excluded, "is nothing that Segue's rules have");
  std::vector<AttributeMatch> matches;
  for (const ConfigValue& each : section.list("included")) {
    matches.push_back({key, text_of(each, findings).value_or("*")});
  }
  if (matches.empty()) matches.push_back({key});
  return matches;
}

std::vector<SpanKind> read_kinds(const std::vector<ConfigValue>& values, Findings& findings) {
  constexpr std::array<std::pair<std::string_view, SpanKind>, 5> kinds = {{{"internal", SpanKind::Internal},
                                                                           {"server", SpanKind::Server},
                                                                           {"client", SpanKind::Client},
                                                                           {"producer", SpanKind::Producer},
                                                                           {"consumer", SpanKind::Consumer}}};
  std::vector<SpanKind> read;
  for (const ConfigValue& each : values) {
    const auto name = text_of(each, findings).value_or("");
    const auto* const known =
        std::ranges::find(kinds, std::string_view(name), &std::pair<std::string_view, SpanKind>::first);
    if (known == kinds.end()) {
      findings.fail(each, "must be internal, server, client, producer or consumer");
    } else {
      read.push_back(known->second);
    }
  }
  return read;
}

std::vector<ParentKind> read_parents(const std::vector<ConfigValue>& values, Findings& findings) {
  std::vector<ParentKind> parents;
  for (const ConfigValue& each : values) {
    const auto name = text_of(each, findings).value_or("");
    if (name == "none") {
      parents.push_back(ParentKind::None);
    } else if (name == "remote") {
      parents.insert(parents.end(), {ParentKind::RemoteSampled, ParentKind::RemoteNotSampled});
    } else if (name == "local") {
      parents.insert(parents.end(), {ParentKind::LocalSampled, ParentKind::LocalNotSampled});
    } else {
      findings.fail(each, "must be none, remote or local");
    }
  }
  return parents;
}

void add_rules(const ConfigValue& value, std::vector<SamplingRule>& rules, Findings& findings) {
  Section rule(value, findings);
  const SamplerPointer sampler = read_composable(rule.required("sampler"), findings);
  Alternatives matches(1);
  matches.front().parents = read_parents(rule.list("parent"), findings);
  if (const ConfigValue values = rule.value("attribute_values"); values.has_value()) {
    multiply(matches, read_attribute_values(values, findings), value, findings);
  }
  if (const ConfigValue patterns = rule.value("attribute_patterns"); patterns.has_value()) {
    multiply(matches, read_attribute_patterns(patterns, findings), value, findings);
  }
  if (const auto kinds = rule.list("span_kinds"); !kinds.empty()) {
    multiply(matches, read_kinds(kinds, findings), value, findings);
  }
  if (rules.size() + matches.size() > max_rules) {
    findings.fail(value, "makes more than " + std::to_string(max_rules) + " rules", Errc::LimitExceeded);
  }
  for (SpanMatch& match : matches) rules.push_back({std::move(match), sampler});
}

SamplerPointer read_rule_based(const ConfigValue& value, Findings& findings) {
  Section section(value, findings);
  std::vector<SamplingRule> rules;
  for (const ConfigValue& each : section.list("rules")) add_rules(each, rules, findings);
  return rule_based(std::move(rules), always_off());
}

// Samplers that agree on the share they keep by the trace state.
SamplerPointer read_composable(const ConfigValue& value, Findings& findings) {
  if (!value.has_value()) return nullptr;
  const ConfigValue sampler = only_member(value, findings);
  if (sampler.node == nullptr) return nullptr;
  const std::string& name = sampler.node->key;
  if (name == "always_on") return plain(sampler, consistent_probability(1), findings);
  if (name == "always_off") return plain(sampler, always_off(), findings);
  if (name == "probability") return consistent_probability(read_ratio(sampler, findings));
  if (name == "parent_threshold") return read_parent_threshold(sampler, findings);
  if (name == "rule_based") return read_rule_based(sampler, findings);
  findings.fail(
      sampler,
      "is no composable sampler that Segue has: always_on, always_off, probability, parent_threshold, rule_based");
  return nullptr;
}

}  // namespace

SamplerPointer read_sampler(const ConfigValue& value, SamplerPointer fallback, Findings& findings) {
  if (!value.has_value()) return fallback;
  const ConfigValue sampler = only_member(value, findings);
  if (sampler.node == nullptr) return nullptr;
  const std::string& name = sampler.node->key;
  if (name == "always_on") return plain(sampler, always_on(), findings);
  if (name == "always_off") return plain(sampler, always_off(), findings);
  if (name == "trace_id_ratio_based") return trace_id_ratio(read_ratio(sampler, findings));
  if (name == "parent_based") return read_parent_based(sampler, findings);
  if (name == "always_record") return read_always_record(sampler, findings);
  if (name == "probability/development") return consistent_probability(read_ratio(sampler, findings));
  if (name == "composite/development") return read_composable(sampler, findings);
  findings.fail(
      sampler,
      "is no sampler that Segue has: always_on, always_off, trace_id_ratio_based, parent_based, always_record, "
      "probability/development, composite/development");
  return nullptr;
}

}  // namespace segue::detail
