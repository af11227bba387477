// LogLimiter: which lines of the library's log are written, so that an outage of hours makes tens of lines, not millions.
//
// Two messages are similar if they differ in their digits only: "512 spans not delivered" and "7 spans not delivered".
// Thread safety: a plain value. It reads no clock: the caller says what time it is.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace segue::detail {

class LogLimiter {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  static constexpr std::uint32_t max_similar = 5;
  static constexpr std::chrono::seconds similar_interval{60};
  static constexpr std::uint32_t max_lines_per_second = 20;
  /// More kinds than that at a time are told apart by the latest of them.
  static constexpr std::size_t max_kinds = 64;

  /// How many similar messages were left out since the last that was written; nothing: leave this one out too.
  std::optional<std::uint64_t> admit(std::string_view message, TimePoint now) noexcept;

 private:
  struct Window {
    std::optional<TimePoint> start;
    std::uint32_t lines = 0;

    /// One more line within `limit` per `interval`.
    bool take(TimePoint now, std::chrono::seconds interval, std::uint32_t limit) noexcept;
  };
  struct Kind {
    std::uint64_t fingerprint = 0;
    Window window;
    std::uint64_t suppressed = 0;
  };
  Kind& kind_of(std::string_view message) noexcept;

  Window all_;
  std::array<Kind, max_kinds> kinds_ = {};
};

}  // namespace segue::detail
