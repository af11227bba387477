// Limits on single spans: what one span may hold before the store has to keep it for ever.
//
// Pure functions, from any thread. Errors: none; a span over a limit is named, not repaired.
#pragma once

#include <cstddef>
#include <optional>

#include "segue/model/span_view.h"
#include "segue/server/ingest/ingest_stats.h"
#include "segue/server/ingest/otlp_receiver.h"

namespace segue::server {

/// Names, texts, keys and values of the span, its events and links; not its resource and scope.
std::size_t content_bytes(const SpanView& span) noexcept;

/// Why the span must not be stored; empty if it may be.
std::optional<RejectReason> exceeded_limit(const SpanView& span, const IngestLimits& limits) noexcept;

}  // namespace segue::server
