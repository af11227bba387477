// SegueServer: `segue serve` on free ports and a folder of the test's, ready when the constructor returns.
//
//   TempFolder folder;
//   SegueServer server(folder.path());
//   const auto answer = http_request({.url = server.api_url() + "/api/v1/health"});
//   server.program().kill();               // as a power cut would, for the process
//   SegueServer again(folder.path());
//
// Thread safety: one thread starts and ends it, any may use its addresses. Errors: a server that does
// not become ready fails the test and has empty addresses.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "program.h"

namespace segue::test {

class SegueServer {
 public:
  /// `arguments` follow `segue serve` and the folder and ports.
  explicit SegueServer(const std::filesystem::path& folder, const std::vector<std::string>& arguments = {});

  /// "http://127.0.0.1:<port>" of the web page and /api/v1.
  const std::string& api_url() const noexcept { return api_url_; }
  /// "http://127.0.0.1:<port>"; spans go to its /v1/traces.
  const std::string& otlp_url() const noexcept { return otlp_url_; }

  Program& program() noexcept { return program_; }

 private:
  std::string wait_for_url(std::string_view announcement);

  Program program_;
  std::string api_url_;
  std::string otlp_url_;
};

}  // namespace segue::test
