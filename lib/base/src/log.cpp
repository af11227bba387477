#include "segue/base/log.h"

#include <pthread.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <mutex>
#include <string>

#include "log_limiter.h"

namespace segue {
namespace {

struct Logger {
  std::atomic<LogLevel> threshold = LogLevel::Warning;
  std::mutex mutex;
  LogHook hook;
  detail::LogLimiter limiter;
};

// Leaked on purpose: threads may log while static objects are being destroyed.
Logger& logger() {
  static Logger* instance = new Logger;
  return *instance;
}

// A fork waits for the lock, lest the child find it held by a thread that it does not have.
const int fork_hook =
    pthread_atfork([] { logger().mutex.lock(); }, [] { logger().mutex.unlock(); }, [] { logger().mutex.unlock(); });

const char* name_of(LogLevel level) noexcept {
  switch (level) {
    case LogLevel::Debug: return "debug";
    case LogLevel::Info: return "info";
    case LogLevel::Warning: return "warning";
    case LogLevel::Error: return "error";
    case LogLevel::Off: return "off";
  }
  return "?";
}

void write_line(LogLevel level, std::string_view message) {
  (void)fork_hook;
  Logger& state = logger();
  std::string text(message);
  LogHook hook;
  {
    const std::lock_guard lock(state.mutex);
    const auto suppressed = state.limiter.admit(message, std::chrono::steady_clock::now());
    if (!suppressed) return;
    if (*suppressed > 0) text += " (suppressed " + std::to_string(*suppressed) + " similar)";
    hook = state.hook;
  }
  if (hook) {
    hook(level, text);
  } else {
    std::fprintf(stderr, "segue: %s: %s\n", name_of(level), text.c_str());
  }
}

}  // namespace

void log(LogLevel level, std::string_view message) noexcept {
  if (level < logger().threshold.load(std::memory_order_relaxed)) return;
  try {
    write_line(level, message);
  } catch (...) {  // diagnostics must never take the program down
  }
}

void set_log_level(LogLevel level) noexcept { logger().threshold.store(level, std::memory_order_relaxed); }

void set_log_hook(LogHook hook) {
  const std::lock_guard lock(logger().mutex);
  logger().hook = std::move(hook);
}

}  // namespace segue
