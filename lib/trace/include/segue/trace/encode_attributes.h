// Attributes as OTLP's KeyValue fields: for whoever writes other OTLP messages than spans.
//
//   const std::string fields = encode_attributes(wire::resource_attributes, {{"service.name", "bots"}});
//
// Thread safety: a pure function. Errors: none; without memory for them attributes are left out.
#pragma once

#include <string>

#include "segue/trace/attribute.h"

namespace segue {

/// One field per attribute, each with `field_tag` and length; of a repeated key the last counts.
std::string encode_attributes(char field_tag, Attributes attributes);

}  // namespace segue
