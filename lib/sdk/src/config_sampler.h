// The part of a configuration file that says which spans are recorded.
#pragma once

#include "config_section.h"
#include "segue/trace/sampler.h"

namespace segue::detail {

/// `fallback` if there is none; null after an error. A sampler that Segue does not have is an error: any other would record
/// more than was asked for, or less.
SamplerPointer read_sampler(const ConfigValue& value, SamplerPointer fallback, Findings& findings);

}  // namespace segue::detail
