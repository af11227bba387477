// serve(): the server, from its start to the signal that stops it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace segue::server {

struct ServeOptions {
  std::filesystem::path data_folder;
  std::string address = "127.0.0.1";
  std::uint16_t port = 16686;      ///< Web page and API, where the users of Jaeger look. 0: any free one.
  std::uint16_t otlp_port = 4318;  ///< OTLP/HTTP. 0: any free one.
};

/// Starts everything, writes the addresses to standard output when it is ready, and serves until SIGTERM or SIGINT; a
/// second signal ends it at once. Returns the exit code; what goes wrong is on standard error.
int serve(const ServeOptions& options);

}  // namespace segue::server
