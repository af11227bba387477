// ServerContext: what the listener and all connections of one server share.
//
// Thread safety: options and handler are read-only once the server runs; the rest is atomic.
#pragma once

#include <atomic>
#include <boost/asio/thread_pool.hpp>
#include <cstdint>
#include <string_view>

#include "segue/server/http/http_server.h"

namespace segue::server {

struct ServerCounters {
  std::atomic<std::uint64_t> connections = 0;
  std::atomic<std::uint64_t> refused_connections = 0;
  std::atomic<std::uint64_t> requests = 0;
  std::atomic<std::uint64_t> malformed_requests = 0;
  std::atomic<std::uint64_t> too_large_requests = 0;
  std::atomic<std::uint64_t> timed_out_requests = 0;
  std::atomic<std::uint64_t> overload_refusals = 0;
  std::atomic<std::uint64_t> handler_failures = 0;
};

struct ServerContext {
  ServerContext(HttpServerOptions given_options, Handler given_handler)
      : options(std::move(given_options)), handler(std::move(given_handler)), workers(options.worker_threads) {}

  const HttpServerOptions options;
  const Handler handler;
  boost::asio::thread_pool workers;
  std::atomic<bool> is_stopping = false;
  std::atomic<std::size_t> waiting_requests = 0;  ///< Given to the workers, running or queued.
  std::atomic<std::size_t> buffered_bytes = 0;    ///< Bodies of all requests that are read, queued or handled.
  ServerCounters counters;

  /// The answer to a request that is not passed to the handler.
  Response error_response(const Request& head, unsigned status, std::string_view message) const;

  /// Runs the handler; what it throws becomes a 500. On a worker thread.
  Response call_handler(const Request& request);
};

}  // namespace segue::server
