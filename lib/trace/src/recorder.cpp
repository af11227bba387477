#include "recorder.h"

#include "provider_state.h"

namespace segue::detail {
namespace {

// Bytes of the first `spans` records in `region`: each is a one-byte tag, a varint length and that many bytes.
std::size_t prefix_bytes(std::string_view region, std::uint64_t spans) noexcept {
  const char* at = region.data();
  for (std::uint64_t i = 0; i < spans; ++i) {
    ++at;
    std::uint64_t length = 0;
    for (unsigned shift = 0;; shift += 7) {
      const auto byte = static_cast<unsigned char>(*at++);
      length |= static_cast<std::uint64_t>(byte & 0x7fU) << shift;
      if (byte < 0x80) break;
    }
    at += length;
  }
  return static_cast<std::size_t>(at - region.data());
}

}  // namespace

Recorder::~Recorder() {
  Chunk* chunk = oldest_chunk_ != nullptr ? oldest_chunk_ : first_chunk_.load(std::memory_order_acquire);
  while (chunk != nullptr) {
    Chunk* next = chunk->next.load(std::memory_order_acquire);
    tracer_.provider->chunks.give_back(chunk);
    chunk = next;
  }
}

char* Recorder::reserve(std::size_t bytes) noexcept {
  if (write_chunk_ == nullptr || bytes > write_chunk_->capacity - Chunk::bytes_of(progress_)) [[unlikely]] {
    if (!open_chunk(bytes)) return nullptr;
  }
  return write_chunk_->data() + Chunk::bytes_of(progress_);
}

void Recorder::commit(std::size_t bytes) noexcept {
  progress_ += (std::uint64_t{1} << 32) + bytes;
  recorded.add(1);
  write_chunk_->committed.store(progress_, std::memory_order_release);
  if (++unsignalled_ < tracer_.provider->wake_spans.load(std::memory_order_relaxed)) return;
  unsignalled_ = 0;
  tracer_.provider->signal.wake();
}

bool Recorder::open_chunk(std::size_t bytes) noexcept {
  ChunkPool& pool = tracer_.provider->chunks;
  // The first chunk is exempt: idle threads that each hold one must not use up the queue.
  const bool is_first = write_chunk_ == nullptr;
  Chunk* chunk = pool.take(bytes, is_first ? ChunkPool::Charge::Exempt : ChunkPool::Charge::Counted);
  if (chunk == nullptr) return false;
  if (is_first) {
    first_chunk_.store(chunk, std::memory_order_release);
  } else {
    write_chunk_->next.store(chunk, std::memory_order_release);
  }
  write_chunk_ = chunk;
  progress_ = 0;
  if (pool.is_half_full()) tracer_.provider->signal.wake();
  return true;
}

void Recorder::collect(RecordBatch& batch, std::uint64_t max_spans) {
  if (read_chunk_ == nullptr) {
    read_chunk_ = oldest_chunk_ = first_chunk_.load(std::memory_order_acquire);
    if (read_chunk_ == nullptr) return;
  }
  while (max_spans > 0) {
    // `next` before `committed`: once there is a next chunk, what this one has committed is final.
    Chunk* next = read_chunk_->next.load(std::memory_order_acquire);
    const std::uint64_t committed = read_chunk_->committed.load(std::memory_order_acquire);
    std::uint64_t unread_part = committed - read_progress_;
    if (Chunk::spans_of(unread_part) > 0) {
      std::string_view spans(read_chunk_->data() + Chunk::bytes_of(read_progress_), Chunk::bytes_of(unread_part));
      if (Chunk::spans_of(unread_part) > max_spans) {
        spans = spans.substr(0, prefix_bytes(spans, max_spans));
        unread_part = max_spans << 32 | spans.size();
      }
      const std::uint32_t count = Chunk::spans_of(unread_part);
      batch.regions.push_back({tracer_.encoded_scope, spans, count, this});
      batch.span_count += count;
      max_spans -= count;
      read_progress_ += unread_part;
      collected.add(count);
    }
    if (read_progress_ != committed || next == nullptr) return;
    read_chunk_ = next;
    read_progress_ = 0;
  }
}

void Recorder::release_read() noexcept {
  while (oldest_chunk_ != read_chunk_) {
    Chunk* done = oldest_chunk_;
    oldest_chunk_ = done->next.load(std::memory_order_acquire);
    tracer_.provider->chunks.give_back(done);
  }
}

}  // namespace segue::detail
