#include "config_section.h"

namespace segue::detail {
namespace {

ConfigValue member(const ConfigValue& parent, const YamlNode* node, std::string_view key) {
  std::string path = parent.path;
  if (!path.empty()) path += '.';
  return {node, path.append(key)};
}

bool is_scalar(const YamlNode& node) noexcept { return node.kind != YamlKind::List && node.kind != YamlKind::Map; }

// ", not 'soon'", for what can be said in a word.
std::string but_found(const ConfigValue& value) {
  return is_scalar(*value.node) ? ", not '" + value.node->text + "'" : "";
}

constexpr std::chrono::milliseconds longest = std::chrono::hours(1);

}  // namespace

void Findings::fail(const ConfigValue& value, std::string_view problem, Errc code) {
  if (error_) return;
  const std::string line = std::to_string(value.node == nullptr ? 1 : value.node->line);
  const std::string name = value.path.empty() ? "the file" : value.path;
  error_ = Error{code, "line " + line + ": " + name + ' ' + std::string(problem)};
}

void Findings::leave_out(const ConfigValue& value) {
  left_out_.push_back(value.path + " (line " + std::to_string(value.node->line) + ")");
}

std::vector<std::string> Findings::remarks() const {
  std::vector<std::string> remarks = remarks_;
  if (left_out_.empty()) return remarks;
  constexpr std::size_t max_named = 20;
  std::string line = "left out, as Segue has no such settings: ";
  for (std::size_t i = 0; i < left_out_.size() && i < max_named; ++i)
    line.append(i == 0 ? "" : ", ").append(left_out_[i]);
  if (left_out_.size() > max_named) line += " and " + std::to_string(left_out_.size() - max_named) + " more";
  remarks.push_back(std::move(line));
  return remarks;
}

Section::Section(ConfigValue value, Findings& findings) : value_(std::move(value)), findings_(findings) {
  if (value_.has_value() && value_.node->kind != YamlKind::Map) findings_.fail(value_, "must be a map");
}

Section::~Section() {
  if (value_.node == nullptr || value_.node->kind != YamlKind::Map) return;
  for (const YamlNode& child : value_.node->children) {
    if (!known_.contains(child.key)) findings_.leave_out(member(value_, &child, child.key));
  }
}

ConfigValue Section::value(std::string_view key) {
  known_.emplace(key);
  return member(value_, value_.node == nullptr ? nullptr : value_.node->find(key), key);
}

ConfigValue Section::required(std::string_view key) {
  ConfigValue found = value(key);
  if (!found.has_value()) findings_.fail(value_, "needs '" + std::string(key) + "'");
  return found;
}

std::optional<std::string> Section::text(std::string_view key) {
  const ConfigValue found = value(key);
  return found.has_value() ? text_of(found, findings_) : std::nullopt;
}

std::optional<bool> Section::flag(std::string_view key) {
  const ConfigValue found = value(key);
  if (!found.has_value()) return std::nullopt;
  if (found.node->kind == YamlKind::Bool) return found.node->truth;
  findings_.fail(found, "must be true or false" + but_found(found));
  return std::nullopt;
}

std::uint64_t Section::number(std::string_view key, std::uint64_t fallback, std::uint64_t low, std::uint64_t high) {
  const ConfigValue found = value(key);
  if (!found.has_value()) return fallback;
  const bool is_whole = found.node->kind == YamlKind::Integer && found.node->integer >= 0;
  const auto number = static_cast<std::uint64_t>(found.node->integer);
  if (is_whole && number >= low && number <= high) return number;
  findings_.fail(
      found, "must be a whole number from " + std::to_string(low) + " to " + std::to_string(high) + but_found(found));
  return fallback;
}

double Section::ratio(std::string_view key) {
  const ConfigValue found = value(key);
  if (!found.has_value()) return 1;
  const bool is_number = found.node->kind == YamlKind::Integer || found.node->kind == YamlKind::Number;
  if (is_number && found.node->number >= 0 && found.node->number <= 1) return found.node->number;
  findings_.fail(found, "must be a number from 0 to 1" + but_found(found));
  return 1;
}

std::chrono::milliseconds Section::milliseconds(std::string_view key, std::chrono::milliseconds fallback) {
  const auto high = static_cast<std::uint64_t>(longest.count());
  return std::chrono::milliseconds(number(key, static_cast<std::uint64_t>(fallback.count()), 0, high));
}

std::chrono::milliseconds Section::timeout(std::string_view key, std::chrono::milliseconds fallback) {
  const auto duration = milliseconds(key, fallback);
  return duration.count() == 0 ? longest : duration;
}

std::vector<ConfigValue> Section::list(std::string_view key) {
  const ConfigValue found = value(key);
  const bool is_empty = !found.has_value() || (found.node->kind == YamlKind::List && found.node->children.empty());
  return is_empty ? std::vector<ConfigValue>() : elements(found, findings_);
}

std::vector<ConfigValue> elements(const ConfigValue& list, Findings& findings) {
  std::vector<ConfigValue> values;
  if (!list.has_value() || list.node->kind != YamlKind::List || list.node->children.empty()) {
    findings.fail(list, "must be a list of at least one element");
    return values;
  }
  for (const YamlNode& child : list.node->children) {
    values.push_back({&child, list.path + '[' + std::to_string(values.size()) + ']'});
  }
  return values;
}

ConfigValue only_member(const ConfigValue& value, Findings& findings) {
  if (value.node == nullptr || value.node->kind != YamlKind::Map || value.node->children.size() != 1) {
    findings.fail(value, "must be a map of exactly one key");
    return {};
  }
  const YamlNode& child = value.node->children.front();
  return member(value, &child, child.key);
}

std::optional<std::string> text_of(const ConfigValue& value, Findings& findings) {
  if (!value.has_value()) return std::nullopt;
  if (is_scalar(*value.node)) return value.node->text;
  findings.fail(value, "must be text");
  return std::nullopt;
}

}  // namespace segue::detail
