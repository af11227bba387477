#include "recorder.h"

#include <algorithm>

#include "provider_state.h"

namespace segue::detail {
namespace {

// What a region adds to a request besides its bytes, at most: tags and lengths of ScopeSpans, its scope and schema URL.
constexpr std::size_t region_overhead = 24;

// Bytes of the record at the front of `records`: a one-byte tag, a varint length and that many bytes.
std::size_t record_bytes(std::string_view records) noexcept {
  std::uint64_t length = 0;
  std::size_t at = 1;
  for (unsigned shift = 0;; shift += 7) {
    const auto byte = static_cast<unsigned char>(records[at++]);
    length |= static_cast<std::uint64_t>(byte & 0x7fU) << shift;
    if (byte < 0x80) return at + static_cast<std::size_t>(length);
  }
}

// As many of the `spans` records at the front of `records` as are no more than `max_spans` and, but for the first if it
// `must_take` that, no more than `max_bytes` long. They are walked over only where not all of them fit: a batch's end.
Recorder::Part fitting_part(std::string_view records, std::uint32_t spans, std::uint64_t max_spans,
                            std::size_t max_bytes, bool must_take) noexcept {
  if (spans <= max_spans && records.size() <= max_bytes) return {spans, records.size()};
  Recorder::Part part;
  while (part.spans < std::min<std::uint64_t>(spans, max_spans)) {
    const std::size_t record = record_bytes(records.substr(part.bytes));
    if (part.bytes + record > max_bytes && !(must_take && part.spans == 0)) break;
    part.bytes += record;
    ++part.spans;
  }
  return part;
}

}  // namespace

Recorder::~Recorder() { abandon(); }

void Recorder::abandon() noexcept {
  Chunk* chunk = oldest_chunk_ != nullptr ? oldest_chunk_ : first_chunk_.load(std::memory_order_acquire);
  while (chunk != nullptr) {
    Chunk* next = chunk->next.load(std::memory_order_acquire);
    tracer_.provider->chunks.give_back(chunk);
    chunk = next;
  }
  first_chunk_.store(nullptr, std::memory_order_relaxed);
  read_chunk_ = oldest_chunk_ = write_chunk_ = nullptr;
  room_ = 0;
}

void Recorder::retire() noexcept {
  if (credits_ > 0) tracer_.provider->budget.give_back(credits_);
  credits_ = 0;
  retired_.store(true, std::memory_order_release);
}

char* Recorder::reserve_anew(std::size_t bytes) noexcept {
  if (credits_ == 0 && !take_credits()) return nullptr;
  if (bytes > room_ && !open_chunk(bytes)) return nullptr;
  return write_chunk_->data() + Chunk::bytes_of(progress_);
}

void Recorder::wake_back_end() noexcept {
  unsignalled_ = 0;
  tracer_.provider->signal.wake();
}

bool Recorder::take_credits() noexcept {
  SpanBudget& budget = tracer_.provider->budget;
  credits_ = budget.take();
  if (budget.is_half_full()) tracer_.provider->signal.wake();
  return credits_ > 0;
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
  room_ = chunk->capacity;
  progress_ = 0;
  if (pool.is_half_full()) tracer_.provider->signal.wake();
  return true;
}

bool Recorder::collect(RecordBatch& batch, std::uint64_t max_spans, std::size_t max_bytes) {
  if (read_chunk_ == nullptr) {
    read_chunk_ = oldest_chunk_ = first_chunk_.load(std::memory_order_acquire);
    if (read_chunk_ == nullptr) return true;
  }
  for (;;) {
    // `next` before `committed`: once there is a next chunk, what this one has committed is final.
    Chunk* next = read_chunk_->next.load(std::memory_order_acquire);
    const std::uint64_t committed = read_chunk_->committed.load(std::memory_order_acquire);
    const std::uint64_t unread_part = committed - read_progress_;
    if (Chunk::spans_of(unread_part) > 0) {
      if (batch.span_count >= max_spans) return false;
      const std::string_view records(read_chunk_->data() + Chunk::bytes_of(read_progress_),
                                     Chunk::bytes_of(unread_part));
      const std::size_t used = batch.byte_count + overhead();
      const Part part = fitting_part(records, Chunk::spans_of(unread_part), max_spans - batch.span_count,
                                     max_bytes - std::min(used, max_bytes), batch.span_count == 0);
      if (part.spans == 0) return false;
      take(batch, records.substr(0, part.bytes), part.spans);
    }
    if (read_progress_ != committed || next == nullptr) return read_progress_ == committed;
    read_chunk_ = next;
    read_progress_ = 0;
  }
}

std::size_t Recorder::overhead() const noexcept {
  return tracer_.encoded_scope.size() + tracer_.schema_url.size() + region_overhead;
}

void Recorder::take(RecordBatch& batch, std::string_view records, std::uint32_t spans) {
  batch.regions.push_back({tracer_.encoded_scope, tracer_.schema_url, records, spans, this});
  batch.span_count += spans;
  batch.byte_count += overhead() + records.size();
  read_progress_ += std::uint64_t{spans} << 32 | records.size();
  collected.add(spans);
}

void Recorder::release_read() noexcept {
  while (oldest_chunk_ != read_chunk_) {
    Chunk* done = oldest_chunk_;
    oldest_chunk_ = done->next.load(std::memory_order_acquire);
    tracer_.provider->chunks.give_back(done);
  }
}

}  // namespace segue::detail
