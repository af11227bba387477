// http_request: one blocking HTTP or HTTPS request, for the command line and for tests.
//
//   Result<Response> answer = http_request({.url = "http://127.0.0.1:16686/api/v1/health"});
//   if (!answer) return answer.error();   // no answer at all
//   if (answer->status != 200) ...         // an answer, perhaps an unwelcome one
//
// Follows no redirects; uses the proxy of the environment except for loopback addresses.
// Thread safety: any thread, each call with a connection of its own. Errors: InvalidArgument for a
// malformed URL, DeadlineExceeded, LimitExceeded for a body over the limit, Unavailable when nobody answers.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

#include "segue/base/result.h"
#include "segue/server/http/message.h"

namespace segue::server {

struct HttpClientRequest {
  std::string method = "GET";
  std::string url;  ///< With scheme: "http://host:port/path?query", already encoded; see `encode_url_component`.
  Headers headers = {};
  std::string body = {};
  std::chrono::milliseconds timeout = std::chrono::seconds(30);  ///< For everything, from name lookup to the last byte.
  std::size_t max_response_bytes = std::size_t{256} << 20;
};

/// The answer, of whatever status; its content type is in `content_type`.
Result<Response> http_request(const HttpClientRequest& request);

/// Percent-encodes everything but letters, digits and "-._~": for path segments and query values.
std::string encode_url_component(std::string_view text);

}  // namespace segue::server
