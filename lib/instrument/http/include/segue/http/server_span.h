// Server spans: what an HTTP server records about each request, whatever framework reads the socket.
//
//   ScopedSpan span = start_server_span(
//       {.method = "POST", .target = "/api/v1/webhooks/ghl?x=1", .route = "/api/v1/webhooks/{source}"},
//       HeaderReader(request.headers));
//   const Response response = handle(request);  // spans started in here are its children
//   finish_server_span(span, response.status);
//
// Continues the caller's trace. Follows the OpenTelemetry semantic conventions for HTTP servers, v1.44: the caller's
// mistakes (4xx) are no errors of this server, its own (5xx) are. Thread safety: that of ScopedSpan.
// Errors: none; a request that is never finished ends with its span, without a status code.
#pragma once

#include <cstdint>
#include <exception>
#include <optional>
#include <string_view>

#include "segue/propagation/carrier.h"
#include "segue/propagation/context.h"
#include "segue/trace/span.h"

namespace segue {

/// What is known when a request has arrived; leave out what is not. Only looked at while the span starts.
struct HttpServerRequest {
  std::string_view method;
  /// As in the request line: path and query.
  std::string_view target;
  /// The pattern that matched, e.g. "/users/{id}"; never the path itself, whose variety would flood span names.
  std::string_view route = {};
  std::string_view scheme = "http";
  /// The Host header, with or without a port.
  std::string_view host = {};
  /// The port of this server; 0: that in `host`, if any.
  std::uint16_t port = 0;
  std::string_view client_address = {};
  std::string_view user_agent = {};
  /// "1.1", "2".
  std::string_view protocol_version = {};
  /// When it arrived, nanoseconds since the Unix epoch. Default: now.
  std::optional<std::uint64_t> start_unix_nanos = {};
};

#if defined(SEGUE_NO_TRACING)
inline ScopedSpan start_server_span(const HttpServerRequest&, const Context&) noexcept { return {}; }
inline ScopedSpan start_server_span(const HttpServerRequest&, const CarrierReader&) noexcept { return {}; }
inline void set_server_route(Span&, std::string_view, std::string_view) noexcept {}
inline void finish_server_span(Span&, int) noexcept {}
inline void finish_server_span(Span&, int, const std::exception&) noexcept {}
#else
/// Starts the request's span under `parent`, and makes it and the parent's baggage current.
ScopedSpan start_server_span(const HttpServerRequest& request, const Context& parent) noexcept;

/// The same with the context that the process's propagator finds in `headers`.
ScopedSpan start_server_span(const HttpServerRequest& request, const CarrierReader& headers) noexcept;

/// Names the route of a request whose router ran after the span had started.
void set_server_route(Span& span, std::string_view method, std::string_view route) noexcept;

/// Records the answer's status and ends the span.
void finish_server_span(Span& span, int status_code) noexcept;

/// For a request whose handler threw: records the exception and the status that was answered, and ends the span as
/// failed if that status is a server error.
void finish_server_span(Span& span, int status_code, const std::exception& exception) noexcept;
#endif

}  // namespace segue
