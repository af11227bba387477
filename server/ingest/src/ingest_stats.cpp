#include "segue/server/ingest/ingest_stats.h"

namespace segue::server {

std::string_view to_string(RejectReason reason) noexcept {
  switch (reason) {
    case RejectReason::UnsupportedMediaType: return "unsupported_media_type";
    case RejectReason::UnsupportedEncoding: return "unsupported_encoding";
    case RejectReason::Malformed: return "malformed";
    case RejectReason::TooLarge: return "too_large";
    case RejectReason::TooComplex: return "too_complex";
    case RejectReason::TooManyAttributes: return "too_many_attributes";
    case RejectReason::InvalidId: return "invalid_id";
    case RejectReason::TooSlow: return "too_slow";
    case RejectReason::Overloaded: return "overloaded";
    case RejectReason::StoreUnavailable: return "store_unavailable";
    case RejectReason::StoreFailed: return "store_failed";
    case RejectReason::Internal: return "internal";
  }
  return "internal";
}

}  // namespace segue::server
