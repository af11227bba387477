// The bottom of the layers; with FORGET_INCLUDE a header that leans on what its user included before.
#pragma once

#ifndef FORGET_INCLUDE
#include <string>
#endif

namespace demo {

/// The name of this layer.
std::string lower_name();

}  // namespace demo
