// A listening socket on a free port of this machine, for test servers.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <stdexcept>

namespace segue::test {

struct LoopbackListener {
  int descriptor;  ///< The caller closes it.
  int port;
};

/// Throws where no such socket can be had.
inline LoopbackListener listen_on_loopback() {
  const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (::bind(descriptor, generic, size) != 0 || ::listen(descriptor, 8) != 0 ||
      ::getsockname(descriptor, generic, &size) != 0) {
    throw std::runtime_error("no loopback socket");
  }
  return {descriptor, ntohs(address.sin_port)};
}

}  // namespace segue::test
