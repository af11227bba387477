// TlsWebServer: a real HTTPS server on a free port of this machine that answers 200 to everything, for tests.
//
//   TlsWebServer server(certificates, ClientCertificate::Demanded);
//   send_to(server.url());
//   EXPECT_EQ(server.bodies().size(), 1U);
//
// Thread safety: `bodies` from any thread. Errors: a socket or key that cannot be had throws.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "test_certificates.h"

using SSL_CTX = struct ssl_ctx_st;
using SSL = struct ssl_st;

namespace segue::contract {

enum class ClientCertificate { NotAsked, Demanded };

class TlsWebServer {
 public:
  TlsWebServer(const TestCertificates& certificates, ClientCertificate client);
  ~TlsWebServer();
  TlsWebServer(const TlsWebServer&) = delete;
  TlsWebServer& operator=(const TlsWebServer&) = delete;

  std::string url() const { return "https://127.0.0.1:" + std::to_string(port_) + "/v1/traces"; }

  /// Of the requests that were read to their end.
  std::vector<std::string> bodies() const;

 private:
  void run();
  void serve(int client);
  bool serve_one(SSL* connection);

  SSL_CTX* context_ = nullptr;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<int> client_{-1};  // the one being served
  mutable std::mutex mutex_;
  std::vector<std::string> bodies_;
  std::thread thread_;
};

}  // namespace segue::contract
