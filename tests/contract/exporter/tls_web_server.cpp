#include "tls_web_server.h"

#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <stdexcept>
#include <string_view>

#include "loopback_listener.h"

namespace segue::contract {
namespace {

SSL_CTX* make_context(const TestCertificates& certificates, ClientCertificate client) {
  SSL_CTX* context = SSL_CTX_new(TLS_server_method());
  const bool is_ready =
      SSL_CTX_use_certificate_file(context, certificates.server_certificate().c_str(), SSL_FILETYPE_PEM) == 1 &&
      SSL_CTX_use_PrivateKey_file(context, certificates.server_key().c_str(), SSL_FILETYPE_PEM) == 1 &&
      SSL_CTX_load_verify_file(context, certificates.authority().c_str()) == 1;
  if (!is_ready) throw std::runtime_error("the server's certificate cannot be used");
  if (client == ClientCertificate::Demanded) {
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  }
  return context;
}

}  // namespace

TlsWebServer::TlsWebServer(const TestCertificates& certificates, ClientCertificate client)
    : context_(make_context(certificates, client)) {
  const test::LoopbackListener listener = test::listen_on_loopback();
  listener_ = listener.descriptor;
  port_ = listener.port;
  thread_ = std::thread([this] { run(); });
}

TlsWebServer::~TlsWebServer() {
  ::shutdown(listener_, SHUT_RDWR);  // ends accept()
  if (const int client = client_.load(); client >= 0) ::shutdown(client, SHUT_RDWR);
  thread_.join();
  ::close(listener_);
  SSL_CTX_free(context_);
}

std::vector<std::string> TlsWebServer::bodies() const {
  const std::scoped_lock lock(mutex_);
  return bodies_;
}

void TlsWebServer::run() {
  sigset_t sigpipe;  // SSL_write raises it where a client has gone
  sigemptyset(&sigpipe);
  sigaddset(&sigpipe, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &sigpipe, nullptr);
  for (int client; (client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC)) >= 0;) {
    client_ = client;
    serve(client);
    client_ = -1;
    ::close(client);
  }
}

void TlsWebServer::serve(int client) {
  SSL* connection = SSL_new(context_);
  SSL_set_fd(connection, client);
  if (SSL_accept(connection) == 1) {
    while (serve_one(connection)) {
    }
  }
  SSL_free(connection);
}

bool TlsWebServer::serve_one(SSL* connection) {
  std::string request;
  std::size_t body = std::string::npos;
  std::size_t length = 0;
  while (body == std::string::npos || request.size() < body + length) {
    char bytes[16 * 1024];
    const int count = SSL_read(connection, bytes, sizeof bytes);
    if (count <= 0) return false;
    request.append(bytes, static_cast<std::size_t>(count));
    if (body != std::string::npos || request.find("\r\n\r\n") == std::string::npos) continue;
    body = request.find("\r\n\r\n") + 4;
    length = std::stoul(request.substr(request.find("Content-Length: ") + 16));
  }
  {
    const std::scoped_lock lock(mutex_);
    bodies_.push_back(request.substr(body));
  }
  constexpr std::string_view answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
  return SSL_write(connection, answer.data(), static_cast<int>(answer.size())) > 0;
}

}  // namespace segue::contract
