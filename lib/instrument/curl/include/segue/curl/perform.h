// Client spans for libcurl: runs a transfer inside a span and sends the trace along.
//
//   curl_slist* headers = curl_slist_append(nullptr, "Content-Type: application/json");
//   const int code = curl_perform(handle, headers, {.method = "POST", .url_template = "/contacts/{id}"});
//   if (code != CURLE_OK) ...
//
// Follows the OpenTelemetry semantic conventions for HTTP clients, v1.44. Passwords and signatures in the URL are not
// recorded. One span per call: redirects that libcurl follows are part of it. Thread safety: that of the handle.
// Errors: those of the transfer, unchanged; tracing adds none.
#pragma once

#include <string_view>

#if defined(SEGUE_NO_TRACING)
#include <curl/curl.h>
#else
using CURL = void;  // as <curl/curl.h> has it, which callers include and this header need not
struct curl_slist;
#endif

namespace segue {

/// What libcurl cannot be asked before a transfer.
struct CurlSpanOptions {
  /// Lets samplers decide by it, and names the span from its start. Default: found out afterwards.
  std::string_view method = {};
  /// The URL as first requested. Default: where the transfer ended, which differs after redirects.
  std::string_view url = {};
  /// The path's pattern, e.g. "/contacts/{id}", for the span's name; never the path itself.
  std::string_view url_template = {};
};

#if defined(SEGUE_NO_TRACING)
inline int curl_perform(CURL* handle, curl_slist* headers, const CurlSpanOptions& = {}) noexcept {
  curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers);
  return curl_easy_perform(handle);
}
#else
/// curl_easy_perform inside a span; returns its CURLcode. `headers` is the request's own list, or null: libcurl cannot
/// be asked for it, so it is given here and not through CURLOPT_HTTPHEADER, which afterwards is `headers` again. It is
/// not changed. A list that has a traceparent of its own is sent as it is.
int curl_perform(CURL* handle, curl_slist* headers, const CurlSpanOptions& options = {}) noexcept;
#endif

}  // namespace segue
