// SilentHttp2Server: accepts a connection, says the one thing that makes it an HTTP/2 connection, and then neither
// reads nor writes. For tests of what happens to requests that a receiver stopped reading.
//
// Thread safety: `address` from any thread. Errors: a socket that cannot be had throws.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace segue::test {

class SilentHttp2Server {
 public:
  SilentHttp2Server() {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener_, generic, size) != 0 || ::listen(listener_, 8) != 0 ||
        ::getsockname(listener_, generic, &size) != 0) {
      throw std::runtime_error("no loopback socket");
    }
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { run(); });
  }

  ~SilentHttp2Server() {
    ::shutdown(listener_, SHUT_RDWR);  // ends accept()
    thread_.join();
    for (const int client : clients_) ::close(client);
    ::close(listener_);
  }

  SilentHttp2Server(const SilentHttp2Server&) = delete;
  SilentHttp2Server& operator=(const SilentHttp2Server&) = delete;

  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

 private:
  void run() {
    // SETTINGS with an initial window of 2^31-1 bytes per stream, and as much for the connection.
    static constexpr char greeting[] =
        "\x00\x00\x06\x04\x00\x00\x00\x00\x00\x00\x04\x7f\xff\xff\xff"
        "\x00\x00\x04\x08\x00\x00\x00\x00\x00\x7f\xfe\xff\xff";
    int client;
    while ((client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC)) >= 0) {
      const int smallest = 1;
      ::setsockopt(client, SOL_SOCKET, SO_RCVBUF, &smallest, sizeof smallest);
      static_cast<void>(::send(client, greeting, sizeof greeting - 1, MSG_NOSIGNAL));
      clients_.push_back(client);
    }
  }

  int listener_ = -1;
  int port_ = 0;
  std::vector<int> clients_;  // touched by the thread, and after it ended
  std::thread thread_;
};

}  // namespace segue::test
