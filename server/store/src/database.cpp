#include "database.h"

#include <rocksdb/cache.h>
#include <rocksdb/convenience.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/listener.h>
#include <rocksdb/table.h>
#include <rocksdb/write_batch.h>
#include <rocksdb/write_buffer_manager.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <system_error>

namespace segue::server::detail {
namespace {

constexpr std::uint32_t schema_version = 1;
constexpr std::string_view schema_key = "schema";
constexpr std::string_view never_key = "never";  // deleted, never written
constexpr std::string_view conversations_name = "conv";
constexpr std::string_view dictionary_name = "dict";
constexpr std::string_view chunks_prefix = "d@";
constexpr std::string_view postings_prefix = "x@";

constexpr std::size_t mebibyte = 1U << 20;

std::optional<std::uint32_t> parse_number(std::string_view text) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_whole = error == std::errc() && end == text.data() + text.size();
  return is_whole ? std::optional(number) : std::nullopt;
}

/// Notes that RocksDB has stopped, and keeps it from resuming by itself: its own thread for that gives up for good if the
/// disk is still full, or full again, when it tries, and then every later Resume() is refused.
class FailureListener final : public rocksdb::EventListener {
 public:
  explicit FailureListener(std::atomic<bool>& has_failed) : has_failed_(has_failed) {}

  void OnBackgroundError(rocksdb::BackgroundErrorReason, rocksdb::Status*) override { has_failed_ = true; }
  void OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason, rocksdb::Status, bool* auto_recovery) override {
    *auto_recovery = false;
  }

 private:
  std::atomic<bool>& has_failed_;
};

/// Partitioned indexes and filters keep memory small however large the files get.
std::shared_ptr<rocksdb::TableFactory> table_factory(const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.block_size = 16U << 10;
  table.format_version = 5;
  table.index_type = rocksdb::BlockBasedTableOptions::kTwoLevelIndexSearch;
  table.partition_filters = true;
  table.metadata_block_size = 4096;
  table.cache_index_and_filter_blocks = true;
  table.pin_top_level_index_and_filter = true;
  table.filter_policy.reset(rocksdb::NewRibbonFilterPolicy(10));
  return std::shared_ptr<rocksdb::TableFactory>(rocksdb::NewBlockBasedTableFactory(table));
}

rocksdb::ColumnFamilyOptions family_options(std::shared_ptr<rocksdb::TableFactory> tables,
                                            std::size_t write_buffer_bytes) {
  rocksdb::ColumnFamilyOptions options;
  options.table_factory = std::move(tables);
  options.write_buffer_size = write_buffer_bytes;
  options.target_file_size_base = 32 * mebibyte;
  options.level_compaction_dynamic_level_bytes = true;
  options.compression = rocksdb::kLZ4Compression;
  options.bottommost_compression = rocksdb::kZSTD;
  options.bottommost_compression_opts.enabled = true;
  options.bottommost_compression_opts.level = 3;
  options.bottommost_compression_opts.max_dict_bytes = 16U << 10;
  options.bottommost_compression_opts.zstd_max_train_bytes = mebibyte;
  options.bottommost_compression_opts.max_dict_buffer_bytes = 2 * mebibyte;
  return options;
}

rocksdb::DBOptions database_options(const RocksStoreOptions& options, const std::shared_ptr<rocksdb::Cache>& cache,
                                    rocksdb::Env* environment) {
  rocksdb::DBOptions database;
  database.env = environment;
  database.create_if_missing = true;
  database.create_missing_column_families = true;
  database.write_buffer_manager = std::make_shared<rocksdb::WriteBufferManager>(options.write_buffer_bytes, cache);
  database.wal_compression = rocksdb::kZSTD;
  database.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  database.track_and_verify_wals_in_manifest = true;
  database.max_total_wal_size = 64 * mebibyte;
  database.max_background_jobs = 2;
  database.max_open_files = 256;
  database.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
  database.keep_log_file_num = 4;
  database.max_log_file_size = 4 * mebibyte;
  database.stats_dump_period_sec = 0;
  database.stats_persist_period_sec = 0;
  return database;
}

Result<void> check_options(const RocksStoreOptions& options) {
  if (options.directory.empty()) return Error{Errc::InvalidArgument, "no folder is given"};
  if (options.block_cache_bytes < mebibyte || options.write_buffer_bytes < mebibyte) {
    return Error{Errc::InvalidArgument, "the block cache and the write buffer need at least 1 MiB each"};
  }
  return {};
}

Error to_open_error(const rocksdb::Status& status) {
  const std::string text = status.ToString();
  if (status.IsIOError() && text.find("/LOCK") != std::string::npos && text.find("ermission") == std::string::npos) {
    return Error{Errc::FailedPrecondition, "another process has it open (" + text + ")"};
  }
  return to_error(status);
}

}  // namespace

