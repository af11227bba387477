#include "connection.h"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/field.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <exception>

#include "segue/base/log.h"

namespace segue::server {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;

constexpr std::size_t read_chunk_bytes = std::size_t{16} << 10;
constexpr std::chrono::milliseconds linger_timeout = std::chrono::seconds(2);
// Answers with the error code instead of throwing it: a connection that breaks is nothing exceptional.
constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

void count(std::atomic<std::uint64_t>& counter) { counter.fetch_add(1, std::memory_order_relaxed); }

std::string_view as_view(boost::beast::string_view text) { return {text.data(), text.size()}; }

std::string describe(const Connection::Socket& socket) {
  error_code error;
  const auto peer = socket.remote_endpoint(error);
  if (error) return "unknown";
  const std::string address = peer.address().to_string();
  return (peer.address().is_v6() ? "[" + address + "]" : address) + ":" + std::to_string(peer.port());
}

asio::awaitable<Response> call_handler(ServerContext& context, const Request& request) {
  co_return context.call_handler(request);
}

}  // namespace

struct Connection::Parser : http::request_parser<http::string_body> {};

Connection::Connection(Socket socket, ServerContext& context, Admission admission)
    : socket_(std::move(socket)),
      context_(context),
      admission_(admission),
      deadline_(socket_.get_executor()),
      peer_(describe(socket_)) {}

void Connection::start(std::function<void()> ended) {
  const auto self = shared_from_this();
  asio::co_spawn(
      socket_.get_executor(), [self] { return self->serve(); },
      [self, ended = std::move(ended)](const std::exception_ptr& failure) {
        if (failure) log(LogLevel::Error, "http: connection of " + self->peer_ + " given up: out of memory?");
        self->release_body();
        self->clear_deadline();
        self->close();
        ended();
      });
}

void Connection::finish() {
  asio::post(socket_.get_executor(), [self = shared_from_this()] {
    error_code ignored;
    if (self->is_idle_) self->socket_.cancel(ignored);
  });
}

void Connection::cut() {
  asio::post(socket_.get_executor(), [self = shared_from_this()] { self->close(); });
}

Connection::Awaitable<void> Connection::serve() {
  Next next = Next::Read;
  if (admission_ == Admission::Refused) {
    const Request nothing_read;
    next = co_await refuse(nothing_read, {503, "too many connections"});
  }
  while (next == Next::Read) next = co_await serve_request();
  if (next == Next::Linger) co_await linger();
}

Connection::Awaitable<Connection::Next> Connection::serve_request() {
  if (!co_await wait_for_request()) co_return Next::Close;
  Parser parser;
  parser.eager(true);
  parser.header_limit(static_cast<std::uint32_t>(context_.options.max_header_bytes));
  parser.body_limit(context_.options.max_body_bytes);
  set_deadline(context_.options.read_timeout, OnDeadline::StopReading);
  const ReadResult read = co_await read_request(parser);
  clear_deadline();

  Request request;
  const bool is_well_formed = take_head(parser, request);
  if (!read.is_complete) {
    if (read.refusal.status == 0) co_return Next::Close;
    co_return co_await refuse(request, read.refusal);
  }
  if (!is_well_formed) {
    count(context_.counters.malformed_requests);
    co_return co_await refuse(request, {400, "the request target is malformed"});
  }
  ResponseFraming framing;
  framing.with_body = request.method != "HEAD";
  framing.http_version = parser.get().version();
  if (!framing.with_body) request.method = "GET";
  request.body = std::move(parser.get().body());
  const Response response = co_await run_on_worker(request);
  framing.keep_alive = parser.get().keep_alive() && !context_.is_stopping;
  const bool is_written = co_await write(response, framing);
  release_body();
  if (!is_written || context_.is_stopping) co_return Next::Close;
  co_return framing.keep_alive ? Next::Read : Next::Linger;
}

/// Waits, without a request having begun, for the first byte of one. False to close.
Connection::Awaitable<bool> Connection::wait_for_request() {
  if (received_.size() > 0) co_return true;
  is_idle_ = true;
  bool has_begun = false;
  if (!context_.is_stopping) {
    set_deadline(context_.options.idle_timeout, OnDeadline::StopReading);
    has_begun = co_await read_more();
  }
  is_idle_ = false;
  co_return has_begun;
}

Connection::Awaitable<Connection::ReadResult> Connection::read_request(Parser& parser) {
  bool is_head_checked = false;
  while (true) {
    error_code error;
    received_.consume(parser.put(received_.data(), error));
    if (error && error != http::error::need_more) co_return ReadResult{false, refusal_of(error)};
    if (parser.is_header_done() && !is_head_checked) {
      is_head_checked = true;
      const Refusal refusal = check_head(parser);
      if (refusal.status != 0) co_return ReadResult{false, refusal};
      const bool asks_first = boost::beast::iequals(parser.get()[http::field::expect], "100-continue");
      if (asks_first && !parser.is_done()) {
        const bool is_told = co_await write_bytes("HTTP/1.1 100 Continue\r\n\r\n", {});
        if (!is_told) co_return ReadResult{};
      }
    }
    if (!account_body(parser.get().body().size())) {
      count(context_.counters.overload_refusals);
      co_return ReadResult{false, {503, "too many request bodies in memory"}};
    }
    if (parser.is_done()) co_return ReadResult{true, {}};
    const bool has_more = co_await read_more();
    if (!has_more && !has_timed_out_) co_return ReadResult{};
    if (!has_more) {
      count(context_.counters.timed_out_requests);
      co_return ReadResult{false, {408, "the request took too long to arrive"}};
    }
  }
}

