// TraceColumns: a context in a row of a database, as three nullable text columns.
//
//   const segue::TraceColumns trace = segue::current_trace_columns();
//   database.run("UPDATE conversations SET traceparent=$1, tracestate=$2, baggage=$3 WHERE id=$4",
//                trace.traceparent, trace.tracestate, trace.baggage, id);
//   ...
//   auto scope = segue::extract_trace_context(segue::TraceColumns{row.text(0), row.text(1), row.text(2)});
//
// The formats are W3C Trace Context and Baggage, whatever the process speaks on the wire: rows outlive configurations.
// Thread safety: plain values. Errors: none; what cannot be read is as if it were null.
#pragma once

#include <optional>
#include <string>

#include "segue/workflow/propagation.h"

namespace segue {

struct TraceColumns {
  std::optional<std::string> traceparent = {};  ///< 55 characters.
  std::optional<std::string> tracestate = {};   ///< Up to 512 characters are sure to arrive.
  std::optional<std::string> baggage = {};      ///< Up to 8192 bytes.
};

#if defined(SEGUE_NO_TRACING)
inline TraceColumns current_trace_columns() { return {}; }
inline Context read_trace_context(const TraceColumns&) noexcept { return {}; }
#else
/// The current context; all null where there is none.
TraceColumns current_trace_columns();
Context read_trace_context(const TraceColumns& columns) noexcept;
#endif

}  // namespace segue