Error to_error(const rocksdb::Status& status) {
  Errc code = Errc::Internal;
  if (status.IsNoSpace() || status.IsBusy() || status.IsTryAgain() || status.IsIncomplete()) {
    code = Errc::Unavailable;
  } else if (status.IsCorruption()) {
    code = Errc::Corruption;
  } else if (status.IsIOError()) {
    code = Errc::IoError;
  } else if (status.IsNotFound()) {
    code = Errc::NotFound;
  }
  return Error{code, status.ToString()};
}

Result<std::unique_ptr<Database>> Database::open(const RocksStoreOptions& options, rocksdb::Env* environment) {
  const std::string context = "open the store in " + options.directory.string();
  if (const auto checked = check_options(options); !checked) return checked.error().with_context(context);
  std::error_code error;
  std::filesystem::create_directories(options.directory, error);
  if (error) return Error{Errc::IoError, error.message()}.with_context(context);
  std::unique_ptr<Database> database(new Database);
  const auto opened = database->open_families(options, environment);
  if (!opened) return opened.error().with_context(context);
  if (const auto checked = database->check_schema(); !checked) return checked.error().with_context(context);
  return database;
}

Result<void> Database::open_families(const RocksStoreOptions& options, rocksdb::Env* environment) {
  const std::shared_ptr<rocksdb::Cache> cache = rocksdb::NewLRUCache(options.block_cache_bytes, 2);
  const auto tables = table_factory(cache);
  rocksdb::DBOptions database = database_options(options, cache, environment);
  database.listeners.push_back(std::make_shared<FailureListener>(has_failed_));
  room_to_resume_ = options.write_buffer_bytes;
  chunks_options_ = family_options(tables, 8 * mebibyte);
  postings_options_ = family_options(tables, 4 * mebibyte);
  const std::string path = options.directory.string();
  std::vector<std::string> names;
  const rocksdb::Status listed = rocksdb::DB::ListColumnFamilies(database, path, &names);
  if (!listed.ok()) names = {rocksdb::kDefaultColumnFamilyName};
  for (const std::string_view needed : {conversations_name, dictionary_name}) {
    if (std::find(names.begin(), names.end(), needed) == names.end()) names.emplace_back(needed);
  }
  std::vector<rocksdb::ColumnFamilyDescriptor> descriptors;
  for (const std::string& name : names) {
    descriptors.emplace_back(name, name.starts_with(chunks_prefix) ? chunks_options_ : postings_options_);
  }
  std::vector<rocksdb::ColumnFamilyHandle*> families;
  rocksdb::DB* opened = nullptr;
  const rocksdb::Status status = rocksdb::DB::Open(database, path, descriptors, &families, &opened);
  if (!status.ok()) return to_open_error(status);
  rocks_.reset(opened);
  for (rocksdb::ColumnFamilyHandle* family : families) adopt(family);
  return hold_memory();
}

void Database::adopt(rocksdb::ColumnFamilyHandle* family) {
  const std::string& name = family->GetName();
  if (name == conversations_name) {
    conversations_ = family;
    return;
  }
  if (name == dictionary_name) {
    dictionary_ = family;
    return;
  }
  const bool holds_chunks = name.starts_with(chunks_prefix);
  const auto date = parse_number(std::string_view(name).substr(std::min(name.size(), chunks_prefix.size())));
  if (!date || (!holds_chunks && !name.starts_with(postings_prefix))) {
    if (name == rocksdb::kDefaultColumnFamilyName) {
      default_ = family;
    } else {
      rocks_->DestroyColumnFamilyHandle(family);
    }
    return;
  }
  const std::lock_guard lock(mutex_);
  auto place = std::lower_bound(partitions_.begin(), partitions_.end(), *date,
                                [](const DayPartition& day, std::uint32_t wanted) { return day.date < wanted; });
  if (place == partitions_.end() || place->date != *date) place = partitions_.insert(place, DayPartition{*date});
  (holds_chunks ? place->chunks : place->postings) = family;
}

Result<void> Database::check_schema() {
  std::string stored;
  const rocksdb::Slice key(schema_key.data(), schema_key.size());
  const rocksdb::Status found = rocks_->Get(rocksdb::ReadOptions(), default_, key, &stored);
  if (found.IsNotFound()) {
    rocksdb::WriteBatch batch;
    batch.Put(default_, key, std::to_string(schema_version));
    return write(batch);
  }
  if (!found.ok()) return to_error(found);
  const auto version = parse_number(stored);
  if (!version || *version > schema_version) {
    return Error{Errc::FailedPrecondition, "it was written by a newer version of Segue (schema " + stored +
                                               ", this program knows up to " + std::to_string(schema_version) + ")"};
  }
  return {};
}

