// Rests on `lower`, and on a third party that it hides.
#pragma once

#include <string>

namespace demo {

/// The names of both layers.
std::string upper_name();

}  // namespace demo
