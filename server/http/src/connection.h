// Connection: one client's socket, and the coroutine that reads its requests and writes the answers.
//
// Thread safety: everything private runs on the connection's strand; the public members may be
// called from any thread. Errors: a client's fault ends its own connection, with an answer where HTTP has one.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "response_head.h"
#include "server_context.h"

namespace segue::server {

/// Whether a new connection is served, or told that there are too many.
enum class Admission : std::uint8_t { Served, Refused };

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  using Socket = boost::asio::ip::tcp::socket;

  /// `socket`'s executor is a strand; `context` outlives the connection.
  Connection(Socket socket, ServerContext& context, Admission admission);

  /// Serves until either side has enough, then calls `ended`.
  void start(std::function<void()> ended);
  /// Closes the connection as soon as no request has begun on it; the context says it is stopping.
  void finish();
  /// Closes the connection now.
  void cut();

 private:
  template <class T>
  using Awaitable = boost::asio::awaitable<T>;
  struct Parser;  // Beast's, in the one source file that pays for compiling it
  /// `Linger`: the last answer is written; what the client still sends is thrown away, so that it gets to read it.
  enum class Next : std::uint8_t { Read, Linger, Close };
  /// What the deadline does: a late read may still be answered, a late write may not.
  enum class OnDeadline : std::uint8_t { StopReading, Close };
  /// Why a request is not passed on; status 0 means that nobody is there to be told.
  struct Refusal {
    unsigned status = 0;
    std::string_view message = {};
  };
  struct ReadResult {
    bool is_complete = false;
    Refusal refusal = {};
  };

  Awaitable<void> serve();
  Awaitable<Next> serve_request();
  Awaitable<bool> wait_for_request();
  Awaitable<ReadResult> read_request(Parser& parser);
  Awaitable<bool> read_more();
  Awaitable<Response> run_on_worker(const Request& request);
  Awaitable<Next> refuse(const Request& head, Refusal refusal);
  Awaitable<bool> write(const Response& response, ResponseFraming framing);
  Awaitable<bool> write_bytes(std::string_view head, std::string_view body);
  Awaitable<void> linger();
  Refusal refusal_of(const boost::system::error_code& error);
  Refusal check_head(const Parser& parser);
  bool take_head(const Parser& parser, Request& request) const;
  bool account_body(std::size_t size);
  void release_body();
  void set_deadline(std::chrono::milliseconds from_now, OnDeadline action);
  void clear_deadline();
  void close();

  Socket socket_;
  ServerContext& context_;
  const Admission admission_;
  boost::asio::steady_timer deadline_;
  boost::beast::flat_buffer received_;
  std::string peer_;
  std::size_t accounted_bytes_ = 0;
  bool is_idle_ = false;
  bool has_timed_out_ = false;
};

}  // namespace segue::server
