#include "resource.h"

#include <sys/utsname.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <string>

#include "segue/base/random.h"
#include "segue/model/ids.h"

namespace segue::detail {
namespace {

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

}  // namespace

Resource detect_resource(const ObservabilityOptions& options, const Environment& environment, const TextPairs& vendor) {
  Resource resource;
  resource.process_id = getpid();
  TextPairs& texts = resource.texts;
  set_pair(texts, "service.name", std::string("unknown_service:") + program_invocation_short_name);
  set_pair(texts, "service.instance.id", random_uuid());
  set_pair(texts, "telemetry.sdk.name", "segue");
  set_pair(texts, "telemetry.sdk.language", "cpp");
  set_pair(texts, "telemetry.sdk.version", SEGUE_VERSION);
  add_process(texts);
  add_host(texts);
  for (const auto& [key, value] : vendor) set_pair(texts, key, value);
  if (const auto name = environment.text("ENVIRONMENT")) add_deployment(texts, *name);
  for (auto& [key, value] : environment.pairs("OTEL_RESOURCE_ATTRIBUTES")) set_pair(texts, key, std::move(value));
  if (auto name = environment.text("OTEL_SERVICE_NAME")) set_pair(texts, "service.name", *std::move(name));
  for (const auto& [key, value] : options.resource_attributes) set_pair(texts, key, value);
  if (options.service_name) set_pair(texts, "service.name", *options.service_name);
  return resource;
}

void become_child(Resource& resource) {
  set_pair(resource.texts, "service.instance.id", random_uuid());
  resource.process_id = getpid();
}

}  // namespace segue::detail
