// One HTTP request at a time over a kept connection, traced as a client span.
//
//   HttpClient client(3s);
//   auto answer = client.send({"POST", url, R"({"tags":["Buyer-Lead"]})", {"Content-Type: application/json"}});
//   if (!answer) ...                                // no answer at all
//   if (answer->status != 200) ...
//
// Thread safety: one thread at a time. Errors: Unavailable if there was no connection, DeadlineExceeded
// after the timeout, LimitExceeded for an answer over 1 MiB; any HTTP status is an answer, not an error.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "segue/base/result.h"

namespace jorge {

struct HttpCall {
  std::string method;
  std::string url;
  std::string body = {};                  ///< JSON; empty: no body.
  std::vector<std::string> headers = {};  ///< "Name: value"
  std::string url_template = {};          ///< The path's pattern, which names the span: "/contacts/{id}/tags".
};

struct HttpAnswer {
  long status = 0;
  std::string body;
};

class HttpClient {
 public:
  explicit HttpClient(std::chrono::milliseconds timeout);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  segue::Result<HttpAnswer> send(const HttpCall& call);

 private:
  struct Handle;
  std::unique_ptr<Handle> handle_;
  std::chrono::milliseconds timeout_;
};

/// `text` with everything but letters, digits and "-._~" percent-encoded.
std::string percent_encoded(std::string_view text);

}  // namespace jorge
