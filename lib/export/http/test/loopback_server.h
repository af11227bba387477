// LoopbackServer: a real HTTP/1.1 server on a free port of this machine that plays prepared answers, for tests.
//
//   LoopbackServer server({{.status_line = "503 Service Unavailable"}, {}});  // an empty answer is 200 without a body
//   send_to(server.url("/v1/traces"));
//   EXPECT_EQ(server.requests().at(0).header("content-type"), "application/x-protobuf");
//
// After the last prepared answer it repeats it. Thread safety: `requests` and `connections` from any thread.
// Errors: a socket that cannot be had throws.
#pragma once

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "loopback_listener.h"
#include "segue/propagation/carrier.h"

namespace segue::test {

struct LoopbackAnswer {
  std::string status_line = "200 OK";
  std::string headers = {};  ///< Whole lines, each with "\r\n".
  std::string body = {};
  enum class Then { KeepOpen, Close, NeverAnswer, CloseWithoutAnswer } then = Then::KeepOpen;
};

struct LoopbackRequest {
  std::string method;
  std::string target;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;

  /// The first value of a header, or empty.
  std::string header(std::string_view name) const {
    return std::string(HeaderReader(headers).get(name).value_or(std::string_view()));
  }
};

class LoopbackServer {
 public:
  /// Answers 200 to everything.
  LoopbackServer() : LoopbackServer({LoopbackAnswer()}) {}
  explicit LoopbackServer(std::vector<LoopbackAnswer> answers) : answers_(std::move(answers)) {
    const LoopbackListener listener = listen_on_loopback();
    listener_ = listener.descriptor;
    port_ = listener.port;
    if (::pipe(stop_) != 0) throw std::runtime_error("no pipe");
    thread_ = std::thread([this] { run(); });
  }

  ~LoopbackServer() {
    ::close(stop_[1]);  // wakes whoever polls
    thread_.join();
    ::close(stop_[0]);
    ::close(listener_);
  }

  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;

  int port() const { return port_; }
  std::string url(std::string_view target) const {
    return "http://127.0.0.1:" + std::to_string(port_) + std::string(target);
  }

  std::vector<LoopbackRequest> requests() const {
    const std::scoped_lock lock(mutex_);
    return requests_;
  }
  std::size_t connections() const {
    const std::scoped_lock lock(mutex_);
    return connections_;
  }

 private:
  /// False when the server is to stop.
  bool wait_for(int socket) const {
    pollfd polled[2] = {{socket, POLLIN, 0}, {stop_[0], POLLIN, 0}};
    return ::poll(polled, 2, -1) > 0 && polled[1].revents == 0;
  }

  void run() {
    while (wait_for(listener_)) {
      const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (client < 0) continue;
      {
        const std::scoped_lock lock(mutex_);
        ++connections_;
      }
      while (serve_one(client)) {
      }
      ::close(client);
    }
  }

  /// False when the connection is to be closed.
  bool serve_one(int client) {
    LoopbackRequest request;
    if (!read_request(client, request)) return false;
    LoopbackAnswer answer;
    {
      const std::scoped_lock lock(mutex_);
      if (!answers_.empty()) answer = answers_[std::min(requests_.size(), answers_.size() - 1)];
      requests_.push_back(std::move(request));
    }
    if (answer.then == LoopbackAnswer::Then::CloseWithoutAnswer) return false;
    if (answer.then == LoopbackAnswer::Then::NeverAnswer) return wait_for(client) && false;
    const std::string text = "HTTP/1.1 " + answer.status_line + "\r\n" + answer.headers +
                             "Content-Length: " + std::to_string(answer.body.size()) + "\r\n\r\n" + answer.body;
    return write_all(client, text) && answer.then == LoopbackAnswer::Then::KeepOpen;
  }

  static bool write_all(int client, std::string_view text) {
    while (!text.empty()) {
      const ssize_t written = ::send(client, text.data(), text.size(), MSG_NOSIGNAL);
      if (written <= 0) return false;
      text.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
  }

  bool read_more(int client, std::string& buffer) const {
    char bytes[16 * 1024];
    if (!wait_for(client)) return false;
    const ssize_t count = ::recv(client, bytes, sizeof bytes, 0);
    if (count > 0) buffer.append(bytes, static_cast<std::size_t>(count));
    return count > 0;
  }

  bool read_request(int client, LoopbackRequest& request) const {
    std::string buffer;
    std::size_t end;
    while ((end = buffer.find("\r\n\r\n")) == std::string::npos) {
      if (!read_more(client, buffer)) return false;
    }
    parse_head(std::string_view(buffer).substr(0, end), request);
    request.body = buffer.substr(end + 4);
    const std::string length = request.header("content-length");
    while (!length.empty() && request.body.size() < std::stoul(length)) {
      if (!read_more(client, request.body)) return false;
    }
    return true;
  }

  static void parse_head(std::string_view head, LoopbackRequest& request) {
    const std::string_view first = head.substr(0, head.find("\r\n"));
    request.method = first.substr(0, first.find(' '));
    const std::string_view rest = first.substr(request.method.size() + 1);
    request.target = rest.substr(0, rest.find(' '));
    for (std::size_t at = first.size(); at < head.size();) {
      const std::size_t next = head.find("\r\n", at + 2);
      const std::string_view line = head.substr(at + 2, next == std::string_view::npos ? next : next - at - 2);
      const std::size_t colon = line.find(": ");
      if (colon != std::string_view::npos) request.headers.emplace_back(line.substr(0, colon), line.substr(colon + 2));
      at = next;
    }
  }

  std::vector<LoopbackAnswer> answers_;
  mutable std::mutex mutex_;
  std::vector<LoopbackRequest> requests_;
  std::size_t connections_ = 0;
  int listener_ = -1;
  int stop_[2] = {-1, -1};
  int port_ = 0;
  std::thread thread_;
};

}  // namespace segue::test
