// TraceStats: what became of every span, counted without taking part in the recording path's cost.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace segue {

/// Why a sampled span was not delivered.
enum class DropReason : std::uint8_t {
  QueueFull,      ///< The back end could not keep up; see TracerProviderOptions::max_queue_bytes.
  TooLarge,       ///< One span over SpanLimits::max_span_bytes.
  AfterShutdown,  ///< It ended after the provider had been closed.
  ThreadEnding,   ///< It ended while its thread's storage was already gone.
  OutOfMemory,    ///< The system had no memory for it.
  ExportFailed,   ///< The collector refused it, or could not be reached for longer than retries last.
  PartialReject,  ///< The collector accepted the batch but not this span.
};

inline constexpr std::size_t drop_reason_count = 7;

/// "queue_full", ... as in logs and metrics.
std::string_view to_string(DropReason reason) noexcept;

struct TraceStats {
  std::uint64_t started = 0;    ///< Spans that were sampled and started.
  std::uint64_t unsampled = 0;  ///< Spans that carried context only.
  std::uint64_t exported = 0;   ///< Spans that the exporter delivered.
  std::array<std::uint64_t, drop_reason_count> dropped = {};

  std::uint64_t dropped_by(DropReason reason) const noexcept { return dropped[static_cast<std::size_t>(reason)]; }
  std::uint64_t dropped_total() const noexcept {
    std::uint64_t total = 0;
    for (const std::uint64_t count : dropped) total += count;
    return total;
  }
};

}  // namespace segue
