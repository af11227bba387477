// The library's own diagnostics: rare, rate-limited lines about Segue itself, never about spans.
//
//   log(LogLevel::Warning, "OTEL_BSP_MAX_QUEUE_SIZE: not a number, using 2048");
//
// By default lines at `Warning` and above go to standard error. A program that has a logger gives
// a hook. Thread safety: any thread. Errors: none. Of messages that differ in digits only, five a minute
// are written; the next one says how many were left out. All together at most 20 lines a second.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

namespace segue {

enum class LogLevel : std::uint8_t { Debug, Info, Warning, Error, Off };

using LogHook = std::function<void(LogLevel, std::string_view message)>;

/// Writes `message` if `level` is at or above the threshold and the rate allows it.
void log(LogLevel level, std::string_view message) noexcept;

/// Lines below `level` are dropped. Default: Warning.
void set_log_level(LogLevel level) noexcept;

/// Sends lines to `hook` instead of standard error; an empty hook restores the default.
void set_log_hook(LogHook hook);

}  // namespace segue
