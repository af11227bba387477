// jorge-ghl-stand-in: a CRM to try Jorge with.
#include <cstdio>

#include <CLI/CLI.hpp>

#include "segue/http/server_span.h"
#include "segue/segue.h"
#include "tools/ghl_stand_in.h"
#include "tools/stop_signal.h"

namespace {

/// Answers under a span of the stand-in's own, in the caller's trace.
jorge::HttpResponse answer(jorge::GhlStandIn& crm, const jorge::HttpRequest& request) {
  segue::ScopedSpan span =
      segue::start_server_span({.method = request.method, .target = request.target, .host = request.header("Host")},
                               segue::HeaderReader(request.headers));
  jorge::HttpResponse response = crm.handle(request);
  segue::finish_server_span(span, static_cast<int>(response.status));
  return response;
}

}  // namespace

int main(int argc, char** argv) {
  jorge::HttpServerOptions options{.port = 8001};
  CLI::App app("A stand-in for the GoHighLevel CRM: contacts' tags and a request log, in memory.");
  app.add_option("--address", options.address, "Address to listen on")->capture_default_str();
  app.add_option("--port", options.port, "Port to listen on; 0 picks a free one and prints it")->capture_default_str();
  app.footer(
      "GET /_requests lists what it was sent; POST /_faults {\"method\":\"DELETE\",\"count\":2,\"status\":503}\n"
      "makes the next requests fail, \"delay_ms\" makes them slow.");
  CLI11_PARSE(app, argc, argv);

  const jorge::StopSignal stop;
  if (auto tracing = segue::setup_observability({.service_name = "ghl-stand-in"}); !tracing) {
    std::fprintf(stderr, "jorge-ghl-stand-in: running without traces: %s\n", tracing.error().message.c_str());
  }
  jorge::GhlStandIn crm;
  auto server =
      jorge::HttpServer::listen(options, [&](const jorge::HttpRequest& request) { return answer(crm, request); });
  if (!server) {
    std::fprintf(stderr, "jorge-ghl-stand-in: %s\n", server.error().message.c_str());
    return 1;
  }
  std::printf("listening on %s:%d\n", options.address.c_str(), (*server)->port());
  std::fflush(stdout);
  stop.wait();
  (*server)->stop();
  segue::shutdown_observability();
  return 0;
}
