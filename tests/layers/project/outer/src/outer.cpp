#include "demo/outer.h"

#include "demo/lower.h"
#ifdef INCLUDE_UPPER
#include "demo/upper.h"
#endif
#ifdef INCLUDE_THIRD_PARTY
#include <third_party.h>
#endif

namespace demo {

std::string outer_name() { return lower_name(); }

}  // namespace demo
