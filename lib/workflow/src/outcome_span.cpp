#include "segue/workflow/outcome_span.h"

#include <cmath>

namespace segue {

void OutcomeSpan::fail(const std::exception& exception) noexcept {
  record_exception(exception);
  fail(exception.what());
}

void OutcomeSpan::fail(std::string_view message) noexcept {
  failed_ = true;
  set_status(StatusCode::Error, message);
}

void OutcomeSpan::end() noexcept {
  if (is_recording()) {
    if (!failed_ && std::uncaught_exceptions() > exceptions_at_start_) fail("left by an exception");
    const bool succeeded = !failed_ && status() != StatusCode::Error;
    set(keys_->success, succeeded);
    set(keys_->duration_ms, std::round(static_cast<double>(elapsed_nanos()) / 1e4) / 1e2);
    if (succeeded && keys_->sets_ok_status) set_status(StatusCode::Ok);
  }
  ScopedSpan::end();
}

}  // namespace segue
