// A configuration file of any content: it is read within its limits or refused with a line, and variables stay values.
#include <string>

#include "config_file.h"
#include "target.h"

namespace {

using namespace segue::detail;
using segue::Errc;
using segue::Result;
using segue::fuzz::require;

std::size_t count_nodes(const YamlNode& node) {
  std::size_t nodes = 1;
  for (const YamlNode& child : node.children) nodes += count_nodes(child);
  return nodes;
}

// Whatever a variable holds, the tree has the same shape; its value stands where it is referred to.
void check_variables(std::string_view text) {
  const auto shape_with = [text](const char* value) -> std::size_t {
    const auto tree = read_yaml(text, [value](std::string_view) { return std::string(value); });
    return tree ? count_nodes(*tree) : 0;
  };
  require(shape_with("x") == shape_with("[1]"), "a list in a variable is no list");
  require(shape_with("x") == shape_with("a: b\nc: ${D}"), "a map in a variable is no map");
}

void check(const Result<FileConfiguration>& configuration) {
  if (!configuration) {
    const Errc code = configuration.error().code;
    require(code == Errc::InvalidArgument || code == Errc::LimitExceeded, "an error says what to do about it");
    require(!configuration.error().message.empty(), "an error says what is wrong");
    return;
  }
  require(configuration->sampler != nullptr, "there is a sampler");
  require(configuration->batch.schedule_delay.count() >= 1 && configuration->batch.max_batch_spans >= 1,
          "the batch is one that the back end takes");
  require(configuration->limits.max_value_depth <= 64, "values are as deep as decoders accept");
  for (const Destination& destination : configuration->destinations) {
    require(destination.kinds.size() == 1, "each processor has one exporter");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = segue::fuzz::as_text(data, size);
  check(read_configuration(text, [](std::string_view name) -> std::optional<std::string> {
    if (name == "NUMBER") return "7";
    return std::nullopt;
  }));
  check_variables(text);
  return 0;
}
