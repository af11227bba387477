// A small HTTP/1.1 server: requests in, answers out, a handler in between that may block.
//
//   auto server = HttpServer::listen({.port = 0}, [](const HttpRequest& request) { return answer(request); });
//   if (!server) return server.error();
//   std::printf("listening on 127.0.0.1:%d\n", (*server)->port());
//   ...
//   (*server)->stop();     // running requests finish, idle connections close
//
// Thread safety: the handler runs on several threads at once; `stop` may be called from any thread but the
// handler's. Errors: a handler that throws answers 500. Limits: too large a body is 413, too large a head 431,
// a connection that sends nothing for `idle_timeout` is closed, connections over the limit get 503.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "segue/base/result.h"

namespace jorge {

/// Views of what has arrived, valid until the handler returns.
struct HttpRequest {
  std::string_view method;
  std::string_view target;  ///< As sent: path and query.
  std::vector<std::pair<std::string_view, std::string_view>> headers;
  std::string_view body;
  std::chrono::system_clock::time_point received;  ///< When its head had arrived.
  std::string_view peer_address;
  std::uint16_t peer_port = 0;
  int http_minor_version = 1;

  /// The target without its query.
  std::string_view path() const noexcept;

  /// The first header of that name, in any case; empty if there is none.
  std::string_view header(std::string_view name) const noexcept;
};

struct HttpResponse {
  unsigned status = 200;
  std::string body = {};
  std::string content_type = "application/json";
};

using HttpHandler = std::function<HttpResponse(const HttpRequest&)>;

struct HttpServerOptions {
  std::string address = "127.0.0.1";
  /// 0 picks a free one.
  std::uint16_t port = 0;
  /// Requests handled at the same time, at least 1.
  unsigned worker_threads = 4;
  std::size_t max_body_bytes = 1U << 20U;
  std::size_t max_connections = 1024;
  std::chrono::seconds idle_timeout{30};
};

class HttpServer {
 public:
  /// Binds, listens and starts the workers.
  static segue::Result<std::unique_ptr<HttpServer>> listen(HttpServerOptions options, HttpHandler handler);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  std::uint16_t port() const noexcept;

  /// Accepts nothing more, lets running requests finish, joins the workers. A second call does nothing.
  void stop();

 private:
  class Implementation;
  explicit HttpServer(std::shared_ptr<Implementation> implementation);

  std::shared_ptr<Implementation> implementation_;
};

}  // namespace jorge
