#include "segue/http/server_span.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

#include "segue/http/semantics.h"
#include "segue/model/attributes.h"
#include "segue/trace/default_propagator.h"
#include "segue/trace/detail/attribute_list.h"
#include "segue/trace/tracer.h"

namespace segue {
namespace {

constexpr int first_server_error = 500;

/// What a sampler may look at. `query` is the request's own, redacted.
void add_start_attributes(detail::AttributeList& list, const HttpServerRequest& request, std::string_view path,
                          std::string_view query) noexcept {
  const HostAndPort server = split_host(request.host);
  const std::uint16_t port = request.port != 0 ? request.port : server.port;
  const std::string_view method = known_http_method(request.method);
  list.add(attributes::http_request_method, method);
  if (method == other_http_method) list.add_if_given(attributes::http_request_method_original, request.method);
  list.add(attributes::url_path, path);
  list.add(attributes::url_scheme, request.scheme);
  list.add_if_given(attributes::url_query, query);
  list.add_if_given(attributes::http_route, request.route);
  list.add_if_given(attributes::server_address, server.host);
  if (port != 0) list.add(attributes::server_port, port);
  list.add_if_given(attributes::client_address, request.client_address);
  list.add_if_given(attributes::user_agent_original, request.user_agent);
  list.add_if_given(attributes::network_protocol_version, request.protocol_version);
}

void set_answer(Span& span, int status_code, std::string_view message) noexcept {
  span.set(attributes::http_response_status_code, status_code);
  if (status_code < first_server_error) return;
  std::array<char, 12> digits;
  const auto written = std::to_chars(digits.data(), digits.data() + digits.size(), status_code);
  span.set(attributes::error_type, std::string_view(digits.data(), written.ptr));
  span.set_status(StatusCode::Error, message);
}

}  // namespace

ScopedSpan start_server_span(const HttpServerRequest& request, const Context& parent) noexcept {
  const Tracer tracer = default_tracer();
  if (!tracer.is_enabled()) return {};
  const std::size_t question = std::min(request.target.find('?'), request.target.size());
  const std::string query = redact_query(request.target.substr(std::min(question + 1, request.target.size())));
  detail::AttributeList list;
  add_start_attributes(list, request, request.target.substr(0, question), query);
  return tracer.start_scoped_span(http_span_name(request.method, request.route),
                                  {.kind = SpanKind::Server,
                                   .parent = &parent,
                                   .start_unix_nanos = request.start_unix_nanos,
                                   .attributes = list.all()});
}

ScopedSpan start_server_span(const HttpServerRequest& request, const CarrierReader& headers) noexcept {
  return start_server_span(request, default_propagator().extract(headers));
}

void set_server_route(Span& span, std::string_view method, std::string_view route) noexcept {
  if (!span.is_recording()) return;
  span.set(attributes::http_route, route);
  span.update_name(http_span_name(method, route));
}

void finish_server_span(Span& span, int status_code) noexcept {
  set_answer(span, status_code, {});
  span.end();
}

void finish_server_span(Span& span, int status_code, const std::exception& exception) noexcept {
  span.record_exception(exception);
  set_answer(span, status_code, exception.what());
  span.end();
}

}  // namespace segue
