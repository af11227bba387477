#include "committer.h"

#include <exception>
#include <utility>

namespace segue::server::detail {
namespace {

/// Larger groups would only make their first append wait longer: by then the flush is a small part of the time.
constexpr std::size_t max_group_bytes = 4U << 20;

struct ValueSize {
  std::size_t operator()(std::string_view text) const noexcept { return text.size(); }
  std::size_t operator()(BytesView value) const noexcept { return value.bytes.size(); }
  std::size_t operator()(ArrayView value) const noexcept { return value.encoded.size(); }
  std::size_t operator()(MapView value) const noexcept { return value.encoded.size(); }
  template <class Number>
  std::size_t operator()(Number) const noexcept {
    return 0;
  }
};

std::size_t bytes_of(const AttributeViews& attributes) noexcept {
  std::size_t bytes = attributes.size() * sizeof(AttributeView);
  for (const AttributeView& attribute : attributes) {
    bytes += attribute.key.size() + std::visit(ValueSize{}, attribute.value);
  }
  return bytes;
}

}  // namespace

std::size_t approximate_bytes(const SpanList& list) noexcept {
  std::size_t bytes = 0;
  for (const SpanView& span : list.spans) {
    bytes += sizeof(SpanView) + span.name.size() + span.status_message.size() + span.trace_state.size();
    bytes += bytes_of(span.attributes);
    for (const EventView& event : span.events) bytes += sizeof event + event.name.size() + bytes_of(event.attributes);
    for (const LinkView& link : span.links) bytes += sizeof link + bytes_of(link.attributes);
  }
  return bytes;
}

Committer::Committer(std::size_t max_queue_bytes, Write write)
    : max_queue_bytes_(max_queue_bytes), write_(std::move(write)), thread_([this] { run(); }) {}

Committer::~Committer() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
  }
  work_.notify_one();
  thread_.join();
}

Result<AppendReceipt> Committer::append(const SpanList& spans) {
  Waiting waiting{&spans, approximate_bytes(spans), {}, {}};
  if (waiting.bytes > max_queue_bytes_) {
    refused_.fetch_add(1, std::memory_order_relaxed);
    return Error{Errc::LimitExceeded, "one append of " + std::to_string(waiting.bytes) +
                                          " bytes is more than the store's queue holds; send smaller batches"};
  }
  std::unique_lock lock(mutex_);
  if (queued_bytes_.load(std::memory_order_relaxed) + waiting.bytes > max_queue_bytes_) {
    refused_.fetch_add(1, std::memory_order_relaxed);
    return Error{Errc::Unavailable, "the store's queue is full; the disk cannot keep up"};
  }
  queued_bytes_.fetch_add(waiting.bytes, std::memory_order_relaxed);
  queue_.push_back(&waiting);
  work_.notify_one();
  waiting.done.wait(lock, [&waiting] { return waiting.result.has_value(); });
  return std::move(*waiting.result);
}

std::vector<Committer::Waiting*> Committer::take_group() {
  std::unique_lock lock(mutex_);
  work_.wait(lock, [this] { return is_stopping_ || !queue_.empty(); });
  std::vector<Waiting*> group;
  std::size_t bytes = 0;
  while (!queue_.empty() && (group.empty() || bytes + queue_.front()->bytes <= max_group_bytes)) {
    bytes += queue_.front()->bytes;
    group.push_back(queue_.front());
    queue_.pop_front();
  }
  return group;
}

void Committer::run() {
  for (std::vector<Waiting*> group = take_group(); !group.empty(); group = take_group()) {
    const auto receipts = write_guarded(group);
    const std::lock_guard lock(mutex_);
    for (std::size_t i = 0; i < group.size(); ++i) {
      queued_bytes_.fetch_sub(group[i]->bytes, std::memory_order_relaxed);
      group[i]->result.emplace(receipts ? Result<AppendReceipt>((*receipts)[i]) : receipts.error());
      group[i]->done.notify_one();  // under the lock: the waiting thread cannot leave before
    }
  }
}

Result<std::vector<AppendReceipt>> Committer::write_guarded(const std::vector<Waiting*>& group) noexcept {
  try {
    std::vector<const SpanList*> appends;
    appends.reserve(group.size());
    for (const Waiting* waiting : group) appends.push_back(waiting->spans);
    return write_(appends);
  } catch (const std::exception& failure) {
    return Error{Errc::Internal, std::string("the write failed: ") + failure.what()};
  }
}

}  // namespace segue::server::detail
