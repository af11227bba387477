#include "loopback_sink.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <thread>
#include <vector>

namespace segue::bench {
namespace {

std::size_t content_length(std::string_view head) {
  constexpr std::string_view name = "Content-Length: ";
  const std::size_t at = head.find(name);
  return at == std::string_view::npos ? 0 : std::strtoull(head.data() + at + name.size(), nullptr, 10);
}

// Answers every request of one connection with an empty success, until the client closes it.
void answer_requests(int connection) {
  std::vector<char> buffer(std::size_t{1} << 18);
  std::string head;
  for (;;) {
    const ssize_t got = read(connection, buffer.data(), buffer.size());
    if (got <= 0) return;
    head.append(buffer.data(), static_cast<std::size_t>(got));
    const std::size_t end = head.find("\r\n\r\n");
    if (end == std::string::npos) continue;
    const std::size_t length = content_length(head);
    std::size_t have = head.size() - end - 4;
    while (have < length) {
      const ssize_t more = read(connection, buffer.data(), buffer.size());
      if (more <= 0) return;
      have += static_cast<std::size_t>(more);
    }
    constexpr std::string_view answer =
        "HTTP/1.1 200 OK\r\nContent-Type: application/x-protobuf\r\nContent-Length: 0\r\n\r\n";
    if (write(connection, answer.data(), answer.size()) < 0) return;
    head.clear();
  }
}

[[noreturn]] void run(int listener) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  for (;;) {
    const int connection = accept(listener, nullptr, nullptr);
    if (connection < 0) std::exit(1);
    const int on = 1;
    setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    std::thread([connection] {
      answer_requests(connection);
      close(connection);
    }).detach();
  }
}

}  // namespace

LoopbackSink::LoopbackSink() {
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (bind(listener, reinterpret_cast<sockaddr*>(&address), size) != 0 || listen(listener, 16) != 0 ||
      getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    std::abort();
  }
  url_ = "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port));
  child_ = fork();
  if (child_ == 0) run(listener);
  close(listener);
}

LoopbackSink::~LoopbackSink() {
  kill(child_, SIGKILL);
  waitpid(child_, nullptr, 0);
}

}  // namespace segue::bench
