// References to variables in values: ${NAME}, ${env:NAME}, ${NAME:-default}, and $$ for a dollar sign.
#pragma once

#include <string>
#include <string_view>

#include "segue/yaml/document.h"

namespace segue::detail {

/// `text` with its references replaced. InvalidArgument for braces after a dollar sign that hold no reference,
/// LimitExceeded for more than `max_bytes`.
Result<std::string> substitute(std::string_view text, const VariableLookup& look_up, std::size_t max_bytes);

}  // namespace segue::detail
