// Reading postings: the traces that carry some mark, over all days, in order of their start.
//
//   NewestFirst traces(snapshot);
//   for (const DayPartition& day : snapshot.partitions()) traces.add(day.postings, error_posting_prefix(), below);
//   while (const auto posting = traces.next()) show(posting->trace);
//   if (const auto read = traces.status(); !read) return read.error();
//
// Thread safety: one thread at a time, while the snapshot lives. Errors: `status()` after the end.
#pragma once

#include <rocksdb/iterator.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "database.h"
#include "keys.h"
#include "segue/base/result.h"

namespace segue::server::detail {

/// An iterator that sees only the keys from `from` up to, not including, `to`.
class KeyRange {
 public:
  KeyRange(const Snapshot& snapshot, rocksdb::ColumnFamilyHandle* family, std::string from, std::string to);
  KeyRange(const KeyRange&) = delete;
  KeyRange& operator=(const KeyRange&) = delete;

  rocksdb::Iterator& iterator() noexcept { return *iterator_; }
  bool is_valid() const noexcept { return iterator_->Valid(); }
  std::string_view key() const { return {iterator_->key().data(), iterator_->key().size()}; }
  std::string_view value() const { return {iterator_->value().data(), iterator_->value().size()}; }
  Result<void> status() const;

 private:
  std::string from_, to_;
  rocksdb::Slice from_slice_, to_slice_;
  std::unique_ptr<rocksdb::Iterator> iterator_;
};

/// The merged postings of several ranges, each trace once.
class NewestFirst {
 public:
  struct Posting {
    TraceNumber trace;
    std::string_view value;  ///< Valid until the next call.
  };

  explicit NewestFirst(const Snapshot& snapshot) noexcept : snapshot_(snapshot) {}

  /// Adds the traces under `prefix` with numbers below `below`, or all.
  void add(rocksdb::ColumnFamilyHandle* family, const std::string& prefix, std::optional<TraceNumber> below);
  /// The trace with the largest number not yet returned.
  std::optional<Posting> next();
  Result<void> status() const;

 private:
  const Snapshot& snapshot_;
  std::vector<std::unique_ptr<KeyRange>> ranges_;
  std::optional<TraceNumber> last_;
};

/// Every number under `prefix`, ascending.
Result<std::vector<std::uint64_t>> numbers_under(const Snapshot& snapshot, rocksdb::ColumnFamilyHandle* family,
                                                 const std::string& prefix);

}  // namespace segue::server::detail
