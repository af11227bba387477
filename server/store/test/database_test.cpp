// The database on a machine that fails.
#include "database.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rocksdb/env.h>
#include <rocksdb/file_system.h>
#include <rocksdb/write_batch.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>

namespace segue::server::detail {
namespace {

using rocksdb::IOStatus;

/// What the disk does when the log is written.
enum class Disk { Works, IsFull, FillsUp, DoesNotSync };  // FillsUp: as soon as there is anything in a log

class FailingLog final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  FailingLog(std::unique_ptr<rocksdb::FSWritableFile> file, const std::atomic<Disk>& disk)
      : FSWritableFileOwnerWrapper(std::move(file)), disk_(disk) {}

  IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions& options,
                  rocksdb::IODebugContext* debug) override {
    if (disk_ == Disk::IsFull || (disk_ == Disk::FillsUp && has_content_))
      return IOStatus::NoSpace("no space left on device");
    has_content_ = true;
    return FSWritableFileOwnerWrapper::Append(data, options, debug);
  }
  IOStatus Sync(const rocksdb::IOOptions& options, rocksdb::IODebugContext* debug) override {
    if (disk_ == Disk::DoesNotSync) return IOStatus::IOError("sync failed");
    return FSWritableFileOwnerWrapper::Sync(options, debug);
  }

 private:
  const std::atomic<Disk>& disk_;
  bool has_content_ = false;
};

class FailingFileSystem final : public rocksdb::FileSystemWrapper {
 public:
  FailingFileSystem() : FileSystemWrapper(rocksdb::FileSystem::Default()) {}

  const char* Name() const override { return "FailingFileSystem"; }
  IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                           std::unique_ptr<rocksdb::FSWritableFile>* file, rocksdb::IODebugContext* debug) override {
    IOStatus made = FileSystemWrapper::NewWritableFile(name, options, file, debug);
    if (made.ok() && name.ends_with(".log")) *file = std::make_unique<FailingLog>(std::move(*file), disk);
    return made;
  }
  IOStatus GetFreeSpace(const std::string& path, const rocksdb::IOOptions& options, std::uint64_t* room,
                        rocksdb::IODebugContext* debug) override {
    IOStatus looked = FileSystemWrapper::GetFreeSpace(path, options, room, debug);
    if (disk == Disk::IsFull) *room = 0;
    return looked;
  }

  std::atomic<Disk> disk{Disk::Works};
};

class DatabaseOnAFailingDisk : public testing::Test {
 public:
  DatabaseOnAFailingDisk() {
    std::string pattern = (std::filesystem::temp_directory_path() / "segue_database_XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) std::abort();
    folder_ = pattern;
    open();
  }
  ~DatabaseOnAFailingDisk() override {
    database_.reset();
    std::filesystem::remove_all(folder_);
  }

 protected:
  void open() {
    database_.reset();
    auto opened = Database::open({.directory = folder_}, environment_.get());
    ASSERT_TRUE(opened) << opened.error().message;
    database_ = std::move(*opened);
  }
  Result<void> put(const std::string& key) {
    rocksdb::WriteBatch batch;
    batch.Put(database_->conversations(), key, "value");
    return database_->write(batch);
  }
  void expect_stored(const std::string& key) {
    const Result<void> written = put(key);
    ASSERT_TRUE(written) << written.error().message;
    EXPECT_TRUE(has(key));
  }
  bool has(const std::string& key) { return Snapshot(*database_).get(database_->conversations(), key).has_value(); }

  const std::shared_ptr<FailingFileSystem> files_ = std::make_shared<FailingFileSystem>();
  const std::unique_ptr<rocksdb::Env> environment_ = rocksdb::NewCompositeEnv(files_);
  std::filesystem::path folder_;
  std::unique_ptr<Database> database_;
};

TEST_F(DatabaseOnAFailingDisk, WorksAgainWhenThereIsRoomAgain) {
  ASSERT_TRUE(put("before"));
  files_->disk = Disk::IsFull;
  EXPECT_EQ(put("lost").error().code, Errc::Unavailable);
  EXPECT_THAT(put("lost").error().message, testing::HasSubstr("waiting until 24 MiB are free, 0 are"));
  EXPECT_FALSE(database_->partition_for(20'261'130));
  EXPECT_TRUE(has("before"));
  EXPECT_FALSE(has("lost"));
  files_->disk = Disk::Works;
  expect_stored("after");
  open();
  EXPECT_TRUE(has("before"));
  EXPECT_TRUE(has("after"));
}

TEST_F(DatabaseOnAFailingDisk, WorksAgainThoughNothingIsInMemory) {
  files_->disk = Disk::IsFull;
  EXPECT_FALSE(put("lost"));
  files_->disk = Disk::Works;
  expect_stored("after");
}

TEST_F(DatabaseOnAFailingDisk, WorksAgainThoughItWasFullAgainAtOnce) {
  ASSERT_TRUE(put("before"));
  files_->disk = Disk::FillsUp;
  for (int attempt = 0; attempt < 3; ++attempt) EXPECT_EQ(put("lost").error().code, Errc::Unavailable);
  files_->disk = Disk::Works;
  expect_stored("after");
  EXPECT_TRUE(has("before"));
}

TEST_F(DatabaseOnAFailingDisk, MakesDaysAgainWhenThereIsRoomAgain) {
  files_->disk = Disk::IsFull;
  EXPECT_FALSE(put("lost"));
  files_->disk = Disk::Works;
  EXPECT_TRUE(database_->partition_for(20'261'130));
}

TEST_F(DatabaseOnAFailingDisk, AFlushThatFailsIsNotAnAcknowledgement) {
  ASSERT_TRUE(put("before"));
  files_->disk = Disk::DoesNotSync;
  EXPECT_FALSE(put("unsure"));
  files_->disk = Disk::Works;
  open();
  EXPECT_TRUE(has("before"));
  ASSERT_TRUE(put("after"));
  EXPECT_TRUE(has("after"));
}

}  // namespace
}  // namespace segue::server::detail
