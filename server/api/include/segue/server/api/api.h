// Api: /api/v1, /metrics and the web page, as one HTTP handler.
//
//   Api api(store, {.ingest = [&] { return receiver.stats(); }});
//   auto server = HttpServer::start({.port = 16686, .error_responder = api_error},
//                                   [&](const Request& request) { return api.handle(request); });
//
// Knows no rules of its own: it reads parameters, asks `query` and `store`, and writes JSON. The routes and shapes are
// described in this module's README and fixed by tests/fixtures/api.
// Thread safety: `handle` from any number of threads. It reads the disk: not for an event loop.
// Errors: every error answer is {"error": {"code", "message"}}; 400 names the parameter that makes no sense.
#pragma once

#include <functional>
#include <string_view>

#include "segue/server/http/http_server.h"
#include "segue/server/http/message.h"
#include "segue/server/ingest/otlp_receiver.h"
#include "segue/server/query/journey.h"
#include "segue/server/store/store.h"

namespace segue::server {

/// Where /metrics reads what the other parts of the program count; what is empty is left out of the page.
struct MetricSources {
  std::function<IngestStats()> ingest = {};
  std::function<HttpServerStats()> otlp_http = {};  ///< The port that receives spans.
  std::function<HttpServerStats()> api_http = {};   ///< The port this handler serves.
};

class Api {
 public:
  /// `store`, and whatever `sources` refer to, must outlive the Api.
  Api(Store& store, MetricSources sources, JourneyLimits limits = {});

  Response handle(const Request& request);

 private:
  Response route_api(const Request& request);
  Response find_journeys(const Request& request);
  Response find_traces(const Request& request);
  Response show_journey(const Request& request, std::string_view contact_id);
  Response show_trace(const Request& request, std::string_view trace_id);
  Response list_bots();
  Response list_services();
  Response metrics() const;

  Store& store_;
  MetricSources sources_;
  JourneyLimits limits_;
  std::uint64_t started_unix_nanos_;
};

/// An HTTP server's own refusals in the API's form; see `HttpServerOptions::error_responder`.
Response api_error(const Request& head, unsigned status, std::string_view message);

}  // namespace segue::server
