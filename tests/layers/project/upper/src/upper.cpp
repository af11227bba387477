#include "demo/upper.h"

#include <third_party.h>

#include "demo/lower.h"

namespace demo {

std::string upper_name() { return lower_name() + third_party_separator + "upper"; }

}  // namespace demo
