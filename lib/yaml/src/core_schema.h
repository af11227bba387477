// What a value without quotes is, by YAML 1.2's core schema.
#pragma once

#include "segue/yaml/document.h"

namespace segue::detail {

/// Sets kind and value of `node` by its text. Integers that fit no 64 bits become numbers.
void resolve_plain(YamlNode& node) noexcept;

}  // namespace segue::detail
