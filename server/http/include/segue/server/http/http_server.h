// HttpServer: HTTP/1.1 on one address and port, for handlers that block.
//
//   auto server = HttpServer::start({.port = 4318}, [&](const Request& request) { return receiver.handle(request); });
//   if (!server) return server.error();
//   announce((*server)->port());
//   wait_for_signal();
//   (*server)->stop();
//
// Connections are asynchronous on one or two I/O threads; handlers run on worker threads, since a
// handler that stores spans waits for the disk. Requests of one connection are answered one after
// the other, in order, also when they are pipelined.
// Thread safety: the handler is called from many threads at once; the members below from any thread.
// Errors and limits: what the server cannot pass on it answers itself: 400 malformed, 408 too slow,
// 413 body too large (by Content-Length, before reading it; chunked, as soon as it is over), 431 header
// too large, 500 handler threw, 503 with Retry-After when all workers are busy and the queue is full,
// or when the bodies in memory are over the limit; 501 and 505 for what HTTP/1.1 has but nobody here uses.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "segue/base/result.h"
#include "segue/server/http/message.h"

namespace segue::server {

/// Answers one request; called on a worker thread, may block. What it throws becomes a 500.
using Handler = std::function<Response(const Request& request)>;

/// Dresses an answer that the server gives itself, e.g. as JSON; `head` has no body, and no path where
/// that was the malformed part. Called on an I/O thread: must not block.
using ErrorResponder = std::function<Response(const Request& head, unsigned status, std::string_view message)>;

struct HttpServerOptions {
  /// A numeric IPv4 or IPv6 address to listen on. Anything but loopback is open to the network.
  std::string address = "127.0.0.1";
  /// 0 takes a free port; see `HttpServer::port()`.
  std::uint16_t port = 0;
  /// 1 to 16. One carries some 50,000 small requests a second; more help with large bodies.
  unsigned io_threads = 1;
  /// 1 to 1024. How many handlers may block at once; each costs a thread's stack.
  unsigned worker_threads = 16;
  /// Requests that wait for a worker; beyond it 503. Each holds its body in memory.
  std::size_t max_queued_requests = 256;
  /// Open connections; one more is answered 503 and closed.
  std::size_t max_connections = 1024;
  /// Request line and header fields together.
  std::size_t max_header_bytes = std::size_t{16} << 10;
  /// As received, before any decompression.
  std::size_t max_body_bytes = std::size_t{64} << 20;
  /// Bodies of all requests being read, queued or handled; beyond it 503. At least `max_body_bytes`.
  std::size_t max_buffered_bytes = std::size_t{512} << 20;
  /// A connection without a request is closed after this.
  std::chrono::milliseconds idle_timeout = std::chrono::seconds(75);
  /// From a request's first byte to its last.
  std::chrono::milliseconds read_timeout = std::chrono::seconds(60);
  /// For a client to take a whole response.
  std::chrono::milliseconds write_timeout = std::chrono::seconds(60);
  /// How long `stop()` lets requests that have begun come to their end.
  std::chrono::milliseconds stop_timeout = std::chrono::seconds(5);
  /// Sent with every 503.
  std::chrono::seconds retry_after = std::chrono::seconds(5);
  /// Empty: the message as plain text.
  ErrorResponder error_responder = {};
};

/// Counts since the start, except `open_connections`.
struct HttpServerStats {
  std::uint64_t open_connections = 0;
  std::uint64_t connections = 0;
  std::uint64_t refused_connections = 0;  ///< Over `max_connections`.
  std::uint64_t requests = 0;             ///< Passed to the handler.
  std::uint64_t malformed_requests = 0;
  std::uint64_t too_large_requests = 0;  ///< Header or body.
  std::uint64_t timed_out_requests = 0;
  std::uint64_t overload_refusals = 0;  ///< Answered 503: queue or memory full.
  std::uint64_t handler_failures = 0;   ///< Handlers that threw.
};

class HttpServer {
 public:
  /// Listens and serves. InvalidArgument for options out of range, FailedPrecondition when the
  /// port is taken, IoError for what else the system refuses.
  static Result<std::unique_ptr<HttpServer>> start(HttpServerOptions options, Handler handler);

  /// Stops.
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  /// The port listened on.
  std::uint16_t port() const noexcept;

  HttpServerStats stats() const noexcept;

  /// Takes no new requests, lets those that have begun end within `stop_timeout`, then cuts the
  /// connections. Returns when no handler runs any more. Does nothing the second time.
  void stop();

 private:
  class Impl;
  explicit HttpServer(std::unique_ptr<Impl> impl);

  std::unique_ptr<Impl> impl_;
};

}  // namespace segue::server
