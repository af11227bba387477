#include "server_context.h"

#include <exception>
#include <string>

#include "segue/base/log.h"

namespace segue::server {

Response ServerContext::error_response(const Request& head, unsigned status, std::string_view message) const {
  Response response{.status = status, .body = std::string(message) + "\n"};
  if (options.error_responder) {
    try {
      response = options.error_responder(head, status, message);
    } catch (const std::exception& failure) {  // the plain answer will do
      log(LogLevel::Error, std::string("http: the error responder threw: ") + failure.what());
    }
  }
  if (status == 503 && !response.headers.find("Retry-After")) {
    response.headers.set("Retry-After", std::to_string(options.retry_after.count()));
  }
  return response;
}

Response ServerContext::call_handler(const Request& request) {
  counters.requests.fetch_add(1, std::memory_order_relaxed);
  std::string reason = "not a standard exception";
  try {
    return handler(request);
  } catch (const std::exception& failure) {
    reason = failure.what();
  } catch (...) {  // told below, like the others
  }
  counters.handler_failures.fetch_add(1, std::memory_order_relaxed);
  log(LogLevel::Error, "http: " + request.method + " " + request.path + ": the handler threw: " + reason);
  return error_response(request, 500, "the server failed; its log says why");
}

}  // namespace segue::server