Connection::Awaitable<bool> Connection::read_more() {
  const auto [error, size] = co_await socket_.async_read_some(received_.prepare(read_chunk_bytes), as_result);
  received_.commit(size);
  co_return !error && !has_timed_out_;
}

Connection::Awaitable<Response> Connection::run_on_worker(const Request& request) {
  if (request.path == "*") co_return Response{.status = request.method == "OPTIONS" ? 204U : 400U};
  const HttpServerOptions& options = context_.options;
  const std::size_t capacity = options.worker_threads + options.max_queued_requests;
  Response response;
  if (context_.waiting_requests.fetch_add(1) < capacity) {
    response = co_await asio::co_spawn(context_.workers, call_handler(context_, request), asio::use_awaitable);
  } else {
    count(context_.counters.overload_refusals);
    response = context_.error_response(request, 503, "too many requests at once");
  }
  context_.waiting_requests.fetch_sub(1);
  co_return response;
}

Connection::Awaitable<Connection::Next> Connection::refuse(const Request& head, Refusal refusal) {
  release_body();
  ResponseFraming framing;
  framing.with_body = head.method != "HEAD";
  const Response response = context_.error_response(head, refusal.status, refusal.message);
  const bool is_written = co_await write(response, framing);
  co_return is_written ? Next::Linger : Next::Close;
}

Connection::Awaitable<bool> Connection::write(const Response& response, ResponseFraming framing) {
  set_deadline(context_.options.write_timeout, OnDeadline::Close);
  const std::string head = response_head(response, framing);
  const bool is_written = co_await write_bytes(head, framing.with_body ? std::string_view(response.body) : "");
  clear_deadline();
  co_return is_written;
}

Connection::Awaitable<bool> Connection::write_bytes(std::string_view head, std::string_view body) {
  const std::array<asio::const_buffer, 2> parts = {asio::buffer(head), asio::buffer(body)};
  const auto [error, size] = co_await asio::async_write(socket_, parts, as_result);
  co_return !error;
}

/// Closing while the client still sends would reset the connection, and the answer could be lost with it.
Connection::Awaitable<void> Connection::linger() {
  error_code ignored;
  socket_.shutdown(Socket::shutdown_send, ignored);
  set_deadline(linger_timeout, OnDeadline::Close);
  bool is_open = true;
  while (is_open) {
    received_.clear();
    is_open = co_await read_more();
  }
}

Connection::Refusal Connection::refusal_of(const error_code& error) {
  if (error == http::error::body_limit) {
    count(context_.counters.too_large_requests);
    return {413, "the request body is too large"};
  }
  if (error == http::error::header_limit) {
    count(context_.counters.too_large_requests);
    return {431, "the request header is too large"};
  }
  count(context_.counters.malformed_requests);
  if (error == http::error::bad_version) return {505, "only HTTP/1.1 is spoken here"};
  return {400, "the request is not well-formed HTTP"};
}

Connection::Refusal Connection::check_head(const Parser& parser) {
  const auto& head = parser.get();
  Refusal refusal;
  if (head.version() >= 11 && head.count(http::field::host) != 1) refusal = {400, "exactly one Host field is needed"};
  const auto coding = head.find(http::field::transfer_encoding);
  if (coding != head.end() && !boost::beast::iequals(coding->value(), "chunked")) {
    refusal = {501, "the only transfer coding known here is chunked"};
  }
  if (refusal.status != 0) count(context_.counters.malformed_requests);
  return refusal;
}

/// Fills everything but the body; false where the target is malformed.
bool Connection::take_head(const Parser& parser, Request& request) const {
  const auto& head = parser.get();
  request.method = as_view(head.method_string());
  request.peer = peer_;
  for (const auto& field : head) {
    request.headers.add(std::string(as_view(field.name_string())), std::string(as_view(field.value())));
  }
  return parse_target(as_view(head.target()), request);
}

/// Counts the body read so far against the memory of all; false when that is used up.
bool Connection::account_body(std::size_t size) {
  const std::size_t more = size - accounted_bytes_;
  accounted_bytes_ = size;
  return context_.buffered_bytes.fetch_add(more) + more <= context_.options.max_buffered_bytes;
}

void Connection::release_body() {
  context_.buffered_bytes.fetch_sub(accounted_bytes_);
  accounted_bytes_ = 0;
}

void Connection::set_deadline(std::chrono::milliseconds from_now, OnDeadline action) {
  has_timed_out_ = false;
  deadline_.expires_after(from_now);
  deadline_.async_wait([self = shared_from_this(), action](const error_code& error) {
    const bool was_moved = self->deadline_.expiry() > std::chrono::steady_clock::now();
    if (error || was_moved) return;
    self->has_timed_out_ = true;
    error_code ignored;
    if (action == OnDeadline::StopReading) self->socket_.cancel(ignored);
    if (action == OnDeadline::Close) self->close();
  });
}

void Connection::clear_deadline() {
  deadline_.expires_at(std::chrono::steady_clock::time_point::max());
  has_timed_out_ = false;
}

void Connection::close() {
  error_code ignored;
  socket_.close(ignored);
}

}  // namespace segue::server