Database::~Database() {
  if (rocks_ == nullptr) return;
  std::vector<rocksdb::ColumnFamilyHandle*> families = {default_, conversations_, dictionary_};
  for (const DayPartition& day : partitions_) families.insert(families.end(), {day.chunks, day.postings});
  std::erase(families, nullptr);
  // With nothing left in the log the next start is quick. If this fails the log is replayed, so nothing is lost.
  rocks_->Flush(rocksdb::FlushOptions(), families).PermitUncheckedError();
  for (rocksdb::ColumnFamilyHandle* family : families) rocks_->DestroyColumnFamilyHandle(family);
}

Result<DayPartition> Database::partition_for(std::uint32_t date) {
  if (const auto resumed = resume(); !resumed) return resumed.error();
  DayPartition day{date};
  {
    const std::lock_guard lock(mutex_);
    const auto known = std::find_if(partitions_.begin(), partitions_.end(),
                                    [date](const DayPartition& candidate) { return candidate.date == date; });
    if (known != partitions_.end()) day = *known;  // perhaps only half of a pair, after a crash
  }
  const auto make = [&](std::string_view prefix, const rocksdb::ColumnFamilyOptions& options,
                        rocksdb::ColumnFamilyHandle*& family) {
    if (family != nullptr) return rocksdb::Status::OK();
    rocksdb::Status made = rocks_->CreateColumnFamily(options, std::string(prefix) + std::to_string(date), &family);
    if (made.ok()) adopt(family);
    return made;
  };
  if (const auto made = make(chunks_prefix, chunks_options_, day.chunks); !made.ok()) return to_error(made);
  if (const auto made = make(postings_prefix, postings_options_, day.postings); !made.ok()) return to_error(made);
  return day;
}

std::vector<DayPartition> Database::partitions() const {
  const std::lock_guard lock(mutex_);
  std::vector<DayPartition> whole;
  std::copy_if(partitions_.begin(), partitions_.end(), std::back_inserter(whole),
               [](const DayPartition& day) { return day.chunks != nullptr && day.postings != nullptr; });
  return whole;
}

Result<void> Database::hold_memory() {
  rocksdb::WriteOptions options;
  options.disableWAL = true;
  const rocksdb::Status held = rocks_->Delete(options, default_, rocksdb::Slice(never_key.data(), never_key.size()));
  if (!held.ok()) return to_error(held);
  return {};
}

Result<void> Database::resume() {
  if (!has_failed_) return {};
  std::uint64_t room = 0;
  const rocksdb::Status looked = rocks_->GetEnv()->GetFreeSpace(rocks_->GetName(), &room);
  if (looked.ok() && room < room_to_resume_) {
    return Error{Errc::Unavailable, "the disk is full; waiting until " + std::to_string(room_to_resume_ / mebibyte) +
                                        " MiB are free, " + std::to_string(room / mebibyte) + " are"};
  }
  has_failed_ = false;  // before, as the attempt may fail, too
  const rocksdb::Status resumed = rocks_->Resume();
  if (resumed.ok()) return hold_memory();
  has_failed_ = true;
  return to_error(resumed).with_context("nothing can be stored until the server is started again");
}

Result<void> Database::write(rocksdb::WriteBatch& batch) {
  if (auto resumed = resume(); !resumed) return resumed;
  rocksdb::WriteOptions options;
  options.sync = true;
  const rocksdb::Status written = rocks_->Write(options, &batch);
  if (written.ok()) return {};
  has_failed_ = true;
  return to_error(written);
}

std::uint64_t Database::disk_bytes() const noexcept {
  std::uint64_t total = 0;
  std::uint64_t bytes = 0;
  if (rocks_->GetAggregatedIntProperty(rocksdb::DB::Properties::kTotalSstFilesSize, &bytes)) total += bytes;
  rocksdb::VectorLogPtr logs;
  if (rocks_->GetSortedWalFiles(logs).ok()) {
    for (const auto& log : logs) total += log->SizeFileBytes();
  }
  return total;
}

Snapshot::Snapshot(Database& database)
    : database_(database), snapshot_(database.rocks().GetSnapshot()), partitions_(database.partitions()) {}

Snapshot::~Snapshot() { database_.rocks().ReleaseSnapshot(snapshot_); }

rocksdb::ReadOptions Snapshot::options() const {
  rocksdb::ReadOptions options;
  options.snapshot = snapshot_;
  return options;
}

Result<std::string> Snapshot::get(rocksdb::ColumnFamilyHandle* family, const std::string& key) const {
  std::string value;
  const rocksdb::Status status = database_.rocks().Get(options(), family, key, &value);
  if (!status.ok()) return to_error(status);
  return value;
}

const DayPartition* Snapshot::partition(std::uint32_t date) const noexcept {
  const auto day = std::find_if(partitions_.begin(), partitions_.end(),
                                [date](const DayPartition& candidate) { return candidate.date == date; });
  return day == partitions_.end() ? nullptr : &*day;
}

}  // namespace segue::server::detail
