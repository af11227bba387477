#include "segue/server/http/http_server.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <unordered_set>
#include <vector>

#include "connection.h"
#include "server_context.h"

namespace segue::server {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

// Over the limit, so many more are told so at one time; the rest is closed without a word.
constexpr std::size_t max_refusals_at_once = 64;
constexpr std::chrono::milliseconds accept_pause = std::chrono::milliseconds(100);

Result<void> check(const HttpServerOptions& options) {
  const auto in_range = [](auto value, auto low, auto high) { return value >= low && value <= high; };
  const auto refuse = [](std::string_view what) {
    return Error{Errc::InvalidArgument, "http server: " + std::string(what)};
  };
  using std::chrono::milliseconds;
  if (!in_range(options.io_threads, 1U, 16U)) return refuse("io_threads must be 1 to 16");
  if (!in_range(options.worker_threads, 1U, 1024U)) return refuse("worker_threads must be 1 to 1024");
  if (options.max_connections == 0) return refuse("max_connections must be at least 1");
  if (!in_range(options.max_header_bytes, std::size_t{256}, std::size_t{1} << 20)) {
    return refuse("max_header_bytes must be 256 to 1 MiB");
  }
  if (options.max_buffered_bytes < options.max_body_bytes) {
    return refuse("max_buffered_bytes is less than one body may have");
  }
  for (const milliseconds timeout : {options.idle_timeout, options.read_timeout, options.write_timeout}) {
    if (!in_range(timeout, milliseconds(1), std::chrono::hours(24))) return refuse("timeouts must be 1 ms to 24 h");
  }
  if (!in_range(options.stop_timeout, milliseconds(0), std::chrono::hours(24))) {
    return refuse("stop_timeout must be 0 to 24 h");
  }
  return {};
}

Error listen_error(const HttpServerOptions& options, const error_code& error) {
  const bool is_taken = error == asio::error::address_in_use;
  return {is_taken ? Errc::FailedPrecondition : Errc::IoError,
          "listen on " + options.address + " port " + std::to_string(options.port) + ": " + error.message()};
}

}  // namespace

class HttpServer::Impl {
 public:
  Impl(HttpServerOptions options, Handler handler)
      : context_(std::move(options), std::move(handler)), acceptor_(asio::make_strand(io_)) {}
  ~Impl() { stop(); }

  Result<void> listen();
  std::uint16_t port() const noexcept { return port_; }
  HttpServerStats stats() const noexcept;
  void stop();

 private:
  asio::awaitable<void> accept_connections();
  void admit(tcp::socket socket);
  void end(const std::shared_ptr<Connection>& connection);
  void for_each_connection(void (Connection::*act)());

  ServerContext context_;
  asio::io_context io_;
  asio::executor_work_guard<asio::io_context::executor_type> work_ = asio::make_work_guard(io_);
  tcp::acceptor acceptor_;
  std::uint16_t port_ = 0;
  std::vector<std::thread> io_threads_;
  std::once_flag stopped_;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool is_accepting_ = false;                                    // guarded by mutex_
  std::unordered_set<std::shared_ptr<Connection>> connections_;  // guarded by mutex_
};

Result<void> HttpServer::Impl::listen() {
  const HttpServerOptions& options = context_.options;
  error_code error;
  const auto address = asio::ip::make_address(options.address, error);
  if (error) return Error{Errc::InvalidArgument, "http server: '" + options.address + "' is not a numeric address"};
  const tcp::endpoint endpoint(address, options.port);
  acceptor_.open(endpoint.protocol(), error);
  if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor_.bind(endpoint, error);
  if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
  if (error) return listen_error(options, error);
  port_ = acceptor_.local_endpoint().port();

  is_accepting_ = true;
  asio::co_spawn(acceptor_.get_executor(), accept_connections(), [this](const std::exception_ptr&) {
    const std::lock_guard lock(mutex_);
    is_accepting_ = false;
    changed_.notify_all();
  });
  for (unsigned i = 0; i < options.io_threads; ++i) io_threads_.emplace_back([this] { io_.run(); });
  return {};
}

