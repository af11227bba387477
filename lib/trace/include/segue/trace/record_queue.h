// RecordQueue: finished spans on their way from the recording threads to the one back-end thread.
//
//   while (running) {
//     queue.wait(5s, 512);
//     while (RecordBatch batch = queue.collect(512)) {
//       export_(batch);
//       queue.release(std::move(batch));
//     }
//   }
//
// Every thread appends to its own chunks; the back end reads them where they lie, without copying, and
// gives them back. Recording threads take no lock. Thread safety: `collect`, `release` and `wait` belong to one thread
// at a time; `wake` and the counters to any. Errors: none; a full queue makes recorders drop and count.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "segue/trace/fork_listener.h"
#include "segue/trace/stats.h"

namespace segue {

namespace detail {
struct ProviderState;
class Recorder;
}  // namespace detail

/// A run of finished spans of one thread and one instrumentation scope.
struct RecordRegion {
  std::string_view scope;  ///< An encoded OTLP InstrumentationScope message.
  std::string_view schema_url;
  std::string_view spans;  ///< Consecutive `ScopeSpans.spans` fields, each with tag and length.
  std::uint32_t span_count = 0;
  detail::Recorder* recorder = nullptr;
};

struct RecordBatch {
  std::vector<RecordRegion> regions;
  std::uint64_t span_count = 0;
  std::size_t byte_count = 0;  ///< What a request of them takes at most, all framing included.

  explicit operator bool() const noexcept { return span_count > 0; }
};

class RecordQueue {
 public:
  /// Finished spans, up to `max_spans` and as many as a request of `max_bytes` holds; at least one if there is any. The
  /// bytes stay valid until `release`, which must come before the next `collect`.
  RecordBatch collect(std::uint64_t max_spans, std::size_t max_bytes = SIZE_MAX);

  /// Remembers what has ended by now, so that a pass over the queue ends although threads go on recording.
  void mark() noexcept;
  /// Something that had ended at the last `mark` has not been collected.
  bool is_behind_mark() const noexcept;

  /// Finished spans that have not been collected.
  std::uint64_t unread() const noexcept;
  /// More than half of the room for spans or bytes is taken: what is collected should leave soon.
  bool is_half_full() const noexcept;

  /// Gives the batch's memory back to the recording threads.
  void release(RecordBatch batch) noexcept;

  /// Sleeps until some thread has recorded `wake_spans` more spans, `wake` is called or the queue is half full (true),
  /// or until `timeout` has passed (false).
  bool wait(std::chrono::milliseconds timeout, std::uint32_t wake_spans) noexcept;
  void wake() noexcept;

  /// Nobody will collect any more: what is unread, or still being written, counts as dropped "after_shutdown".
  void finish() noexcept;

  /// Who is told of forks; null: nobody. Returns when no fork is under way that uses the one before.
  void set_fork_listener(ForkListener* listener) noexcept;

  /// An encoded OTLP Resource message.
  std::string_view resource() const noexcept;

  void count_exported(std::uint64_t spans) noexcept;
  void count_dropped(DropReason reason, std::uint64_t spans) noexcept;
  /// Spans that went to the on-disk spool, and those of them that left it again, whatever became of them.
  void count_spooled(std::uint64_t spans) noexcept;
  void count_unspooled(std::uint64_t spans) noexcept;
  /// Spans of an earlier process, taken from its spool.
  void count_recovered(std::uint64_t delivered, std::uint64_t lost) noexcept;

 private:
  friend class TracerProvider;
  friend struct detail::ProviderState;
  explicit RecordQueue(detail::ProviderState& state) noexcept : state_(state) {}
  detail::ProviderState& state_;
};

}  // namespace segue
