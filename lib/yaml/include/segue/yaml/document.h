// read_yaml: a YAML document as a tree, with the variables it refers to filled in.
//
//   const auto tree = detail::read_yaml("endpoint: ${COLLECTOR:-localhost}:4317", look_up);
//   if (!tree) return tree.error();                    // "line 1: ..."
//   tree->children[0].text;                            // "localhost:4317"
//
// Follows YAML 1.2's core schema and OpenTelemetry's rules for configuration files: `${NAME}`, `${env:NAME}` and
// `${NAME:-default}` in values, never in keys, are replaced once, `$$` stands for `$`, and what results is a value whatever
// is in it: it never becomes a list or a map. Aliases are copies. The headers of the YAML library stay in the sources.
// Thread safety: any thread. Errors: InvalidArgument for what is not YAML, LimitExceeded above a limit; both name the line.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "segue/base/result.h"

namespace segue::detail {

enum class YamlKind : std::uint8_t { Null, Bool, Integer, Number, Text, List, Map };

struct YamlNode {
  std::string key = {};  ///< What it stands under, in a map.
  YamlKind kind = YamlKind::Null;
  std::uint32_t line = 1;  ///< Of its key, in a map.
  std::string text = {};   ///< Of everything but lists and maps, as it was written.
  bool truth = false;
  std::int64_t integer = 0;
  double number = 0;  ///< Of integers, too.
  std::vector<YamlNode> children = {};

  /// The member of a map; null if there is none.
  const YamlNode* find(std::string_view name) const noexcept;
};

struct YamlLimits {
  std::size_t max_bytes = std::size_t{1} << 20;  ///< Of the document, and of all texts in the tree.
  std::size_t max_nodes = 20'000;                ///< Aliases count as what they stand for.
  std::size_t max_depth = 64;                    ///< Lists and maps inside one another.
};

/// The value of a variable; nothing if it is not set.
using VariableLookup = std::function<std::optional<std::string>(std::string_view name)>;

/// The one document in `text`; null if there is none.
Result<YamlNode> read_yaml(std::string_view text, const VariableLookup& look_up, const YamlLimits& limits = {});

}  // namespace segue::detail
