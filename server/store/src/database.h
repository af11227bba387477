// Database: the RocksDB behind the store, its column families and its options.
//
//   Result<std::unique_ptr<Database>> database = Database::open(options);
//   Result<DayPartition> today = (*database)->partition_for(20250512);
//
// Chunks (d@YYYYMMDD) and postings (x@YYYYMMDD) lie in a pair of column families per day of arrival, so that a day can
// be dropped at once; `conv`, `dict` and the default one, which holds the schema's version, are for all days.
// Thread safety: `partition_for` and `write` belong to the writing thread; the others are for any.
// Errors: as told by `to_error`; a schema newer than this program knows is FailedPrecondition.
#pragma once

#include <rocksdb/db.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "segue/base/result.h"
#include "segue/server/store/rocks_store.h"

namespace segue::server::detail {

/// Owned by the database.
struct DayPartition {
  std::uint32_t date = 0;
  rocksdb::ColumnFamilyHandle* chunks = nullptr;
  rocksdb::ColumnFamilyHandle* postings = nullptr;
};

/// Full disks and the like are Unavailable, since they pass; the rest by RocksDB's own categories.
Error to_error(const rocksdb::Status& status);

class Database {
 public:
  /// `environment` is RocksDB's view of the machine; tests make it fail. It outlives the database.
  static Result<std::unique_ptr<Database>> open(const RocksStoreOptions& options,
                                                rocksdb::Env* environment = rocksdb::Env::Default());
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  rocksdb::DB& rocks() noexcept { return *rocks_; }
  rocksdb::ColumnFamilyHandle* conversations() const noexcept { return conversations_; }
  rocksdb::ColumnFamilyHandle* dictionary() const noexcept { return dictionary_; }

  /// The pair of that day, made if it does not exist.
  Result<DayPartition> partition_for(std::uint32_t date);
  /// All days, oldest first.
  std::vector<DayPartition> partitions() const;

  /// Writes and flushes to stable storage. After a full disk it works again as soon as there is room for all that is in
  /// memory (RocksStoreOptions::write_buffer_bytes); where the disk failed in earnest, only after opening the database
  /// again.
  Result<void> write(rocksdb::WriteBatch& batch);

  std::uint64_t disk_bytes() const noexcept;

 private:
  Database() = default;
  Result<void> open_families(const RocksStoreOptions& options, rocksdb::Env* environment);
  Result<void> check_schema();
  void adopt(rocksdb::ColumnFamilyHandle* family);
  /// Puts an entry that is not logged into memory. Resume() begins a new log only where there is something to flush, and
  /// a log that could not be written stays unusable.
  Result<void> hold_memory();
  Result<void> resume();

  rocksdb::ColumnFamilyOptions postings_options_, chunks_options_;
  std::atomic<bool> has_failed_ = false;  // before rocks_, whose threads set it
  std::uint64_t room_to_resume_ = 0;
  std::unique_ptr<rocksdb::DB> rocks_;
  rocksdb::ColumnFamilyHandle* default_ = nullptr;
  rocksdb::ColumnFamilyHandle* conversations_ = nullptr;
  rocksdb::ColumnFamilyHandle* dictionary_ = nullptr;
  mutable std::mutex mutex_;
  std::vector<DayPartition> partitions_;  // guarded by mutex_
};

/// One consistent state of the database, for the length of one request.
class Snapshot {
 public:
  explicit Snapshot(Database& database);
  ~Snapshot();
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

  rocksdb::ReadOptions options() const;
  /// The value, or NotFound.
  Result<std::string> get(rocksdb::ColumnFamilyHandle* family, const std::string& key) const;
  const std::vector<DayPartition>& partitions() const noexcept { return partitions_; }
  /// Null if there is no such day.
  const DayPartition* partition(std::uint32_t date) const noexcept;
  Database& database() const noexcept { return database_; }

 private:
  Database& database_;
  const rocksdb::Snapshot* snapshot_;
  std::vector<DayPartition> partitions_;
};

}  // namespace segue::server::detail
