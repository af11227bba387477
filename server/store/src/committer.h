// Committer: many threads append, one thread writes; whatever has queued up meanwhile shares one disk flush.
//
//   Committer committer(32U << 20, [&](auto appends) { return writer.write(appends); });
//   Result<AppendReceipt> receipt = committer.append(spans);   // returns when it is on disk
//
// While a flush is under way (milliseconds) the next appends queue up and become the next group, so throughput grows
// with load and no timer is needed. The queue is bounded in bytes.
// Thread safety: `append` from any thread. Destruction writes what is queued first.
// Errors: Unavailable when the queue is full, LimitExceeded when one append is larger than the queue; else what the
// write answered, the same for every append of the group.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <thread>
#include <vector>

#include "segue/base/result.h"
#include "segue/model/span_view.h"
#include "segue/server/store/store.h"

namespace segue::server::detail {

/// About as many bytes as the spans take in memory.
std::size_t approximate_bytes(const SpanList& spans) noexcept;

class Committer {
 public:
  /// Answers one receipt per append.
  using Write = std::function<Result<std::vector<AppendReceipt>>(std::span<const SpanList* const>)>;

  Committer(std::size_t max_queue_bytes, Write write);
  ~Committer();
  Committer(const Committer&) = delete;
  Committer& operator=(const Committer&) = delete;

  Result<AppendReceipt> append(const SpanList& spans);

  std::uint64_t queued_bytes() const noexcept { return queued_bytes_.load(std::memory_order_relaxed); }
  std::uint64_t refused() const noexcept { return refused_.load(std::memory_order_relaxed); }

 private:
  /// Lives on the stack of the thread that waits.
  struct Waiting {
    const SpanList* spans;
    std::size_t bytes;
    std::condition_variable done;
    std::optional<Result<AppendReceipt>> result;
  };

  void run();
  std::vector<Waiting*> take_group();
  Result<std::vector<AppendReceipt>> write_guarded(const std::vector<Waiting*>& group) noexcept;

  const std::size_t max_queue_bytes_;
  const Write write_;
  std::mutex mutex_;
  std::condition_variable work_;
  std::deque<Waiting*> queue_;  // guarded by mutex_
  bool is_stopping_ = false;    // guarded by mutex_
  std::atomic<std::uint64_t> queued_bytes_{0}, refused_{0};
  std::thread thread_;
};

}  // namespace segue::server::detail
