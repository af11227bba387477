#include "config_file.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include "config_exporters.h"
#include "config_sampler.h"
#include "config_section.h"
#include "small_file.h"

namespace segue::detail {
namespace {

// The schema that the keys here are taken from; files of a later minor version may have keys that are left out.
constexpr std::string_view major_version = "1.";
constexpr unsigned known_minor_version = 1;

// "1.0", "1.1", ..., and the release candidates "1.0-rc.1", ...
void check_format(const ConfigValue& format, Findings& findings) {
  const std::string text = text_of(format, findings).value_or("");
  const auto refuse = [&] { findings.fail(format, "must be 1.0 or a later 1.x, not '" + text + "'"); };
  if (!text.starts_with(major_version)) return refuse();
  unsigned minor = 0;
  const char* const last = text.data() + text.size();
  const auto [end, failure] = std::from_chars(text.data() + major_version.size(), last, minor);
  if (failure != std::errc() || !(end == last || std::string_view(end, last).starts_with("-rc."))) return refuse();
  if (minor > known_minor_version) findings.remark("file_format " + text + " is newer than what Segue knows, 1.1");
}

std::optional<LogLevel> read_log_level(Section& file, Findings& findings) {
  const auto name = file.text("log_level");
  if (!name) return std::nullopt;
  constexpr std::array<std::pair<std::string_view, LogLevel>, 6> levels = {{{"trace", LogLevel::Debug},
                                                                            {"debug", LogLevel::Debug},
                                                                            {"info", LogLevel::Info},
                                                                            {"warn", LogLevel::Warning},
                                                                            {"error", LogLevel::Error},
                                                                            {"fatal", LogLevel::Off}}};
  for (const auto& [level_name, level] : levels) {
    if (*name == level_name) return level;
    const bool has_grade = name->size() == level_name.size() + 1 && name->back() >= '2' && name->back() <= '4';
    if (has_grade && name->starts_with(level_name)) return level;
  }
  findings.fail(file.value("log_level"),
                "must be trace, debug, info, warn, error or fatal, each also with 2, 3 or 4, not '" + *name + "'");
  return std::nullopt;
}

// What both attribute_limits and tracer_provider.limits have; the latter wins.
void read_attribute_limits(Section& section, SpanLimits& limits) {
  constexpr std::uint64_t max_count = std::numeric_limits<std::uint32_t>::max();
  constexpr std::uint64_t max_length = std::numeric_limits<std::int64_t>::max();
  constexpr std::uint64_t max_depth = 64;
  limits.max_attributes =
      static_cast<std::uint32_t>(section.number("attribute_count_limit", limits.max_attributes, 0, max_count));
  limits.max_value_length = section.number("attribute_value_length_limit", limits.max_value_length, 0, max_length);
  limits.max_value_depth =
      static_cast<std::uint32_t>(section.number("attribute_value_depth_limit", limits.max_value_depth, 1, max_depth));
}

void read_span_limits(const ConfigValue& value, SpanLimits& limits, Findings& findings) {
  Section section(value, findings);
  read_attribute_limits(section, limits);
  const auto read = [&section](std::string_view key, std::uint32_t& limit) {
    limit = static_cast<std::uint32_t>(section.number(key, limit, 0, std::numeric_limits<std::uint32_t>::max()));
  };
  read("event_count_limit", limits.max_events);
  read("link_count_limit", limits.max_links);
  read("event_attribute_count_limit", limits.max_event_attributes);
  read("link_attribute_count_limit", limits.max_link_attributes);
}

// "tracecontext,baggage"; the list in one text comes last.
Propagator read_propagator(const ConfigValue& value, Findings& findings) {
  Section section(value, findings);
  std::string names;
  for (const ConfigValue& each : section.list("composite")) {
    const ConfigValue format = only_member(each, findings);
    if (format.node != nullptr) names += format.node->key + ",";
  }
  names += section.text("composite_list").value_or("");
  if (split_list(names).empty()) names = "none";
  auto propagator = Propagator::from_names(names);
  if (propagator) return *std::move(propagator);
  findings.fail(value, "cannot be used: " + propagator.error().message);
  return {};
}

// --- Resource ----------------------------------------------------------------------------------

// The element type's name for "int", "int_array".
struct AttributeType {
  std::string_view element;
  bool is_list = false;
};

std::optional<AttributeType> type_named(std::string_view name) {
  constexpr std::string_view suffix = "_array";
  const bool is_list = name.ends_with(suffix);
  if (is_list) name.remove_suffix(suffix.size());
  constexpr std::array<std::string_view, 4> elements = {"string", "bool", "int", "double"};
  const auto* const known = std::ranges::find(elements, name);
  return known == elements.end() ? std::nullopt : std::optional(AttributeType{*known, is_list});
}

TypedAttribute::Value read_attribute_value(const ConfigValue& value, std::string_view type, Findings& findings) {
  const YamlKind kind = value.has_value() ? value.node->kind : YamlKind::Null;
  if (type == "string") return text_of(value, findings).value_or("");
  if (type == "bool" && kind == YamlKind::Bool) return value.node->truth;
  if (type == "int" && kind == YamlKind::Integer) return value.node->integer;
  if (type == "double" && (kind == YamlKind::Integer || kind == YamlKind::Number)) return value.node->number;
  findings.fail(value, "is not of type " + std::string(type));
  return false;
}

void read_attribute(const ConfigValue& entry, FileResource& resource, Findings& findings) {
  Section section(entry, findings);
  TypedAttribute attribute;
  attribute.key = text_of(section.required("name"), findings).value_or("");
  const ConfigValue value = section.value("value");
  const auto type = type_named(section.text("type").value_or("string"));
  if (!type) {
    return findings.fail(section.value("type"), "must be string, bool, int or double, or one of these with _array");
  }
  if (value.node == nullptr) findings.fail(entry, "needs 'value'");
  if (!value.has_value()) return;  // the schema has it that null leaves the attribute out
  attribute.is_list = type->is_list;
  for (const ConfigValue& each : type->is_list ? elements(value, findings) : std::vector{value}) {
    attribute.values.push_back(read_attribute_value(each, type->element, findings));
  }
  std::erase_if(resource.texts, [&attribute](const auto& text) { return text.first == attribute.key; });
  std::erase_if(resource.others, [&attribute](const auto& other) { return other.key == attribute.key; });
  if (const auto* const text = std::get_if<std::string>(&attribute.values.front()); text && !attribute.is_list) {
    resource.texts.emplace_back(attribute.key, *text);
  } else {
    resource.others.push_back(std::move(attribute));
  }
}

void read_detection(const ConfigValue& value, FileResource& resource, Findings& findings) {
  Section section(value, findings);
  for (const ConfigValue& each : section.list("detectors")) {
    const ConfigValue detector = only_member(each, findings);
    if (detector.node == nullptr) return;
    const std::string& name = detector.node->key;
    resource.detects_host = resource.detects_host || name == "host";
    resource.detects_process = resource.detects_process || name == "process";
    resource.detects_service = resource.detects_service || name == "service";
    if (name != "host" && name != "process" && name != "service") findings.leave_out(detector);
  }
}

FileResource read_resource(const ConfigValue& value, Findings& findings) {
  Section section(value, findings);
  FileResource resource;
  if (const auto list = section.text("attributes_list")) {
    auto pairs = parse_pairs(*list);
    if (!pairs) findings.fail(section.value("attributes_list"), "must be a list of key=value pairs with commas");
    resource.texts = pairs.value_or(TextPairs());
  }
  for (const ConfigValue& each : section.list("attributes")) read_attribute(each, resource, findings);
  read_detection(section.value("detection/development"), resource, findings);
  return resource;
}

// --- The file -----------------------------------------------------------------------------------

void read_tracer_provider(const ConfigValue& value, FileConfiguration& configuration, Findings& findings) {
  configuration.sampler = parent_based(always_on());
  if (!value.has_value()) return;
  Section section(value, findings);
  read_processors(section.required("processors"), configuration, findings);
  read_span_limits(section.value("limits"), configuration.limits, findings);
  configuration.sampler = read_sampler(section.value("sampler"), configuration.sampler, findings);
  // Segue has this generator and no other.
  if (const ConfigValue generator = section.value("id_generator"); generator.has_value()) {
    const ConfigValue kind = only_member(generator, findings);
    if (kind.node != nullptr && kind.node->key != "random")
      findings.fail(kind, "is no generator that Segue has: random");
  }
}

// What the schema leaves to each distribution; other ones' sections are none of our business.
void read_distribution(const ConfigValue& value, FileConfiguration& configuration, Findings& findings) {
  if (!value.has_value() || value.node->find("segue") == nullptr) return;
  Section section({value.node->find("segue"), value.path + ".segue"}, findings);
  constexpr std::uint64_t min_bytes = std::uint64_t{64} << 10;
  constexpr std::uint64_t max_bytes = std::uint64_t{1} << 50;
  SpoolOptions spool;
  const auto folder = section.text("spool_folder");
  spool.max_bytes = section.number("spool_max_bytes", spool.max_bytes, min_bytes, max_bytes);
  if (!folder) return;
  spool.folder = *folder;
  configuration.batch.spool = std::move(spool);
}

FileConfiguration read_file(const YamlNode& tree, Findings& findings) {
  FileConfiguration configuration;
  Section file({&tree, ""}, findings);
  check_format(file.required("file_format"), findings);
  configuration.is_disabled = file.flag("disabled").value_or(false);
  configuration.log_level = read_log_level(file, findings);
  {
    Section limits(file.value("attribute_limits"), findings);
    read_attribute_limits(limits, configuration.limits);
  }
  configuration.propagator = read_propagator(file.value("propagator"), findings);
  configuration.resource = read_resource(file.value("resource"), findings);
  read_tracer_provider(file.value("tracer_provider"), configuration, findings);
  read_meter_provider(file.value("meter_provider"), configuration, findings);
  read_distribution(file.value("distribution"), configuration, findings);
  return configuration;
}

}  // namespace

Result<FileConfiguration> read_configuration(std::string_view text, const VariableLookup& look_up) {
  const auto tree = read_yaml(text, look_up);
  if (!tree) return tree.error();
  Findings findings;
  FileConfiguration configuration = read_file(*tree, findings);
  if (findings.error()) return *findings.error();
  configuration.remarks = findings.remarks();
  return configuration;
}

Result<FileConfiguration> load_config_file(const std::string& path, const Environment& environment) {
  const auto text = read_small_file(path);
  if (!text) return text.error();
  auto configuration =
      read_configuration(*text, [&environment](std::string_view name) { return environment.any_text(name); });
  if (!configuration) return configuration.error().with_context(path);
  for (const std::string& remark : configuration->remarks) {
    log(LogLevel::Warning, std::string(path).append(": ").append(remark));
  }
  return configuration;
}

}  // namespace segue::detail
