// TestCertificates: an authority, what it signed for a server and a client, and an authority nobody knows; made anew
// for each test and kept in a folder of their own.
//
//   TestCertificates certificates;
//   OtlpHttpExporter::create({.endpoint = url, .ca_file = certificates.authority()});
//
// Thread safety: unchanging once made. Errors: throws when OpenSSL refuses.
#pragma once

#include <string>

#include "temp_folder.h"

namespace segue::contract {

class TestCertificates {
 public:
  TestCertificates();

  // Paths of PEM files. The server's certificate is for 127.0.0.1 and localhost.
  std::string authority() const { return path("authority.pem"); }
  std::string stranger() const { return path("stranger.pem"); }
  std::string server_certificate() const { return path("server.pem"); }
  std::string server_key() const { return path("server.key"); }
  std::string client_certificate() const { return path("client.pem"); }
  std::string client_key() const { return path("client.key"); }

 private:
  std::string path(const char* name) const { return (folder_.path() / name).string(); }

  test::TempFolder folder_;
};

std::string read_file(const std::string& path);

}  // namespace segue::contract
