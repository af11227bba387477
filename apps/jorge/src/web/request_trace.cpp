#include "web/request_trace.h"

#include "segue/http/server_span.h"
#include "segue/model/attributes.h"
#include "segue/trace/default_propagator.h"

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
  const segue::Propagator& propagator = segue::default_propagator();
  segue::Context parent = propagator.extract(segue::HeaderReader(request.headers));
  segue::Context handed_over;
  if (handoff) handed_over = propagator.extract(segue::MapReader(handoff->carrier));
  const bool is_fresh = handoff && freshness.now - handoff->time < freshness.limit;
  const bool continues_handoff = is_fresh && handed_over.span.is_valid() && !parent.span.is_valid();
  if (continues_handoff) parent = handed_over;
  segue::ScopedSpan span = segue::start_server_span(describe(request, route), parent);
  if (!continues_handoff) span.add_link(handed_over.span, {{segue::attributes::workflow_link_type, "handoff"}});
  return span;
}

}  // namespace jorge
