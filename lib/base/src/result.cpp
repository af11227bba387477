#include "segue/base/result.h"

namespace segue {

std::string_view to_string(Errc code) noexcept {
  switch (code) {
    case Errc::InvalidArgument: return "invalid_argument";
    case Errc::NotFound: return "not_found";
    case Errc::LimitExceeded: return "limit_exceeded";
    case Errc::Unauthenticated: return "unauthenticated";
    case Errc::Unavailable: return "unavailable";
    case Errc::DeadlineExceeded: return "deadline_exceeded";
    case Errc::Corruption: return "corruption";
    case Errc::IoError: return "io_error";
    case Errc::FailedPrecondition: return "failed_precondition";
    case Errc::Internal: return "internal";
  }
  return "internal";
}

}  // namespace segue
