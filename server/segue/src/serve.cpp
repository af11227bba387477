#include "serve.h"

#include <csignal>
#include <iostream>
#include <string_view>

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include "exit_codes.h"
#include "running_server.h"
#include "segue/base/log.h"

namespace segue::server {
namespace {

/// Blocks the signals that stop the server, in the calling thread and in those it starts from now on, so that they wait
/// for `wait()` instead of ending the program.
class StopSignals {
 public:
  StopSignals() {
    sigemptyset(&signals_);
    sigaddset(&signals_, SIGINT);
    sigaddset(&signals_, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
  }

  /// Returns the first signal; from then on another one ends the program at once, as is its default.
  int wait() {
    int signal = 0;
    sigwait(&signals_, &signal);
    pthread_sigmask(SIG_UNBLOCK, &signals_, nullptr);
    return signal;
  }

 private:
  sigset_t signals_;
};

spdlog::level::level_enum to_spdlog(LogLevel level) noexcept {
  switch (level) {
    case LogLevel::Debug: return spdlog::level::debug;
    case LogLevel::Info: return spdlog::level::info;
    case LogLevel::Warning: return spdlog::level::warn;
    case LogLevel::Error: return spdlog::level::err;
    case LogLevel::Off: return spdlog::level::off;
  }
  return spdlog::level::err;
}

/// Lines of the server and of the libraries below it, with their time, on standard error.
void start_log() {
  spdlog::set_default_logger(spdlog::stderr_color_mt("segue"));
  spdlog::set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %^%l%$ %v");
  set_log_level(LogLevel::Info);
  set_log_hook([](LogLevel level, std::string_view message) { spdlog::log(to_spdlog(level), "{}", message); });
}

std::string url_of(std::string_view address, std::uint16_t port) {
  const bool is_ipv6 = address.find(':') != std::string_view::npos;
  const std::string host = is_ipv6 ? '[' + std::string(address) + ']' : std::string(address);
  return "http://" + host + ':' + std::to_string(port);
}

void announce(const ServeOptions& options, const RunningServer& server) {
  if (!options.address.starts_with("127.") && options.address != "::1") {
    spdlog::warn("listening on {}: whoever reaches this address can read and add traces, there is no login",
                 options.address);
  }
  spdlog::info("traces are kept in {}", options.data_folder.string());
  std::cout << "web page and API: " << url_of(options.address, server.api_port()) << '\n'
            << "OTLP/HTTP: " << url_of(options.address, server.otlp_port()) << std::endl;
}

}  // namespace

int serve(const ServeOptions& options) {
  StopSignals stop_signals;
  std::signal(SIGPIPE, SIG_IGN);  // a reader that went away is the connection's error, not the program's end
  start_log();
  Result<std::unique_ptr<RunningServer>> server = RunningServer::start(options);
  if (!server) return fail(server.error());
  announce(options, **server);
  const int signal = stop_signals.wait();
  spdlog::info("stopping on {}", signal == SIGINT ? "SIGINT" : "SIGTERM");
  (*server)->stop();
  spdlog::info("stopped");
  return exit_success;
}

}  // namespace segue::server
