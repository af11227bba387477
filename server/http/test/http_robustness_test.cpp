#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <semaphore>
#include <thread>

#include "raw_client.h"
#include "segue/server/http/http_server.h"

namespace segue::server {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view good_request = "GET / HTTP/1.1\r\nHost: t\r\n\r\n";

std::unique_ptr<HttpServer> serve(HttpServerOptions options, Handler handler) {
  auto server = HttpServer::start(std::move(options), std::move(handler));
  EXPECT_TRUE(server) << server.error().message;
  return std::move(*server);
}

Response echo_body(const Request& request) { return {.body = request.body}; }

std::string post(std::string_view body) {
  return "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         std::string(body);
}

unsigned status_of(const HttpServer& server, std::string_view bytes) {
  RawClient client(server.port());
  client.send(bytes);
  return client.read_response().status;
}

/// A handler that blocks until it is let go, and tells when it has begun.
class Gate {
 public:
  Response pass(const Request& request) {
    entered_.release();
    open_.wait();
    return {.body = "passed " + request.body};
  }
  Handler handler() {
    return [this](const Request& request) { return pass(request); };
  }
  void wait_for_entry() { entered_.acquire(); }
  void open() { open_.count_down(); }

 private:
  std::counting_semaphore<> entered_{0};
  std::latch open_{1};
};

TEST(HttpRobustness, AnswersWhatIsNotHttpAndClosesTheConnection) {
  const auto server = serve({.read_timeout = milliseconds(500)}, echo_body);
  const std::pair<std::string_view, unsigned> inputs[] = {
      {"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400},  // TLS
      {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},                      // HTTP/2
      {"GET / HTTP/1.1\r\nHost t\r\n\r\n", 400},                      // no colon
      {"GET /%zz HTTP/1.1\r\nHost: t\r\n\r\n", 400},                  // target
      {"GET / HTTP/1.1\r\n\r\n", 400},                                // no Host
      {"GET / HTTP/1.1\r\nHost: t\r\nHost: u\r\n\r\n", 400},          // two
      {"POST / HTTP/1.1\r\nHost: t\r\nContent-Length: -1\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: gzip\r\n\r\n", 501},
      {"POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501},
      {"POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400},
  };
  for (const auto& [bytes, status] : inputs) {
    RawClient client(server->port());
    client.send(bytes);
    EXPECT_EQ(client.read_response().status, status) << bytes;
    EXPECT_EQ(client.read_to_end(), "") << bytes;
    EXPECT_EQ(status_of(*server, good_request), 200U) << "after " << bytes;
  }
  EXPECT_EQ(server->stats().malformed_requests, std::size(inputs));
}

TEST(HttpRobustness, TakesARequestThatArrivesByteByByte) {
  const auto server = serve({}, echo_body);
  RawClient client(server->port());
  for (const char byte : post("abc")) client.send({&byte, 1});
  EXPECT_EQ(client.read_response().body, "abc");
}

TEST(HttpRobustness, GivesUpOnARequestThatNeverEnds) {
  const auto server = serve({.read_timeout = milliseconds(30)}, echo_body);
  for (const std::string_view half :
       {"G", "GET / HTTP/1.1\r\nHost:", "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 9\r\n\r\nabc"}) {
    EXPECT_EQ(status_of(*server, half), 408U) << half;
  }
  EXPECT_EQ(server->stats().timed_out_requests, 3U);
}

TEST(HttpRobustness, SurvivesClientsThatHangUpInMidRequest) {
  const auto server = serve({}, echo_body);
  for (int i = 0; i < 20; ++i)
    RawClient(server->port()).send("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 9\r\n\r\nabc");
  EXPECT_EQ(status_of(*server, good_request), 200U);
}

TEST(HttpRobustness, ClosesConnectionsWithoutARequest) {
  const auto server = serve({.idle_timeout = milliseconds(30)}, echo_body);
  RawClient fresh(server->port());
  EXPECT_EQ(fresh.read_to_end(), "");
  RawClient used(server->port());
  used.send(good_request);
  EXPECT_EQ(used.read_response().status, 200U);
  EXPECT_EQ(used.read_to_end(), "");
}

TEST(HttpRobustness, GivesUpOnClientsThatDoNotTakeTheAnswer) {
  const std::string large(std::size_t{32} << 20, 'x');
  const auto server =
      serve({.write_timeout = milliseconds(50)}, [&](const Request&) { return Response{.body = large}; });
  RawClient client(server->port());
  client.send(good_request);
  while (server->stats().requests == 0 || server->stats().open_connections > 0) std::this_thread::yield();
  EXPECT_LT(client.read_to_end().size(), large.size());
}

TEST(HttpRobustness, RefusesAHeaderOverTheLimit) {
  const auto server = serve({.max_header_bytes = 1024}, echo_body);
  const auto padded = [](std::size_t size) {
    return "GET / HTTP/1.1\r\nHost: t\r\nX: " + std::string(size, 'x') + "\r\n\r\n";
  };
  EXPECT_EQ(status_of(*server, padded(900)), 200U);
  EXPECT_EQ(status_of(*server, padded(5000)), 431U);
  EXPECT_EQ(status_of(*server, std::string(100'000, 'a')), 431U);
  EXPECT_EQ(status_of(*server, "GET /" + std::string(100'000, 'a')), 431U);
  EXPECT_EQ(server->stats().too_large_requests, 3U);
}

TEST(HttpRobustness, RefusesABodyOverTheLimitBeforeReadingIt) {
  const auto server = serve({.max_body_bytes = 10}, echo_body);
  EXPECT_EQ(status_of(*server, post("0123456789")), 200U);
  EXPECT_EQ(status_of(*server, "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 11\r\n\r\n"), 413U);
  EXPECT_EQ(status_of(*server, "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 11\r\nExpect: 100-continue\r\n\r\n"),
            413U);
  EXPECT_EQ(status_of(*server, "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 18446744073709551615\r\n\r\n"), 413U);
}

TEST(HttpRobustness, RefusesAChunkedBodyAsSoonAsItIsOverTheLimit) {
  const auto server = serve({.max_body_bytes = 10}, echo_body);
  const std::string head = "POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(status_of(*server, head + "5\r\n01234\r\n5\r\n56789\r\n0\r\n\r\n"), 200U);
  EXPECT_EQ(status_of(*server, head + "5\r\n01234\r\n6\r\n56789a"), 413U);
  EXPECT_EQ(status_of(*server, head + "ffffffffffffffff\r\n"), 413U);
}

TEST(HttpRobustness, DeliversTheRefusalToAClientThatKeepsSending) {
  const auto server = serve({.max_body_bytes = 10}, echo_body);
  RawClient client(server->port());
  client.send("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 8000000\r\n\r\n");
  client.send(std::string(8'000'000, 'x'));
  EXPECT_EQ(client.read_response().status, 413U);
}

TEST(HttpRobustness, RefusesConnectionsOverTheLimitAndServesAgainLater) {
  const auto server = serve({.max_connections = 3}, echo_body);
  RawClient clients[] = {RawClient(server->port()), RawClient(server->port()), RawClient(server->port())};
  for (RawClient& client : clients) {
    client.send(good_request);
    EXPECT_EQ(client.read_response().status, 200U);
  }
  RawClient refused(server->port());
  const Response answer = refused.read_response();
  EXPECT_EQ(answer.status, 503U);
  EXPECT_EQ(answer.headers.find("Retry-After"), "5");
  refused.close();
  clients[0].close();
  while (status_of(*server, good_request) != 200U) std::this_thread::yield();
  EXPECT_GE(server->stats().refused_connections, 1U);
}

TEST(HttpRobustness, RefusesRequestsThatFindTheQueueFull) {
  Gate gate;
  const auto server =
      serve({.worker_threads = 1, .max_queued_requests = 1, .retry_after = std::chrono::seconds(7)}, gate.handler());
  RawClient running(server->port());
  running.send(post("running"));
  gate.wait_for_entry();
  RawClient one(server->port());
  RawClient other(server->port());
  one.send(post("queued"));
  other.send(post("queued"));
  RawClient& refused = first_readable(one, other);
  const Response answer = refused.read_response();
  EXPECT_EQ(answer.status, 503U);
  EXPECT_EQ(answer.headers.find("Retry-After"), "7");
  gate.open();
  EXPECT_EQ(running.read_response().body, "passed running");
  RawClient& queued = &refused == &one ? other : one;
  EXPECT_EQ(queued.read_response().body, "passed queued");
  refused.send(post("again"));  // the connection was kept
  EXPECT_EQ(refused.read_response().body, "passed again");
  EXPECT_EQ(server->stats().overload_refusals, 1U);
}

TEST(HttpRobustness, RefusesBodiesThatDoNotFitIntoMemory) {
  Gate gate;
  const auto server = serve({.max_body_bytes = 60, .max_buffered_bytes = 100}, gate.handler());
  RawClient holder(server->port());
  holder.send(post(std::string(60, 'h')));
  gate.wait_for_entry();
  EXPECT_EQ(status_of(*server, post(std::string(41, 'x'))), 503U);
  gate.open();
  EXPECT_EQ(status_of(*server, post(std::string(40, 'x'))), 200U);
  EXPECT_EQ(holder.read_response().status, 200U);
  EXPECT_EQ(status_of(*server, post(std::string(60, 'x'))), 200U);
}

TEST(HttpRobustness, AnswersWhatHasBegunBeforeItStops) {
  Gate gate;
  const auto server = serve({}, gate.handler());
  RawClient idle(server->port());
  RawClient busy(server->port());
  busy.send(post("busy"));
  gate.wait_for_entry();
  std::jthread stopper([&] { server->stop(); });
  EXPECT_EQ(idle.read_to_end(), "");  // the stop has begun
  gate.open();
  const Response answer = busy.read_response();
  EXPECT_EQ(answer.body, "passed busy");
  EXPECT_EQ(answer.headers.find("Connection"), "close");
  EXPECT_EQ(busy.read_to_end(), "");
}

TEST(HttpRobustness, CutsWhatDoesNotEndInTimeWhenItStops) {
  Gate gate;
  const auto server = serve({.stop_timeout = milliseconds(20)}, gate.handler());
  RawClient half(server->port());
  half.send("POST / HTTP/1.1\r\nHost: t\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n");
  EXPECT_EQ(half.read_response().status, 100U);
  RawClient busy(server->port());
  busy.send(post("busy"));
  gate.wait_for_entry();
  std::jthread stopper([&] { server->stop(); });
  EXPECT_EQ(half.read_to_end(), "");
  EXPECT_EQ(busy.read_to_end(), "");
  gate.open();  // only now can stop() return
}

TEST(HttpRobustness, StopsTwiceAndWithoutClients) {
  const auto server = serve({}, echo_body);
  server->stop();
  server->stop();
  EXPECT_EQ(server->stats().open_connections, 0U);
}

}  // namespace
}  // namespace segue::server
