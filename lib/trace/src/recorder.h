// Recorder: one thread's chunks of finished spans for one tracer, written by that thread and read by the back end.
//
// The writer appends to its last chunk and publishes how far it got; the reader follows behind. A chunk that is full stays
// linked until it is read. Nothing is locked and nothing is copied. Counters have one writer each.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "segue/trace/record_queue.h"
#include "segue/trace/stats.h"

namespace segue::detail {

struct ProviderState;
struct TracerState;

/// A block of records; the bytes follow the struct.
struct Chunk {
  std::atomic<Chunk*> next = nullptr;
  std::atomic<std::uint64_t> committed = 0;  ///< Spans in the upper, bytes in the lower 32 bits: published together.
  std::uint32_t capacity = 0;
  bool is_charged = false;  ///< It counts against the queue's limit.

  char* data() noexcept { return reinterpret_cast<char*>(this + 1); }
  static constexpr std::uint32_t bytes_of(std::uint64_t progress) noexcept {
    return static_cast<std::uint32_t>(progress);
  }
  static constexpr std::uint32_t spans_of(std::uint64_t progress) noexcept {
    return static_cast<std::uint32_t>(progress >> 32);
  }
};

/// A counter with one writing thread and any number of readers: no read-modify-write instruction needed.
class OwnedCounter {
 public:
  [[gnu::always_inline]] void add(std::uint64_t count) noexcept {
    value_.store(value() + count, std::memory_order_relaxed);
  }
  std::uint64_t value() const noexcept { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_ = 0;
};

class Recorder {
 public:
  explicit Recorder(const TracerState& tracer) noexcept : tracer_(tracer) {}
  ~Recorder();
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  // The recording thread's side.

  /// Contiguous room for one record, or null when the queue is full or memory is short.
  char* reserve(std::size_t bytes) noexcept {
    if (credits_ > 0 && bytes <= room_) [[likely]]
      return write_chunk_->data() + Chunk::bytes_of(progress_);
    return reserve_anew(bytes);
  }
  /// Publishes the record written into the room from `reserve`. Gives how many there are since the back end was woken.
  std::uint32_t commit(std::size_t bytes) noexcept {
    --credits_;
    room_ -= static_cast<std::uint32_t>(bytes);
    progress_ += (std::uint64_t{1} << 32) + bytes;
    recorded.add(1);
    write_chunk_->committed.store(progress_, std::memory_order_release);
    return ++unsignalled_;
  }
  void wake_back_end() noexcept;
  /// The thread ends; what was recorded stays readable.
  void retire() noexcept;

  OwnedCounter started;
  OwnedCounter unsampled;
  OwnedCounter recorded_only;
  OwnedCounter recorded;
  std::array<OwnedCounter, drop_reason_count> dropped;
  void count_dropped(DropReason reason) noexcept { dropped[static_cast<std::size_t>(reason)].add(1); }

  // The back end's side.

  struct Part {
    std::uint32_t spans = 0;
    std::size_t bytes = 0;
  };
  /// Appends unread spans to `batch` until it has `max_spans` spans or would exceed `max_bytes`; a batch that has none
  /// gets at least one. False: it is full.
  bool collect(RecordBatch& batch, std::uint64_t max_spans, std::size_t max_bytes);
  /// Returns the chunks that were read to their end.
  void release_read() noexcept;
  std::uint64_t unread() const noexcept { return recorded.value() - collected.value(); }
  bool is_finished() const noexcept { return retired_.load(std::memory_order_acquire) && unread() == 0; }
  OwnedCounter collected;
  /// In the child of a fork: frees what the parent's thread recorded.
  void abandon() noexcept;
  /// Remembers how far the thread has got, for `is_behind_mark`.
  void mark() noexcept { marked_ = recorded.value(); }
  bool is_behind_mark() const noexcept { return collected.value() < marked_; }

 private:
  char* reserve_anew(std::size_t bytes) noexcept;
  bool open_chunk(std::size_t bytes) noexcept;
  bool take_credits() noexcept;
  /// What a request grows by for a region besides its records, at most.
  std::size_t overhead() const noexcept;
  void take(RecordBatch& batch, std::string_view records, std::uint32_t spans);

  const TracerState& tracer_;

  Chunk* write_chunk_ = nullptr;
  std::uint64_t progress_ = 0;  ///< The writer's copy of `write_chunk_->committed`.
  std::uint32_t room_ = 0;      ///< Left in `write_chunk_`; here, since the chunk is rarely in the cache.
  std::uint32_t unsignalled_ = 0;
  std::uint32_t credits_ = 0;  ///< Spans that may be recorded before the budget has to be asked again.

  std::atomic<Chunk*> first_chunk_ = nullptr;  ///< Set once by the writer; where the reader begins.
  Chunk* read_chunk_ = nullptr;
  Chunk* oldest_chunk_ = nullptr;  ///< Read, but perhaps still referred to by the batch on its way.
  std::uint64_t read_progress_ = 0;
  std::uint64_t marked_ = 0;

  std::atomic<bool> retired_ = false;
};

}  // namespace segue::detail
