// TraceStats: what became of every span, counted without taking part in the recording path's cost.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace segue {

/// Why a sampled span was not delivered.
enum class DropReason : std::uint8_t {
  QueueFull,      ///< The back end could not keep up; see max_queue_bytes and max_queue_spans of TracerProviderOptions.
  TooLarge,       ///< One span over SpanLimits::max_span_bytes.
  AfterShutdown,  ///< It ended after the provider had been closed.
  ThreadEnding,   ///< It ended while its thread's storage was already gone.
  OutOfMemory,    ///< The system had no memory for it.
  ExportFailed,   ///< The collector refused it, or could not be reached for longer than retries last.
  PartialReject,  ///< The collector accepted the batch but not this span.
  SpoolFull,      ///< The on-disk spool was full: the oldest spans in it made room, or one batch was larger than it.
  SpoolExpired,   ///< It lay in the spool for longer than it may.
  SpoolCorrupt,   ///< Its record in the spool is damaged.
  SpoolFailed,    ///< The spool could not be written: the disk is full, or the folder is not ours.
};

inline constexpr std::size_t drop_reason_count = 11;

/// "queue_full", ... as in logs and metrics.
std::string_view to_string(DropReason reason) noexcept;

/// Every span is counted as one of `started`, `recorded_only` and `unsampled` when it starts. Of those `started`,
/// each ends as exported or as dropped for one reason; the difference is still open or on its way.
struct TraceStats {
  std::uint64_t started = 0;        ///< Spans that were sampled.
  std::uint64_t recorded_only = 0;  ///< Spans recorded for observers alone; never exported, so never dropped.
  std::uint64_t unsampled = 0;      ///< Spans that carried context only.
  std::uint64_t exported = 0;       ///< Spans that the exporter delivered.
  std::array<std::uint64_t, drop_reason_count> dropped = {};
  /// Spans that are in the on-disk spool now: not delivered, but not lost either.
  std::uint64_t spooled = 0;
  /// Spans that an earlier process left in the spool and this one delivered, or had to give up. They were started
  /// there, so they are in none of the counts above.
  std::uint64_t recovered = 0;
  std::uint64_t recovered_lost = 0;

  std::uint64_t dropped_by(DropReason reason) const noexcept { return dropped[static_cast<std::size_t>(reason)]; }
  std::uint64_t dropped_total() const noexcept {
    std::uint64_t total = 0;
    for (const std::uint64_t count : dropped) total += count;
    return total;
  }
};

}  // namespace segue
