#include "web/http_server.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <optional>
#include <thread>
#include <unordered_set>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

#include "text/log.h"
#include "web/json_answers.h"

namespace jorge {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;
using Tcp = asio::ip::tcp;

constexpr std::uint32_t max_head_bytes = 16 * 1024;
constexpr std::size_t usual_headers = 16;

struct Peer {
  std::string address;
  std::uint16_t port = 0;
};

Peer peer_of(const Tcp::socket& socket) {
  error_code failure;
  const Tcp::endpoint endpoint = socket.remote_endpoint(failure);
  return failure ? Peer{} : Peer{endpoint.address().to_string(), endpoint.port()};
}

HttpRequest to_request(const http::request<http::string_body>& message, std::chrono::system_clock::time_point received,
                       const Peer& peer) {
  HttpRequest request;
  request.method = message.method_string();
  request.target = message.target();
  request.headers.reserve(usual_headers);
  for (const auto& field : message) request.headers.emplace_back(field.name_string(), field.value());
  request.body = message.body();
  request.received = received;
  request.peer_address = peer.address;
  request.peer_port = peer.port;
  request.http_minor_version = static_cast<int>(message.version() % 10);
  return request;
}

HttpResponse handle_safely(const HttpHandler& handler, const HttpRequest& request) {
  try {
    return handler(request);
  } catch (const std::exception& failure) {
    log_warning(std::string("request failed: ") + failure.what());
    return error_answer(500, "internal", "the request could not be handled");
  }
}

http::response<http::string_body> to_message(HttpResponse&& response, int minor_version, bool keep_alive) {
  http::response<http::string_body> message(static_cast<http::status>(response.status),
                                            10U + static_cast<unsigned>(minor_version));
  message.set(http::field::server, "jorge");
  message.set(http::field::content_type, response.content_type);
  message.keep_alive(keep_alive);
  message.body() = std::move(response.body);
  message.prepare_payload();
  return message;
}

/// What to answer when a request could not even be read; nothing if the peer is simply gone.
std::optional<HttpResponse> answer_to_unreadable(const error_code& failure) {
  if (failure == http::error::body_limit) return error_answer(413, "invalid_argument", "the body is too large");
  if (failure == http::error::header_limit) return error_answer(431, "invalid_argument", "the headers are too large");
  if (failure.category() == make_error_code(http::error::bad_method).category() &&
      failure != http::error::end_of_stream && failure != http::error::partial_message) {
    return error_answer(400, "invalid_argument", "this is not an HTTP request: " + failure.message());
  }
  return std::nullopt;
}

}  // namespace

class HttpServer::Implementation : public std::enable_shared_from_this<Implementation> {
 public:
  Implementation(HttpServerOptions options, HttpHandler handler)
      : options_(std::move(options)),
        handler_(std::move(handler)),
        context_(static_cast<int>(options_.worker_threads)),
        acceptor_(asio::make_strand(context_)) {}

  segue::Result<void> start() {
    if (auto opened = open_acceptor(); !opened) return opened;
    asio::co_spawn(acceptor_.get_executor(), accept_connections(), asio::detached);
    for (unsigned i = 0; i < options_.worker_threads; ++i) {
      workers_.emplace_back([this] { context_.run(); });
    }
    return {};
  }

  std::uint16_t port() const noexcept { return port_; }

  void stop() {
    if (stopping_.exchange(true)) return;
    asio::post(acceptor_.get_executor(), [this] {
      error_code ignored;
      acceptor_.close(ignored);
    });
    {
      const std::lock_guard lock(mutex_);
      for (Connection* connection : connections_) {
        asio::post(connection->stream.get_executor(), [connection = connection->shared_from_this()] {
          if (connection->is_idle) connection->stream.cancel();
        });
      }
    }
    for (std::thread& worker : workers_) worker.join();
  }

 private:
  struct Connection : std::enable_shared_from_this<Connection> {
    explicit Connection(Tcp::socket socket) : peer(peer_of(socket)), stream(std::move(socket)) {}
    const Peer peer;
    beast::tcp_stream stream;
    beast::flat_buffer buffer;
    bool is_idle = true;  // waiting for a request: `stop` need not wait for it
  };

  segue::Result<void> open_acceptor() {
    error_code failure;
    const auto address = asio::ip::make_address(options_.address, failure);
    const Tcp::endpoint endpoint(address, options_.port);
    if (!failure) acceptor_.open(endpoint.protocol(), failure);
    if (!failure) acceptor_.set_option(asio::socket_base::reuse_address(true), failure);
    if (!failure) acceptor_.bind(endpoint, failure);
    if (!failure) acceptor_.listen(asio::socket_base::max_listen_connections, failure);
    if (failure) {
      return segue::Error{segue::Errc::IoError, "listen on " + options_.address + ":" + std::to_string(options_.port) +
                                                    ": " + failure.message()};
    }
    port_ = acceptor_.local_endpoint().port();
    return {};
  }

