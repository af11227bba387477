#include <string>

#include "demo/lower.h"

namespace demo {

std::string lower_name() { return "lower"; }

}  // namespace demo
