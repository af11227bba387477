#include "log_limiter.h"

#include <algorithm>
#include <utility>

namespace segue::detail {
namespace {

// FNV-1a over everything but digits.
std::uint64_t fingerprint_of(std::string_view message) noexcept {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : message) {
    if (c >= '0' && c <= '9') continue;
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  }
  return hash;
}

}  // namespace

bool LogLimiter::Window::take(TimePoint now, std::chrono::seconds interval, std::uint32_t limit) noexcept {
  if (!start || now - *start >= interval) {
    start = now;
    lines = 0;
  }
  if (lines >= limit) return false;
  ++lines;
  return true;
}

// A kind that is not known takes the place of the one whose window is oldest.
LogLimiter::Kind& LogLimiter::kind_of(std::string_view message) noexcept {
  const std::uint64_t fingerprint = fingerprint_of(message);
  const auto is_it = [fingerprint](const Kind& kind) { return kind.window.start && kind.fingerprint == fingerprint; };
  if (const auto known = std::ranges::find_if(kinds_, is_it); known != kinds_.end()) return *known;
  Kind& oldest = *std::ranges::min_element(kinds_, {}, [](const Kind& kind) { return kind.window.start; });
  oldest = Kind{fingerprint, {}, 0};
  return oldest;
}

std::optional<std::uint64_t> LogLimiter::admit(std::string_view message, TimePoint now) noexcept {
  Kind& kind = kind_of(message);
  if (!kind.window.take(now, similar_interval, max_similar) ||
      !all_.take(now, std::chrono::seconds(1), max_lines_per_second)) {
    ++kind.suppressed;
    return std::nullopt;
  }
  return std::exchange(kind.suppressed, 0);
}

}  // namespace segue::detail
