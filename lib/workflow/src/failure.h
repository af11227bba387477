// Failures on spans: an exception is one event on the innermost span it leaves, and an error on every span it passes.
#pragma once

#include <exception>
#include <string_view>

#include "segue/trace/span.h"

namespace segue::detail {

/// Status Error and error.type; the exception event too, unless a span below `span` has it already. `parent` is
/// the id of the span's parent, where the next one on the exception's way will look.
void record_failure(Span& span, const SpanId& parent, const std::exception& exception) noexcept;

/// Status Error and error.type, for what is no exception.
void record_failure(Span& span, std::string_view message, std::string_view error_type) noexcept;

}  // namespace segue::detail
