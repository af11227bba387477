// Reading AnyValue and KeyValue, the recursive part of OTLP.
#pragma once

#include <string_view>

#include "segue/model/span_view.h"

namespace segue::otlp {

/// One AnyValue; of several fields the last counts. Arrays and maps inside it are not looked into.
ValueView read_value(std::string_view encoded);

/// One KeyValue, in the same way.
AttributeView read_key_value(std::string_view encoded);

/// Walks everything inside an array or map; throws if it is malformed or has more than `levels` levels.
void check_nested(const ValueView& value, unsigned levels);

}  // namespace segue::otlp
