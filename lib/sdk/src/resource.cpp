#include "resource.h"

#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <string>

#include "segue/base/random.h"
#include "segue/model/ids.h"

namespace segue::detail {
namespace {

constexpr std::string_view instance_key = "service.instance.id";

// A version 4 UUID: which process of several with the same name a span comes from.
std::string random_uuid() {
  TraceId id;
  for (auto& byte : id.bytes) byte = static_cast<std::uint8_t>(random_bits() >> 56);
  id.bytes[6] = static_cast<std::uint8_t>((id.bytes[6] & 0x0f) | 0x40);
  id.bytes[8] = static_cast<std::uint8_t>((id.bytes[8] & 0x3f) | 0x80);
  std::string text = id.to_hex();
  for (const std::size_t at : {8U, 13U, 18U, 23U}) text.insert(at, 1, '-');
  return text;
}

// The conventions' names for what uname calls machines.
std::string architecture(std::string_view machine) {
  if (machine == "x86_64") return "amd64";
  if (machine == "aarch64") return "arm64";
  return std::string(machine);
}

void add_host(TextPairs& texts) {
  utsname system = {};
  if (uname(&system) != 0) return;
  set_pair(texts, "host.name", system.nodename);
  set_pair(texts, "host.arch", architecture(system.machine));
  set_pair(texts, "os.type", to_lower(system.sysname));
  set_pair(texts, "os.version", system.release);
}

void add_process(TextPairs& texts) {
  set_pair(texts, "process.executable.name", program_invocation_short_name);
  std::error_code failure;
  const auto path = std::filesystem::read_symlink("/proc/self/exe", failure);
  if (!failure) set_pair(texts, "process.executable.path", path.string());
}

void add_deployment(TextPairs& texts, const std::string& name) {
  set_pair(texts, "deployment.environment.name", name);
  set_pair(texts, "deployment.environment", name);  // the older key, by which existing dashboards ask
}

void add_sdk(TextPairs& texts) {
  set_pair(texts, "service.name", std::string("unknown_service:") + program_invocation_short_name);
  set_pair(texts, "telemetry.sdk.name", "segue");
  set_pair(texts, "telemetry.sdk.language", "cpp");
  set_pair(texts, "telemetry.sdk.version", SEGUE_VERSION);
}

void add_options(TextPairs& texts, const ObservabilityOptions& options) {
  for (const auto& [key, value] : options.resource_attributes) set_pair(texts, key, value);
  if (options.service_name) set_pair(texts, "service.name", *options.service_name);
}

bool has_key(const TextPairs& texts, std::string_view key) {
  return std::ranges::find(texts, key, &TextPairs::value_type::first) != texts.end();
}

AttributeValue value_of(const TypedAttribute::Value& value) {
  return std::visit([](const auto& held) { return AttributeValue(held); }, value);
}

}  // namespace

Resource detect_resource(const ObservabilityOptions& options, const Environment& environment, const TextPairs& vendor) {
  Resource resource;
  resource.process_id = getpid();
  TextPairs& texts = resource.texts;
  add_sdk(texts);
  set_pair(texts, instance_key, random_uuid());
  add_process(texts);
  add_host(texts);
  for (const auto& [key, value] : vendor) set_pair(texts, key, value);
  if (const auto name = environment.text("ENVIRONMENT")) add_deployment(texts, *name);
  for (auto& [key, value] : environment.pairs("OTEL_RESOURCE_ATTRIBUTES")) set_pair(texts, key, std::move(value));
  if (auto name = environment.text("OTEL_SERVICE_NAME")) set_pair(texts, "service.name", *std::move(name));
  add_options(texts, options);
  return resource;
}

Resource describe_resource(const ObservabilityOptions& options, const FileResource& file, const TextPairs& vendor) {
  Resource resource;
  TextPairs& texts = resource.texts;
  add_sdk(texts);
  if (file.detects_service) set_pair(texts, instance_key, random_uuid());
  if (file.detects_process) {
    resource.process_id = getpid();
    add_process(texts);
  }
  if (file.detects_host) add_host(texts);
  for (const auto& [key, value] : vendor) set_pair(texts, key, value);
  for (const auto& [key, value] : file.texts) set_pair(texts, key, value);
  std::erase_if(texts, [&file](const auto& text) {
    return std::ranges::find(file.others, text.first, &TypedAttribute::key) != file.others.end();
  });
  add_options(texts, options);
  for (const TypedAttribute& other : file.others) {
    if (!has_key(texts, other.key)) resource.others.push_back(other);
  }
  return resource;
}

void become_child(Resource& resource) {
  if (has_key(resource.texts, instance_key)) set_pair(resource.texts, instance_key, random_uuid());
  if (resource.process_id) resource.process_id = getpid();
}

ResourceAttributes::ResourceAttributes(const Resource& resource) {
  for (const auto& [key, value] : resource.texts) {
    if (!value.empty()) attributes_.push_back({key, value});
  }
  for (const TypedAttribute& other : resource.others) {
    std::vector<AttributeValue> values;
    for (const TypedAttribute::Value& value : other.values) values.push_back(value_of(value));
    lists_.push_back(std::move(values));
    const std::vector<AttributeValue>& list = lists_.back();
    attributes_.push_back({other.key, other.is_list ? AttributeValue(AttributeValues(list)) : list.front()});
  }
  if (resource.process_id) attributes_.push_back({"process.pid", *resource.process_id});
}

}  // namespace segue::detail
