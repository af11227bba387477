// ChunkPool: the bounded memory of a provider's queue. Taking and giving back a standard chunk takes no lock and, once
// warm, allocates nothing.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "recorder.h"

namespace segue::detail {

class ChunkPool {
 public:
  static constexpr std::size_t chunk_bytes = std::size_t{32} << 10;

  /// `max_bytes` bounds what is taken with `Charge::Counted`.
  explicit ChunkPool(std::size_t max_bytes);
  ~ChunkPool();

  enum class Charge : std::uint8_t { Counted, Exempt };

  /// A chunk for at least `bytes`, or null at the limit or when memory is short.
  Chunk* take(std::size_t bytes, Charge charge) noexcept;
  void give_back(Chunk* chunk) noexcept;
  /// Returns the memory of idle chunks to the system.
  void free_idle() noexcept;
  /// In the child of a fork: makes good what the parent's threads were in the middle of. At most a chunk for each of
  /// them is lost.
  void reset() noexcept;
  /// More than half of the limit is taken: time for the back end to look.
  bool is_half_full() const noexcept { return taken_bytes_.load(std::memory_order_relaxed) > max_bytes_ / 2; }

 private:
  // A bounded queue of idle chunks (Vyukov's): each cell's sequence says whose turn it is.
  struct Cell {
    std::atomic<std::size_t> sequence;
    Chunk* chunk;
  };
  void reset_cells() noexcept;
  Chunk* pop_idle() noexcept;
  bool push_idle(Chunk* chunk) noexcept;

  const std::size_t max_bytes_;
  std::atomic<std::size_t> taken_bytes_ = 0;
  const std::size_t mask_;
  const std::unique_ptr<Cell[]> cells_;
  alignas(64) std::atomic<std::size_t> head_ = 0;
  alignas(64) std::atomic<std::size_t> tail_ = 0;
};

}  // namespace segue::detail
