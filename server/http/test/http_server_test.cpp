#include "segue/server/http/http_server.h"

#include <gtest/gtest.h>

#include <latch>
#include <thread>
#include <vector>

#include "raw_client.h"
#include "segue/server/http/http_client.h"

namespace segue::server {
namespace {

std::unique_ptr<HttpServer> serve(HttpServerOptions options, Handler handler) {
  auto server = HttpServer::start(std::move(options), std::move(handler));
  EXPECT_TRUE(server) << server.error().message;
  return std::move(*server);
}

std::string url_of(const HttpServer& server, std::string_view target) {
  return "http://127.0.0.1:" + std::to_string(server.port()) + std::string(target);
}

Response echo(const Request& request) {
  return {.content_type = "text/x-echo", .body = request.method + " " + request.path + " " + request.body};
}

Response ask(const HttpServer& server, std::string method, std::string body = {}) {
  auto answer = http_request({.method = std::move(method), .url = url_of(server, "/a"), .body = std::move(body)});
  EXPECT_TRUE(answer) << answer.error().message;
  return std::move(*answer);
}

TEST(HttpServer, AnswersWithWhatTheHandlerReturns) {
  const auto server = serve({}, [](const Request& request) {
    EXPECT_EQ(request.query.find("b"), "c d");
    EXPECT_EQ(request.headers.find("x-token"), "t");
    EXPECT_TRUE(request.peer.starts_with("127.0.0.1:")) << request.peer;
    return Response{
        .status = 418, .content_type = "text/x-tea", .body = request.body, .headers = {{"X-Pot", "small\r\nX-Bad: 1"}}};
  });
  const auto answer = http_request({.method = "PUT",
                                    .url = url_of(*server, "/a?b=c%20d"),
                                    .headers = {{"X-Token", "t"}},
                                    .body = std::string("a\0b", 3)});
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->status, 418U);
  EXPECT_EQ(answer->content_type, "text/x-tea");
  EXPECT_EQ(answer->body, std::string("a\0b", 3));
  EXPECT_EQ(answer->headers.find("X-Pot"), "small  X-Bad: 1");
  EXPECT_EQ(answer->headers.find("X-Bad"), std::nullopt);
  EXPECT_EQ(answer->headers.find("Date")->size(), 29U);
}

TEST(HttpServer, AnswersHeadLikeGetWithoutTheBody) {
  const auto server = serve({}, echo);
  RawClient client(server->port());
  client.send("HEAD /a HTTP/1.1\r\nHost: t\r\n\r\nGET /b HTTP/1.1\r\nHost: t\r\n\r\n");
  const Response head = client.read_response(false);
  EXPECT_EQ(head.headers.find("Content-Length"), "7");
  EXPECT_EQ(client.read_response().body, "GET /b ");
}

TEST(HttpServer, AnswersOptionsForTheWholeServerItself) {
  const auto server = serve({}, echo);
  RawClient client(server->port());
  client.send(
      "OPTIONS * HTTP/1.1\r\nHost: t\r\n\r\nOPTIONS /b HTTP/1.1\r\nHost: t\r\n\r\nGET * HTTP/1.1\r\nHost: t\r\n\r\n");
  EXPECT_EQ(client.read_response().status, 204U);
  EXPECT_EQ(client.read_response().body, "OPTIONS /b ");
  EXPECT_EQ(client.read_response().status, 400U);
}

TEST(HttpServer, KeepsTheConnectionUnlessTheClientWantsItClosed) {
  const auto server = serve({}, echo);
  RawClient client(server->port());
  client.send("GET /1 HTTP/1.1\r\nHost: t\r\n\r\n");
  EXPECT_EQ(client.read_response().headers.find("Connection"), std::nullopt);
  client.send("GET /2 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_EQ(client.read_response().headers.find("Connection"), "keep-alive");
  client.send("GET /3 HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(client.read_response().headers.find("Connection"), "close");
  EXPECT_EQ(client.read_to_end(), "");
}

TEST(HttpServer, AnswersPipelinedRequestsInOrder) {
  const auto server = serve({}, echo);
  RawClient client(server->port());
  client.send(
      "GET /1 HTTP/1.1\r\nHost: t\r\n\r\nPOST /2 HTTP/1.1\r\nHost: t\r\nContent-Length: 3\r\n\r\nabc"
      "POST /3 HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nde\r\n1\r\nf\r\n0\r\n\r\n"
      "GET /4 HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\nGET /never HTTP/1.1\r\nHost: t\r\n\r\n");
  EXPECT_EQ(client.read_response().body, "GET /1 ");
  EXPECT_EQ(client.read_response().body, "POST /2 abc");
  EXPECT_EQ(client.read_response().body, "POST /3 def");
  EXPECT_EQ(client.read_response().body, "GET /4 ");
  EXPECT_EQ(client.read_to_end(), "");
}

TEST(HttpServer, AsksForABodyThatTheClientAnnounces) {
  const auto server = serve({}, echo);
  RawClient client(server->port());
  client.send("POST /a HTTP/1.1\r\nHost: t\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.read_response().status, 100U);
  client.send("abc");
  EXPECT_EQ(client.read_response().body, "POST /a abc");
}

TEST(HttpServer, ServesManyClientsAtOnce) {
  const auto server = serve({.io_threads = 2, .worker_threads = 4}, echo);
  std::vector<std::jthread> clients;
  for (int number = 0; number < 8; ++number) {
    clients.emplace_back([&server, number] {
      RawClient client(server->port());
      for (int i = 0; i < 50; ++i) {
        const std::string path = "/" + std::to_string(number) + "/" + std::to_string(i);
        client.send("GET " + path + " HTTP/1.1\r\nHost: t\r\n\r\n");
        EXPECT_EQ(client.read_response().body, "GET " + path + " ");
      }
    });
  }
  clients.clear();
  EXPECT_EQ(server->stats().requests, 400U);
  EXPECT_EQ(server->stats().connections, 8U);
}

TEST(HttpServer, TurnsWhatAHandlerThrowsIntoAnAnswer) {
  const auto server = serve({}, [](const Request& request) -> Response {
    if (request.method == "POST") throw 1;
    throw std::runtime_error("no such luck");
  });
  EXPECT_EQ(ask(*server, "GET").status, 500U);
  EXPECT_EQ(ask(*server, "POST", "x").status, 500U);
  EXPECT_EQ(server->stats().handler_failures, 2U);
}

TEST(HttpServer, DressesItsOwnAnswersAsItIsTold) {
  const auto server = serve({.max_body_bytes = 2,
                             .error_responder =
                                 [](const Request& head, unsigned status, std::string_view) {
                                   return Response{.status = status, .content_type = "text/x-own", .body = head.path};
                                 }},
                            echo);
  const Response answer = ask(*server, "POST", "abc");
  EXPECT_EQ(answer.status, 413U);
  EXPECT_EQ(answer.content_type, "text/x-own");
  EXPECT_EQ(answer.body, "/a");
}

TEST(HttpServer, ListensOnTheAddressItIsGiven) {
  const auto server = serve({.address = "127.0.0.2"}, echo);
  EXPECT_TRUE(http_request({.url = "http://127.0.0.2:" + std::to_string(server->port())}));
  EXPECT_FALSE(http_request({.url = url_of(*server, "/")}));
}

TEST(HttpServer, SaysWhyItCannotListen) {
  const auto server = serve({}, echo);
  EXPECT_EQ(HttpServer::start({.port = server->port()}, echo).error().code, Errc::FailedPrecondition);
  EXPECT_EQ(HttpServer::start({.address = "not an address"}, echo).error().code, Errc::InvalidArgument);
  EXPECT_EQ(HttpServer::start({.address = "203.0.113.1"}, echo).error().code, Errc::IoError);
}

TEST(HttpServer, RefusesOptionsOutOfRange) {
  using std::chrono::milliseconds;
  const auto refuses = [](const HttpServerOptions& options) {
    const auto server = HttpServer::start(options, echo);
    return !server && server.error().code == Errc::InvalidArgument;
  };
  EXPECT_TRUE(refuses({.io_threads = 0}));
  EXPECT_TRUE(refuses({.worker_threads = 0}));
  EXPECT_TRUE(refuses({.max_connections = 0}));
  EXPECT_TRUE(refuses({.max_header_bytes = 1}));
  EXPECT_TRUE(refuses({.max_body_bytes = 2, .max_buffered_bytes = 1}));
  EXPECT_TRUE(refuses({.idle_timeout = milliseconds(0)}));
  EXPECT_TRUE(refuses({.read_timeout = milliseconds(0)}));
  EXPECT_TRUE(refuses({.write_timeout = milliseconds(0)}));
  EXPECT_TRUE(refuses({.stop_timeout = milliseconds(-1)}));
}

TEST(HttpClient, TellsWhyThereIsNoAnswer) {
  std::latch release(1);
  std::uint16_t port = 0;
  {
    const auto server = serve({}, [&](const Request& request) {
      if (request.path == "/slow") release.wait();
      return Response{.body = "12345"};
    });
    port = server->port();
    const auto late = http_request({.url = url_of(*server, "/slow"), .timeout = std::chrono::milliseconds(50)});
    EXPECT_EQ(late.error().code, Errc::DeadlineExceeded);
    release.count_down();
    EXPECT_EQ(http_request({.url = url_of(*server, "/"), .max_response_bytes = 4}).error().code, Errc::LimitExceeded);
    EXPECT_TRUE(http_request({.url = url_of(*server, "/"), .max_response_bytes = 5}));
  }
  const auto nobody = http_request({.url = "http://127.0.0.1:" + std::to_string(port) + "/"});
  EXPECT_EQ(nobody.error().code, Errc::Unavailable);
  EXPECT_EQ(http_request({.url = "http://"}).error().code, Errc::InvalidArgument);
  EXPECT_EQ(http_request({.url = "file:///etc/passwd"}).error().code, Errc::InvalidArgument);
}

}  // namespace
}  // namespace segue::server
