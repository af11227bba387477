// Exporter: sends one batch of finished spans somewhere. The back end decides when, how often and what to retry.
//
//   const ExportResult result = exporter.export_spans(batch);
//   if (result.outcome == ExportOutcome::Retryable) schedule_again(batch, result.retry_after);
//
// A batch is already encoded: an exporter frames it (OTLP) or decodes it (everything else), and keeps nothing of it.
// Thread safety: `export_spans` is never called concurrently, but not always by the same thread.
// Errors: a result, never an exception; `export_spans` returns within the exporter's own timeout.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace segue {

/// Spans of one instrumentation scope.
struct ExportRegion {
  std::string_view scope = {};  ///< An encoded InstrumentationScope message; may be empty.
  std::string_view schema_url = {};
  std::string_view spans = {};  ///< `ScopeSpans.spans` fields one after the other, each with tag and length.
  std::uint32_t span_count = 0;
};

/// How far a batch has come that has several destinations (fan_out_exporter.h). Whoever tries a batch again, now or from a
/// spool, hands back what the last attempt said, so that no destination is sent what it has.
struct ExportProgress {
  std::uint64_t delivered = 0;       ///< Bit n: the n-th destination has it.
  std::uint64_t refused = 0;         ///< Bit n: the n-th destination will never take it.
  std::uint64_t rejected_spans = 0;  ///< The most that any one of them has refused.
};

/// Spans of one resource. The caller keeps everything it points to until `export_spans` returns.
struct ExportBatch {
  std::string_view resource;  ///< An encoded Resource message.
  std::span<const ExportRegion> regions;
  ExportProgress progress = {};  ///< From the attempt before; nothing for a batch that is new.

  std::uint64_t span_count() const noexcept;
  /// About what the request will take, without the few bytes of framing per region.
  std::size_t byte_count() const noexcept;
};

enum class ExportOutcome : std::uint8_t {
  Delivered,  ///< The receiver has it; never send it again.
  Retryable,  ///< Not delivered, but it may be later.
  Rejected,   ///< Not delivered, and never will be as it is.
};

struct ExportResult {
  ExportOutcome outcome = ExportOutcome::Delivered;
  std::uint64_t rejected_spans = 0;  ///< Of a delivered batch, those the receiver refused for good.
  std::optional<std::chrono::milliseconds> retry_after = {};  ///< When the receiver said how long to wait.
  ExportProgress progress = {};                               ///< Of a retryable batch, for the next attempt.
  std::string message = {};  ///< What went wrong, or the receiver's remark; for the log.
};

class Exporter {
 public:
  virtual ~Exporter() = default;

  virtual ExportResult export_spans(const ExportBatch& batch) noexcept = 0;

  /// What the exporter is called in logs and statistics, e.g. "otlp_http".
  virtual std::string_view name() const noexcept = 0;
};

}  // namespace segue
