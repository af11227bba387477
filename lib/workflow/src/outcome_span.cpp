#include "segue/workflow/outcome_span.h"

#include <cmath>
#include <cstdint>

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
  std::uint64_t end_time = 0;  // unless it records: now
  if (is_recording()) {
    const std::uint64_t elapsed = elapsed_nanos();
    end_time = start_unix_nanos() + elapsed;
    if (!failed_ && std::uncaught_exceptions() > exceptions_at_start_) fail("left by an exception");
    const bool succeeded = !failed_ && status() != StatusCode::Error;
    set(keys_->success, succeeded);
    set(keys_->duration_ms, std::round(static_cast<double>(elapsed) / 1e4) / 1e2);
    if (succeeded && keys_->sets_ok_status) set_status(StatusCode::Ok);
  }
  ScopedSpan::end(end_time);
}

}  // namespace segue