asio::awaitable<void> HttpServer::Impl::accept_connections() {
  constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
  asio::steady_timer pause(acceptor_.get_executor());
  while (acceptor_.is_open()) {
    auto [error, socket] = co_await acceptor_.async_accept(asio::make_strand(io_), as_result);
    if (!error) {
      admit(std::move(socket));
    } else if (acceptor_.is_open()) {  // e.g. out of file descriptors: connections that end free some
      pause.expires_after(accept_pause);
      co_await pause.async_wait(as_result);
    }
  }
}

void HttpServer::Impl::admit(tcp::socket socket) {
  error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  std::shared_ptr<Connection> connection;
  {
    const std::lock_guard lock(mutex_);
    const bool is_served = connections_.size() < context_.options.max_connections;
    auto& counters = context_.counters;
    (is_served ? counters.connections : counters.refused_connections).fetch_add(1, std::memory_order_relaxed);
    if (connections_.size() >= context_.options.max_connections + max_refusals_at_once) return;
    const Admission admission = is_served ? Admission::Served : Admission::Refused;
    connection = std::make_shared<Connection>(std::move(socket), context_, admission);
    connections_.insert(connection);
  }
  connection->start([this, connection] { end(connection); });  // may end at once, and that takes the lock
}

void HttpServer::Impl::end(const std::shared_ptr<Connection>& connection) {
  const std::lock_guard lock(mutex_);
  connections_.erase(connection);
  changed_.notify_all();
}

void HttpServer::Impl::for_each_connection(void (Connection::*act)()) {
  const std::lock_guard lock(mutex_);
  for (const auto& connection : connections_) (*connection.*act)();
}

void HttpServer::Impl::stop() {
  std::call_once(stopped_, [this] {
    context_.is_stopping = true;
    asio::post(acceptor_.get_executor(), [this] {
      error_code ignored;
      acceptor_.close(ignored);
    });
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !is_accepting_; });
    lock.unlock();
    for_each_connection(&Connection::finish);
    lock.lock();
    changed_.wait_for(lock, context_.options.stop_timeout, [this] { return connections_.empty(); });
    lock.unlock();
    for_each_connection(&Connection::cut);
    lock.lock();
    changed_.wait(lock, [this] { return connections_.empty(); });
    lock.unlock();
    context_.workers.join();
    work_.reset();
    for (std::thread& thread : io_threads_) thread.join();
  });
}

HttpServerStats HttpServer::Impl::stats() const noexcept {
  const ServerCounters& counters = context_.counters;
  HttpServerStats stats;
  {
    const std::lock_guard lock(mutex_);
    stats.open_connections = connections_.size();
  }
  stats.connections = counters.connections.load(std::memory_order_relaxed);
  stats.refused_connections = counters.refused_connections.load(std::memory_order_relaxed);
  stats.requests = counters.requests.load(std::memory_order_relaxed);
  stats.malformed_requests = counters.malformed_requests.load(std::memory_order_relaxed);
  stats.too_large_requests = counters.too_large_requests.load(std::memory_order_relaxed);
  stats.timed_out_requests = counters.timed_out_requests.load(std::memory_order_relaxed);
  stats.overload_refusals = counters.overload_refusals.load(std::memory_order_relaxed);
  stats.handler_failures = counters.handler_failures.load(std::memory_order_relaxed);
  return stats;
}

HttpServer::HttpServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
HttpServer::~HttpServer() = default;

Result<std::unique_ptr<HttpServer>> HttpServer::start(HttpServerOptions options, Handler handler) {
  if (Result<void> valid = check(options); !valid) return valid.error();
  auto impl = std::make_unique<Impl>(std::move(options), std::move(handler));
  if (Result<void> listening = impl->listen(); !listening) return listening.error();
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(impl)));
}

std::uint16_t HttpServer::port() const noexcept { return impl_->port(); }
HttpServerStats HttpServer::stats() const noexcept { return impl_->stats(); }
void HttpServer::stop() { impl_->stop(); }

}  // namespace segue::server
