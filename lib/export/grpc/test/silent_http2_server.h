// SilentHttp2Server: accepts a connection, says the one thing that makes it an HTTP/2 connection, and then neither
// reads nor writes until it is asked to. For tests of what happens to requests that a receiver stopped reading.
//
// Thread safety: all members, from any thread. Errors: a socket that cannot be had throws.
#pragma once

#include <sys/socket.h>
#include <unistd.h>

#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "loopback_listener.h"

namespace segue::test {

class SilentHttp2Server {
 public:
  SilentHttp2Server() {
    const LoopbackListener listener = listen_on_loopback();
    listener_ = listener.descriptor;
    port_ = listener.port;
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

  /// Reads what the first client has sent and sends, until it closes or `hang_up` is called from another thread.
  std::string read_from_first() {
    std::string bytes;
    char block[64 * 1024];
    for (ssize_t count; (count = ::recv(first_client(), block, sizeof block, 0)) > 0;) {
      bytes.append(block, static_cast<std::size_t>(count));
    }
    return bytes;
  }
  /// On all clients so far.
  void hang_up() {
    const std::scoped_lock lock(mutex_);
    for (const int client : clients_) ::shutdown(client, SHUT_RDWR);
  }

  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

 private:
  int first_client() {
    const std::scoped_lock lock(mutex_);
    return clients_.at(0);
  }

  void run() {
    // SETTINGS with an initial window of 2^31-1 bytes per stream, and as much for the connection.
    static constexpr char greeting[] =
        "\x00\x00\x06\x04\x00\x00\x00\x00\x00\x00\x04\x7f\xff\xff\xff"
        "\x00\x00\x04\x08\x00\x00\x00\x00\x00\x7f\xfe\xff\xff";
    int client;
    while ((client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC)) >= 0) {
      {
        const std::scoped_lock lock(mutex_);
        clients_.push_back(client);
      }
      static_cast<void>(::send(client, greeting, sizeof greeting - 1, MSG_NOSIGNAL));
    }
  }

  int listener_ = -1;
  int port_ = 0;
  std::mutex mutex_;
  std::vector<int> clients_;
  std::thread thread_;
};

}  // namespace segue::test
