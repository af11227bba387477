#include "segue/http/semantics.h"

#include <algorithm>
#include <array>

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

/// Where the authority ends that begins at `from`.
std::size_t authority_end(std::string_view url, std::size_t from) noexcept {
  return std::min(url.find_first_of("/?#", from), url.size());
}

}  // namespace

std::string_view known_http_method(std::string_view method) noexcept {
  return contains(known_methods, method) ? method : other_http_method;
}

std::string http_span_name(std::string_view method, std::string_view path_template) {
  std::string name(contains(known_methods, method) ? method : std::string_view("HTTP"));
  if (!path_template.empty()) name.append(1, ' ').append(path_template);
  return name;
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
  std::string safe;
  constexpr std::string_view scheme_end = "://";
  if (const std::size_t scheme = url.find(scheme_end); scheme != std::string_view::npos) {
    const std::size_t authority = scheme + scheme_end.size();
    const std::string_view before_path = url.substr(0, authority_end(url, authority));
    if (const std::size_t at = before_path.rfind('@'); at != std::string_view::npos && at >= authority) {
      safe.append(url.substr(0, authority)).append(redacted).append(1, ':').append(redacted);
      url.remove_prefix(at);
    }
  }
  const std::size_t fragment = std::min(url.find('#'), url.size());
  const std::size_t query = url.substr(0, fragment).find('?');
  if (query == std::string_view::npos) return safe.append(url);
  safe.append(url.substr(0, query + 1)).append(redact_query(url.substr(query + 1, fragment - query - 1)));
  return safe.append(url.substr(fragment));
}

}  // namespace segue
