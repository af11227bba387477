// RawClient: a TCP connection on which tests say exactly what they want, byte for byte.
//
//   RawClient client(server.port());
//   client.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
//   EXPECT_EQ(client.read_response().status, 200U);
//
// Thread safety: one thread at a time. Errors: a connection that cannot be made fails the test;
// reading from one that is closed gives what there was.
#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "segue/server/http/message.h"

namespace segue::server {

class RawClient {
 public:
  explicit RawClient(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  }
  ~RawClient() { close(); }
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  /// False once the other side has closed.
  bool send(std::string_view text) {
    while (!text.empty()) {
      const ssize_t sent = ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      text.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  /// The next answer on the connection; status 0 if the connection ended instead.
  Response read_response(bool has_body = true) {
    Response response{.status = 0, .content_type = ""};
    std::size_t end = std::string::npos;
    while ((end = received_.find("\r\n\r\n")) == std::string::npos) {
      if (!receive()) return response;
    }
    parse_head(std::string_view(received_).substr(0, end + 2), response);
    received_.erase(0, end + 4);
    const std::size_t length = std::stoul(std::string(response.headers.find("Content-Length").value_or("0")));
    while (has_body && received_.size() < length && receive()) {
    }
    if (has_body) {
      response.body = received_.substr(0, length);
      received_.erase(0, length);
    }
    return response;
  }

  /// Everything until the other side closes.
  std::string read_to_end() {
    while (receive()) {
    }
    return std::move(received_);
  }

  int descriptor() const noexcept { return socket_; }
  void close() {
    if (socket_ >= 0) ::close(socket_);
    socket_ = -1;
  }

 private:
  bool receive() {
    char chunk[4096];
    const ssize_t size = ::recv(socket_, chunk, sizeof chunk, 0);
    if (size <= 0) return false;
    received_.append(chunk, static_cast<std::size_t>(size));
    return true;
  }

  static void parse_head(std::string_view head, Response& response) {
    response.status = static_cast<unsigned>(std::stoul(std::string(head.substr(9, 3))));
    head.remove_prefix(head.find("\r\n") + 2);
    while (!head.empty()) {
      const std::string_view line = head.substr(0, head.find("\r\n"));
      const std::size_t colon = line.find(": ");
      response.headers.add(std::string(line.substr(0, colon)), std::string(line.substr(colon + 2)));
      head.remove_prefix(line.size() + 2);
    }
    response.content_type = response.headers.find("Content-Type").value_or("");
  }

  int socket_;
  std::string received_;
};

/// Waits until one of two connections has something to read, and returns that one.
inline RawClient& first_readable(RawClient& one, RawClient& other) {
  pollfd polled[2] = {{one.descriptor(), POLLIN, 0}, {other.descriptor(), POLLIN, 0}};
  EXPECT_GT(::poll(polled, 2, -1), 0);
  return polled[0].revents != 0 ? one : other;
}

}  // namespace segue::server
