// Traces and journeys as text: the tree that people read in a terminal and that golden tests compare.
//
//   Trace ID: 7f8a9b2c3d4e5f607f8a9b2c3d4e5f60
//   Duration: 350ms
//
//   ├─ POST /api/v1/webhooks/ghl (350ms)
//   │  ├─ lead_bot.analyze_intent (100ms)
//   │  │  └─ intent_decoder.analyze_lead (80ms)
//   │  └─ handoff.lead_to_buyer (150ms) ERROR: rate limited
//
// A root that stands alone is drawn with "├─", as above; of several the last has "└─". Control characters
// and broken UTF-8 in names are replaced, so that no span can write to the reader's terminal.
// Thread safety: pure functions. Errors: none; below 200 levels the indentation no longer grows.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "segue/model/span_view.h"
#include "segue/server/query/journey.h"

namespace segue::server {

/// "350ms" from 10 ms on, "8.4ms" below, "62µs" below 0.1 ms, "12.5s" from 10 s on.
std::string format_duration(std::uint64_t nanos);

/// UTC, to the second: "2025-05-12T09:14:02Z".
std::string format_utc(std::uint64_t unix_nanos);

/// One trace, ending with a newline. All `spans` are of the trace `trace_id`.
std::string render_trace(const TraceId& trace_id, std::span<const SpanView> spans);

/// "Contact: ", "Journey: ", a line for each handoff whose target never spoke, then the traces, oldest first.
std::string render_journey(const Journey& journey);

}  // namespace segue::server
