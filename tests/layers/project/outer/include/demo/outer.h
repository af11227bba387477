// Another layer, which may use `lower` alone.
#pragma once

#include <string>

namespace demo {

/// The name of the layer below.
std::string outer_name();

}  // namespace demo