  asio::awaitable<void> accept_connections() {
    while (!stopping_) {
      error_code failure;
      Tcp::socket socket = co_await acceptor_.async_accept(asio::make_strand(context_),
                                                           asio::redirect_error(asio::use_awaitable, failure));
      if (failure == asio::error::operation_aborted) co_return;
      if (failure) continue;  // this one connection is lost, e.g. reset before it was accepted
      auto connection = std::make_shared<Connection>(std::move(socket));
      const auto executor = connection->stream.get_executor();
      asio::co_spawn(executor, serve(std::move(connection)), asio::detached);
    }
  }

  asio::awaitable<void> serve(std::shared_ptr<Connection> connection) {
    const bool admitted = enter(*connection);
    try {
      if (admitted) {
        while (!stopping_ && co_await serve_request(*connection)) {
        }
      } else {
        co_await send(*connection, error_answer(503, "unavailable", "too many connections"), 1, false);
      }
    } catch (const std::exception& failure) {
      log_warning(std::string("connection dropped: ") + failure.what());
    }
    leave(*connection);
    error_code ignored;
    connection->stream.socket().shutdown(Tcp::socket::shutdown_both, ignored);
  }

  /// Reads and answers one request; false when the connection is done with.
  asio::awaitable<bool> serve_request(Connection& connection) {
    http::request_parser<http::string_body> parser;
    parser.body_limit(options_.max_body_bytes);
    parser.header_limit(max_head_bytes);
    error_code failure;
    connection.is_idle = true;
    connection.stream.expires_after(options_.idle_timeout);
    co_await http::async_read_header(connection.stream, connection.buffer, parser,
                                     asio::redirect_error(asio::use_awaitable, failure));
    connection.is_idle = false;
    const auto received = std::chrono::system_clock::now();
    if (!failure) {
      co_await http::async_read(connection.stream, connection.buffer, parser,
                                asio::redirect_error(asio::use_awaitable, failure));
    }
    if (failure) {
      if (auto answer = answer_to_unreadable(failure)) co_await send(connection, std::move(*answer), 1, false);
      co_return false;
    }
    const bool keep_alive = parser.get().keep_alive() && !stopping_;
    const HttpRequest request = to_request(parser.get(), received, connection.peer);
    co_await send(connection, handle_safely(handler_, request), request.http_minor_version, keep_alive);
    co_return keep_alive;
  }

  asio::awaitable<void> send(Connection& connection, HttpResponse response, int minor_version, bool keep_alive) {
    const auto message = to_message(std::move(response), minor_version, keep_alive);
    connection.stream.expires_after(options_.idle_timeout);
    co_await http::async_write(connection.stream, message, asio::use_awaitable);
  }

  bool enter(Connection& connection) {
    const std::lock_guard lock(mutex_);
    if (connections_.size() >= options_.max_connections) return false;
    connections_.insert(&connection);
    return true;
  }

  void leave(Connection& connection) {
    const std::lock_guard lock(mutex_);
    connections_.erase(&connection);
  }

  HttpServerOptions options_;
  HttpHandler handler_;
  asio::io_context context_;
  Tcp::acceptor acceptor_;
  std::uint16_t port_ = 0;
  std::atomic<bool> stopping_ = false;
  std::mutex mutex_;
  std::unordered_set<Connection*> connections_;
  std::vector<std::thread> workers_;
};

std::string_view HttpRequest::path() const noexcept { return target.substr(0, target.find('?')); }

std::string_view HttpRequest::header(std::string_view name) const noexcept {
  const auto found = std::find_if(headers.begin(), headers.end(),
                                  [name](const auto& field) { return beast::iequals(field.first, name); });
  return found == headers.end() ? std::string_view() : found->second;
}

HttpServer::HttpServer(std::shared_ptr<Implementation> implementation) : implementation_(std::move(implementation)) {}

HttpServer::~HttpServer() { stop(); }

segue::Result<std::unique_ptr<HttpServer>> HttpServer::listen(HttpServerOptions options, HttpHandler handler) {
  if (options.worker_threads == 0) {
    return segue::Error{segue::Errc::InvalidArgument, "worker_threads must be at least 1"};
  }
  auto implementation = std::make_shared<Implementation>(std::move(options), std::move(handler));
  if (auto started = implementation->start(); !started) return started.error();
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(implementation)));
}

std::uint16_t HttpServer::port() const noexcept { return implementation_->port(); }

void HttpServer::stop() { implementation_->stop(); }

}  // namespace jorge
