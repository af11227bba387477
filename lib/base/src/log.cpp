#include "segue/base/log.h"

#include <atomic>
#include <chrono>
#include <cstdio>
#include <mutex>
#include <string>

namespace segue {
namespace {

constexpr int max_lines_per_second = 20;

struct Logger {
  std::atomic<LogLevel> threshold = LogLevel::Warning;
  std::mutex mutex;
  LogHook hook;
  std::chrono::steady_clock::time_point window_start;
  int lines_in_window = 0;
  std::uint64_t suppressed = 0;
};

// Leaked on purpose: threads may log while static objects are being destroyed.
Logger& logger() {
  static Logger* instance = new Logger;
  return *instance;
}

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

bool take_from_budget(Logger& state) {
  const auto now = std::chrono::steady_clock::now();
  if (now - state.window_start >= std::chrono::seconds(1)) {
    state.window_start = now;
    state.lines_in_window = 0;
  }
  if (state.lines_in_window >= max_lines_per_second) {
    ++state.suppressed;
    return false;
  }
  ++state.lines_in_window;
  return true;
}

void write_line(LogLevel level, std::string_view message) {
  Logger& state = logger();
  std::string text(message);
  LogHook hook;
  {
    const std::lock_guard lock(state.mutex);
    if (!take_from_budget(state)) return;
    if (state.suppressed > 0) text += " (" + std::to_string(state.suppressed) + " earlier lines left out)";
    state.suppressed = 0;
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
