// IngestStats: what became of everything that was sent to the receivers, for /metrics.
//
//   const IngestStats stats = receiver.stats();
//   for (const RejectReason reason : reject_reasons) report(to_string(reason), stats.rejected_spans[index_of(reason)]);
//
// A plain snapshot. Every span that could be read is in exactly one of stored, duplicate or rejected. A
// request that is refused as a whole counts as a request; its spans only where they could be read.
// Thread safety: that of a value. Errors: none.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace segue::server {

/// Why a request or a span was not stored. The names in `to_string` are label values of /metrics: don't change them.
enum class RejectReason : std::uint8_t {
  UnsupportedMediaType,  ///< Neither protobuf nor JSON.
  UnsupportedEncoding,   ///< Neither gzip nor identity.
  Malformed,             ///< Not HTTP, not gzip, not protobuf, not JSON, or not an export request.
  TooLarge,              ///< A body over the limit, before or after decompression; a span over its limit.
  TooComplex,            ///< Values nested too deep, or too many spans, attributes, events or links in one request.
  TooManyAttributes,     ///< A span with more attributes than allowed.
  InvalidId,             ///< A trace, span or parent id that is missing, zero or of the wrong length.
  TooSlow,               ///< The request did not arrive in time.
  Overloaded,            ///< Too many requests or connections at once; the sender is told to come back.
  StoreUnavailable,      ///< The store's queue or its disk is full; the sender is told to come back.
  StoreFailed,           ///< The store could not write; the sender is told to come back.
  Internal,              ///< A defect of the server; its log says more.
};

inline constexpr std::array reject_reasons = {RejectReason::UnsupportedMediaType,
                                              RejectReason::UnsupportedEncoding,
                                              RejectReason::Malformed,
                                              RejectReason::TooLarge,
                                              RejectReason::TooComplex,
                                              RejectReason::TooManyAttributes,
                                              RejectReason::InvalidId,
                                              RejectReason::TooSlow,
                                              RejectReason::Overloaded,
                                              RejectReason::StoreUnavailable,
                                              RejectReason::StoreFailed,
                                              RejectReason::Internal};

/// "unsupported_media_type", "malformed", ...
std::string_view to_string(RejectReason reason) noexcept;

/// Where a reason's count is in the arrays of `IngestStats`.
constexpr std::size_t index_of(RejectReason reason) noexcept { return static_cast<std::size_t>(reason); }

using RejectCounts = std::array<std::uint64_t, reject_reasons.size()>;

struct IngestStats {
  std::uint64_t requests = 0;        ///< Export requests that were read, accepted or not.
  std::uint64_t received_bytes = 0;  ///< Their bodies, as sent.
  std::uint64_t received_spans = 0;  ///< Found in requests that could be read.
  std::uint64_t stored_spans = 0;
  std::uint64_t duplicate_spans = 0;    ///< Were stored before: the sender missed our answer and tried again.
  RejectCounts rejected_requests = {};  ///< As a whole, by `index_of(reason)`.
  RejectCounts rejected_spans = {};     ///< One by one, or with their request when the store did not take it.
};

}  // namespace segue::server
