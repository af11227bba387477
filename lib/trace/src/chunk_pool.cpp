#include "chunk_pool.h"

#include <bit>
#include <new>

namespace segue::detail {
namespace {

Chunk* allocate(std::size_t capacity) noexcept {
  void* memory = ::operator new(sizeof(Chunk) + capacity, std::nothrow);
  if (memory == nullptr) return nullptr;
  auto* chunk = new (memory) Chunk;
  chunk->capacity = static_cast<std::uint32_t>(capacity);
  return chunk;
}

}  // namespace

ChunkPool::ChunkPool(std::size_t max_bytes)
    : max_bytes_(max_bytes),
      mask_(std::bit_ceil(max_bytes / chunk_bytes + 64) - 1),
      cells_(std::make_unique<Cell[]>(mask_ + 1)) {
  reset_cells();
}

ChunkPool::~ChunkPool() { free_idle(); }

Chunk* ChunkPool::take(std::size_t bytes, Charge charge) noexcept {
  const std::size_t capacity = bytes > chunk_bytes ? bytes : chunk_bytes;
  const std::size_t charged = charge == Charge::Counted ? capacity : 0;
  const std::size_t before = taken_bytes_.fetch_add(charged, std::memory_order_relaxed);
  Chunk* chunk = nullptr;
  if (before + charged <= max_bytes_ || charged == 0) {
    if (capacity == chunk_bytes) chunk = pop_idle();
    if (chunk == nullptr) chunk = allocate(capacity);
  }
  if (chunk == nullptr) {
    taken_bytes_.fetch_sub(charged, std::memory_order_relaxed);
    return nullptr;
  }
  chunk->is_charged = charged != 0;
  return chunk;
}

void ChunkPool::give_back(Chunk* chunk) noexcept {
  if (chunk->is_charged) taken_bytes_.fetch_sub(chunk->capacity, std::memory_order_relaxed);
  chunk->next.store(nullptr, std::memory_order_relaxed);
  chunk->committed.store(0, std::memory_order_relaxed);
  if (chunk->capacity != chunk_bytes || !push_idle(chunk)) ::operator delete(chunk);
}

void ChunkPool::free_idle() noexcept {
  while (Chunk* chunk = pop_idle()) ::operator delete(chunk);
}

void ChunkPool::reset() noexcept {
  free_idle();
  reset_cells();
  head_.store(0, std::memory_order_relaxed);
  tail_.store(0, std::memory_order_relaxed);
  taken_bytes_.store(0, std::memory_order_relaxed);
}

void ChunkPool::reset_cells() noexcept {
  for (std::size_t i = 0; i <= mask_; ++i) cells_[i].sequence.store(i, std::memory_order_relaxed);
}

Chunk* ChunkPool::pop_idle() noexcept {
  std::size_t position = head_.load(std::memory_order_relaxed);
  for (;;) {
    Cell& cell = cells_[position & mask_];
    const std::size_t sequence = cell.sequence.load(std::memory_order_acquire);
    if (sequence == position + 1) {
      if (!head_.compare_exchange_weak(position, position + 1, std::memory_order_relaxed)) continue;
      Chunk* chunk = cell.chunk;
      cell.sequence.store(position + mask_ + 1, std::memory_order_release);
      return chunk;
    }
    if (sequence == position) return nullptr;  // empty
    position = head_.load(std::memory_order_relaxed);
  }
}

bool ChunkPool::push_idle(Chunk* chunk) noexcept {
  std::size_t position = tail_.load(std::memory_order_relaxed);
  for (;;) {
    Cell& cell = cells_[position & mask_];
    const std::size_t sequence = cell.sequence.load(std::memory_order_acquire);
    if (sequence == position) {
      if (!tail_.compare_exchange_weak(position, position + 1, std::memory_order_relaxed)) continue;
      cell.chunk = chunk;
      cell.sequence.store(position + 1, std::memory_order_release);
      return true;
    }
    if (sequence < position) return false;  // full
    position = tail_.load(std::memory_order_relaxed);
  }
}

}  // namespace segue::detail
