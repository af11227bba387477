#include "web/request_trace.h"

#include "segue/http/server_span.h"
#include "segue/workflow/accept_handoff.h"

namespace jorge {
namespace {

segue::HttpServerRequest describe(const HttpRequest& request, std::string_view route) {
  const auto since_epoch = request.received.time_since_epoch();
  return {.method = request.method,
          .target = request.target,
          .route = route,
          .host = request.header("Host"),
          .client_address = request.peer_address,
          .user_agent = request.header("User-Agent"),
          .protocol_version = request.http_minor_version == 0 ? "1.0" : "1.1",
          .start_unix_nanos =
              static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(since_epoch).count())};
}

}  // namespace

segue::ScopedSpan start_request_span(const HttpRequest& request, std::string_view route,
                                     const std::optional<HandoffTrace>& handoff, const Freshness& freshness) noexcept {
  segue::Context parent = segue::read_trace_context(segue::HeaderReader(request.headers));
  segue::HandoffPlace place;
  if (handoff) {
    const segue::Context handed_over = segue::read_trace_context(handoff->context);
    place = segue::place_after_handoff(handed_over, freshness.now - handoff->time, {.limit = freshness.limit});
    if (parent.span.is_valid()) place = {.parent = parent, .link = handed_over.span};
    parent = place.parent;
  }
  segue::ScopedSpan span = segue::start_server_span(describe(request, route), parent);
  segue::link_handoff(span, place);
  return span;
}

}  // namespace jorge
