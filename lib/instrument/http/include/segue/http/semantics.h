// The HTTP semantic conventions that servers and clients share: methods, and URLs without their secrets.
//
//   span.set(attributes::http_request_method, known_http_method("BREW"));  // _OTHER
//   redact_url("https://user:pw@api.example/x?sig=abc");  // https://REDACTED:REDACTED@api.example/x?sig=REDACTED
//
// Pure functions, safe from any thread. Errors: none; what is not a URL is passed through as text.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "segue/trace/detail/span_name.h"

namespace segue {

/// What stands for every method outside RFC 9110, PATCH and QUERY, so that span names stay few.
inline constexpr std::string_view other_http_method = "_OTHER";

/// `method` if it is known, else "_OTHER". Methods are case-sensitive.
std::string_view known_http_method(std::string_view method) noexcept;

/// A span's name: "GET /users/{id}", without a template "GET", and "HTTP" for an unknown method. Cut at 256 bytes.
detail::SpanName http_span_name(std::string_view method, std::string_view path_template) noexcept;

struct HostAndPort {
  std::string_view host;
  std::uint16_t port = 0;  ///< 0: none is given.
};

/// A Host header's two parts. IPv6 addresses keep their brackets; what is no port counts as none.
HostAndPort split_host(std::string_view host) noexcept;

/// The server that a URL names, with the usual port of http and https where it gives none; empty where `url` has no
/// scheme.
HostAndPort server_of_url(std::string_view url) noexcept;

/// `query` with the values of signatures and access keys replaced by REDACTED; keys are case-sensitive.
std::string redact_query(std::string_view query);

/// `url` with its user, password and sensitive query values replaced by REDACTED.
std::string redact_url(std::string_view url);
/// The same without a copy where there is nothing to replace; else what is given lies in `safe`, which was empty.
std::string_view redact_url(std::string_view url, std::string& safe);

}  // namespace segue
