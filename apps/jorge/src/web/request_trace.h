// Where a webhook's span belongs: under the caller's span, under the contact's last handoff, or in a new trace.
//
//   segue::ScopedSpan span = start_request_span(request, "/api/v1/webhooks/ghl", conversation.handoff_trace, {15min, now});
//   ...
//   segue::finish_server_span(span, response.status);
//
// A caller's traceparent comes first. Without one, a fresh handoff is continued: the contact's journey stays one trace.
// A handoff that is not the parent is linked, with workflow.link.type=handoff.
// Thread safety: pure function but for the span it starts. Errors: none.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "conversation/conversation.h"
#include "segue/trace/span.h"
#include "web/http_server.h"

namespace jorge {

struct Freshness {
  std::chrono::seconds limit;  ///< How old a handoff may be and still be continued.
  TimePoint now;
};

/// Starts the request's server span, from the time it arrived. `route` is the pattern that matched, or empty.
segue::ScopedSpan start_request_span(const HttpRequest& request, std::string_view route,
                                     const std::optional<HandoffTrace>& handoff, const Freshness& freshness) noexcept;

}  // namespace jorge
