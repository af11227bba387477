#include "postings.h"

#include <utility>

namespace segue::server::detail {

KeyRange::KeyRange(const Snapshot& snapshot, rocksdb::ColumnFamilyHandle* family, std::string from, std::string to)
    : from_(std::move(from)), to_(std::move(to)), from_slice_(from_), to_slice_(to_) {
  rocksdb::ReadOptions options = snapshot.options();
  options.iterate_lower_bound = &from_slice_;
  options.iterate_upper_bound = &to_slice_;
  iterator_.reset(snapshot.database().rocks().NewIterator(options, family));
}

Result<void> KeyRange::status() const {
  const rocksdb::Status status = iterator_->status();
  if (!status.ok()) return to_error(status);
  return {};
}

void NewestFirst::add(rocksdb::ColumnFamilyHandle* family, const std::string& prefix,
                      std::optional<TraceNumber> below) {
  std::string to = below ? posting_key(prefix, *below) : after_prefix(prefix);
  auto range = std::make_unique<KeyRange>(snapshot_, family, prefix, std::move(to));
  range->iterator().SeekToLast();
  ranges_.push_back(std::move(range));
}

std::optional<NewestFirst::Posting> NewestFirst::next() {
  KeyRange* newest = nullptr;
  for (const auto& range : ranges_) {
    if (range->is_valid() && last_ && trailing_number(range->key()) == *last_) range->iterator().Prev();
    if (!range->is_valid()) continue;
    if (newest == nullptr || trailing_number(range->key()) > trailing_number(newest->key())) newest = range.get();
  }
  if (newest == nullptr) return std::nullopt;
  last_ = trailing_number(newest->key());
  return Posting{*last_, newest->value()};
}

Result<void> NewestFirst::status() const {
  for (const auto& range : ranges_) {
    if (const auto read = range->status(); !read) return read;
  }
  return {};
}

Result<std::vector<std::uint64_t>> numbers_under(const Snapshot& snapshot, rocksdb::ColumnFamilyHandle* family,
                                                 const std::string& prefix) {
  std::vector<std::uint64_t> numbers;
  KeyRange range(snapshot, family, prefix, after_prefix(prefix));
  for (range.iterator().SeekToFirst(); range.is_valid(); range.iterator().Next()) {
    numbers.push_back(trailing_number(range.key()));
  }
  if (const auto read = range.status(); !read) return read.error();
  return numbers;
}

}  // namespace segue::server::detail
