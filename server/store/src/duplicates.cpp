#include "duplicates.h"

#include <utility>

namespace segue::server::detail {

std::uint64_t identity_of(const SpanView& span) noexcept {
  std::uint64_t hash = stable_hash(span.span_id.as_bytes());
  hash = stable_hash(span.parent_span_id.as_bytes(), hash);
  hash = stable_hash(span.name, hash);
  const std::uint64_t numbers[] = {static_cast<std::uint64_t>(span.kind), span.start_unix_nanos, span.end_unix_nanos};
  return stable_hash({reinterpret_cast<const char*>(numbers), sizeof numbers}, hash);
}

RecentTraces::Trace* RecentTraces::find(const TraceId& id) {
  if (const auto known = current_.find(id); known != current_.end()) return &known->second;
  const auto older = previous_.find(id);
  if (older == previous_.end()) return nullptr;
  current_size_ += older->second.identities.size() + 1;
  return &current_.insert(previous_.extract(older)).position->second;
}

RecentTraces::Trace& RecentTraces::insert(const TraceId& id, Trace trace) {
  current_size_ += trace.identities.size() + 1;
  return current_.insert_or_assign(id, std::move(trace)).first->second;
}

bool RecentTraces::add(Trace& trace, std::uint64_t identity) {
  if (!trace.identities.insert(identity).second) return false;
  ++current_size_;
  return true;
}

void RecentTraces::make_room() {
  if (current_size_ < max_identities / 2) return;
  previous_ = std::move(current_);
  std::erase_if(previous_, [](const auto& entry) { return entry.second.identities.size() > max_identities / 2; });
  current_.clear();
  current_size_ = 0;
}

void RecentTraces::forget() {
  current_.clear();
  previous_.clear();
  current_size_ = 0;
}

}  // namespace segue::server::detail
