#include "segue/workflow/outcome_span.h"

#include "failure.h"

namespace segue {

void OutcomeSpan::fail(const std::exception& exception) noexcept {
  failed_ = true;
  detail::record_failure(*this, parent_, exception);
}

void OutcomeSpan::fail(std::string_view message, std::string_view error_type) noexcept {
  failed_ = true;
  detail::record_failure(*this, message, error_type);
}

void OutcomeSpan::end() noexcept {
  if (!failed_ && is_recording() && std::uncaught_exceptions() > exceptions_at_start_) fail("left by an exception");
  end_with_outcome(*keys_, failed_);
}

}  // namespace segue
