#include "segue/http/semantics.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace segue {
namespace {

constexpr std::array<std::string_view, 10> known_methods = {"GET",  "POST",    "PUT",   "DELETE",  "PATCH",
                                                            "HEAD", "OPTIONS", "TRACE", "CONNECT", "QUERY"};

constexpr std::array<std::string_view, 7> sensitive_keys = {
    "X-Amz-Signature", "X-Amz-Credential", "X-Amz-Security-Token", "AWSAccessKeyId", "Signature", "sig",
    "X-Goog-Signature"};

constexpr std::string_view redacted = "REDACTED";

template <class Words>
bool contains(const Words& words, std::string_view word) noexcept {
  return std::ranges::find(words, word) != words.end();
}

/// Where the authority stands in a URL; empty, at its end, where there is no scheme.
struct Authority {
  std::size_t begin;
  std::size_t end;
};

Authority find_authority(std::string_view url) noexcept {
  constexpr std::string_view scheme_end = "://";
  const std::size_t scheme = url.find(scheme_end);
  if (scheme == std::string_view::npos) return {url.size(), url.size()};
  const std::size_t begin = scheme + scheme_end.size();
  std::size_t end = begin;
  while (end < url.size() && url[end] != '/' && url[end] != '?' && url[end] != '#') ++end;
  return {begin, end};
}

std::uint16_t usual_port(std::string_view scheme) noexcept {
  if (scheme == "http") return 80;
  return scheme == "https" ? 443 : 0;
}

}  // namespace

std::string_view known_http_method(std::string_view method) noexcept {
  return contains(known_methods, method) ? method : other_http_method;
}

detail::SpanName http_span_name(std::string_view method, std::string_view path_template) noexcept {
  const std::string_view shown = contains(known_methods, method) ? method : std::string_view("HTTP");
  return {shown, path_template.empty() ? std::string_view() : std::string_view(" "), path_template};
}

HostAndPort split_host(std::string_view host) noexcept {
  const std::size_t colon = host.rfind(':');
  if (colon == std::string_view::npos || host.find(']', colon) != std::string_view::npos) return {host, 0};
  std::uint16_t port = 0;
  std::from_chars(host.data() + colon + 1, host.data() + host.size(), port);
  return {host.substr(0, colon), port};
}

HostAndPort server_of_url(std::string_view url) noexcept {
  const Authority authority = find_authority(url);
  const std::string_view whole = url.substr(authority.begin, authority.end - authority.begin);
  HostAndPort server = split_host(whole.substr(whole.rfind('@') + 1));  // npos + 1 is 0
  if (server.port == 0) server.port = usual_port(url.substr(0, url.find(':')));
  return server;
}

std::string redact_query(std::string_view query) {
  std::string safe;
  safe.reserve(query.size());
  while (true) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view pair = query.substr(0, end);
    const std::size_t equals = pair.find('=');
    const bool is_sensitive = equals != std::string_view::npos && contains(sensitive_keys, pair.substr(0, equals));
    safe.append(is_sensitive ? pair.substr(0, equals + 1) : pair);
    if (is_sensitive) safe.append(redacted);
    if (end == query.size()) return safe;
    safe += '&';
    query.remove_prefix(end + 1);
  }
}

std::string redact_url(std::string_view url) {
  std::string buffer;
  return std::string(redact_url(url, buffer));
}

std::string_view redact_url(std::string_view url, std::string& safe) {
  if (url.find('@') == url.npos && url.find('?') == url.npos) return url;  // no room for a secret
  const Authority authority = find_authority(url);
  if (const std::size_t at = url.substr(0, authority.end).rfind('@');
      at != std::string_view::npos && at >= authority.begin) {
    safe.append(url.substr(0, authority.begin)).append(redacted).append(1, ':').append(redacted);
    url.remove_prefix(at);
  }
  const std::size_t fragment = std::min(url.find('#'), url.size());
  const std::size_t query = url.substr(0, fragment).find('?');
  if (query == std::string_view::npos) return safe.append(url);
  safe.append(url.substr(0, query + 1)).append(redact_query(url.substr(query + 1, fragment - query - 1)));
  return safe.append(url.substr(fragment));
}

}  // namespace segue
