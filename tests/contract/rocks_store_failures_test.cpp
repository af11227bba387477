// What the embedded store does when its folder, its disk or its files fail, and over many days.
#include <gmock/gmock.h>
#include <rocksdb/db.h>
#include <signal.h>
#include <sys/resource.h>

#include <fstream>

#include "segue/server/store/rocks_store.h"
#include "store_contract.h"

namespace segue::server::contract {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::uint64_t second = 1'000'000'000;
constexpr std::uint64_t day = 86'400 * second;
constexpr std::uint64_t monday = 1'747'000'000 * second;

std::unique_ptr<Store> open_or_die(RocksStoreOptions options) {
  auto store = open_rocks_store(options);
  if (!store) ADD_FAILURE() << store.error().message;
  return store ? std::move(*store) : nullptr;
}

/// The database without Segue, to damage it.
class RawDatabase {
 public:
  explicit RawDatabase(const std::filesystem::path& folder) {
    std::vector<std::string> names;
    rocksdb::Status status = rocksdb::DB::ListColumnFamilies(rocksdb::DBOptions(), folder.string(), &names);
    std::vector<rocksdb::ColumnFamilyDescriptor> descriptors;
    for (const std::string& name : names) descriptors.emplace_back(name, rocksdb::ColumnFamilyOptions());
    rocksdb::DB* opened = nullptr;
    const rocksdb::DBOptions options;
    if (status.ok()) status = rocksdb::DB::Open(options, folder.string(), descriptors, &families_, &opened);
    if (!status.ok()) ADD_FAILURE() << status.ToString();
    database_.reset(opened);
  }
  ~RawDatabase() {
    for (rocksdb::ColumnFamilyHandle* family : families_) database_->DestroyColumnFamilyHandle(family);
  }
  RawDatabase(const RawDatabase&) = delete;
  RawDatabase& operator=(const RawDatabase&) = delete;

  rocksdb::ColumnFamilyHandle* family(std::string_view prefix) const {
    for (rocksdb::ColumnFamilyHandle* family : families_) {
      if (family->GetName().starts_with(prefix)) return family;
    }
    ADD_FAILURE() << "no column family " << prefix;
    return nullptr;
  }
  rocksdb::DB& rocks() { return *database_; }

 private:
  std::vector<rocksdb::ColumnFamilyHandle*> families_;
  std::unique_ptr<rocksdb::DB> database_;
};

SpanMaker one_trace(std::uint64_t trace, std::string_view contact = "anna", std::uint64_t start = monday) {
  SpanMaker maker;
  maker.node(trace, 1, "lead_bot", "greet", contact, start);
  return maker;
}

TEST(RocksStoreFailures, OptionsAreChecked) {
  TemporaryFolder folder;
  EXPECT_EQ(open_rocks_store({}).error().code, Errc::InvalidArgument);
  EXPECT_EQ(open_rocks_store({.directory = folder.path(), .block_cache_bytes = 1}).error().code, Errc::InvalidArgument);
  EXPECT_EQ(open_rocks_store({.directory = folder.path(), .write_buffer_bytes = 1}).error().code,
            Errc::InvalidArgument);
  EXPECT_EQ(open_rocks_store({.directory = folder.path(), .max_queue_bytes = 1}).error().code, Errc::InvalidArgument);
}

TEST(RocksStoreFailures, AFolderThatCannotBeMadeIsAClearError) {
  TemporaryFolder folder;
  std::ofstream(folder.path() / "file") << "not a folder";
  const auto store = open_rocks_store({.directory = folder.path() / "file" / "store"});
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code, Errc::IoError);
  EXPECT_THAT(store.error().message, HasSubstr((folder.path() / "file" / "store").string()));
}

TEST(RocksStoreFailures, AFolderInUseIsAClearError) {
  TemporaryFolder folder;
  const auto first = open_or_die({.directory = folder.path()});
  const auto second_store = open_rocks_store({.directory = folder.path()});
  ASSERT_FALSE(second_store);
  EXPECT_EQ(second_store.error().code, Errc::FailedPrecondition);
  EXPECT_THAT(second_store.error().message, HasSubstr("another process has it open"));
}

TEST(RocksStoreFailures, ANewerSchemaIsRefusedAndLeftAlone) {
  TemporaryFolder folder;
  open_or_die({.directory = folder.path()});
  {
    RawDatabase raw(folder.path());
    ASSERT_TRUE(raw.rocks().Put(rocksdb::WriteOptions(), raw.family("default"), "schema", "99").ok());
  }
  const auto store = open_rocks_store({.directory = folder.path()});
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code, Errc::FailedPrecondition);
  EXPECT_THAT(store.error().message, HasSubstr("newer version of Segue (schema 99"));
}

TEST(RocksStoreFailures, ADamagedChunkIsNamedAndTheOthersAreServed) {
  TemporaryFolder folder;
  {
    const auto store = open_or_die({.directory = folder.path()});
    ASSERT_TRUE(store->append(one_trace(1).list()));
    ASSERT_TRUE(store->append(one_trace(2, "bert").list()));
  }
  {
    RawDatabase raw(folder.path());
    rocksdb::ColumnFamilyHandle* chunks = raw.family("d@");
    const std::unique_ptr<rocksdb::Iterator> first(raw.rocks().NewIterator(rocksdb::ReadOptions(), chunks));
    first->SeekToFirst();
    ASSERT_TRUE(first->Valid());
    ASSERT_TRUE(raw.rocks().Put(rocksdb::WriteOptions(), chunks, first->key(), "\x01 not a chunk").ok());
  }
  const auto store = open_or_die({.directory = folder.path()});
  const auto damaged = store->trace(trace_id(1));
  ASSERT_FALSE(damaged);
  EXPECT_EQ(damaged.error().code, Errc::Corruption);
  EXPECT_THAT(damaged.error().message, HasSubstr("trace " + trace_id(1).to_hex() + ": chunk "));
  EXPECT_EQ(store->stats().corrupt_chunks, 1U);
  EXPECT_TRUE(store->trace(trace_id(2)));
  EXPECT_EQ(store->journey("anna")->traces, 1U);
  EXPECT_THAT(numbers_of(store->find_traces({.name = "lead_bot.greet"})->items), ElementsAre(2));
  SpanMaker more;
  more.node(1, 2, "lead_bot", "close", "anna", monday + second);
  EXPECT_TRUE(store->append(more.list())) << "a damaged trace must not stop new spans";
}

TEST(RocksStoreFailures, AnAppendLargerThanTheQueueIsRefused) {
  TemporaryFolder folder;
  const auto store = open_or_die({.directory = folder.path(), .max_queue_bytes = 64U << 10});
  SpanMaker maker;
  maker.set(maker.span(1, 1, "work", monday), "text", std::string(65U << 10, 'x'));
  EXPECT_EQ(store->append(maker.list()).error().code, Errc::LimitExceeded);
  EXPECT_EQ(store->stats().refused_appends, 1U);
  EXPECT_TRUE(store->append(one_trace(1).list()));
}

/// While it lives, no file of this process may grow beyond `bytes`, as on a full disk.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    ::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit lowered{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &lowered);
  }
  ~FileSizeLimit() { ::setrlimit(RLIMIT_FSIZE, &before_); }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  rlimit before_{};
};

TEST(RocksStoreFailures, AFailedWriteIsAnErrorStoresNothingAndLeavesTheRestReadable) {
  TemporaryFolder folder;
  std::uint64_t stored = 0;
  {
    const auto store = open_or_die({.directory = folder.path()});
    Result<AppendReceipt> receipt = AppendReceipt{};
    {
      const FileSizeLimit limit(256U << 10);
      while (receipt && stored < 10'000) {
        SpanMaker maker;
        std::string text;  // does not compress
        for (int i = 0; i < 400; ++i) text += trace_id(stored * 2654435761 + i * 40503).to_hex();
        maker.set(maker.node(stored + 1, 1, "lead_bot", "greet", "anna", monday), "text", text);
        receipt = store->append(maker.list());
        if (receipt) ++stored;
      }
    }
    ASSERT_FALSE(receipt) << "the limit did not bite";
    EXPECT_TRUE(receipt.error().code == Errc::IoError || receipt.error().code == Errc::Unavailable);
    EXPECT_FALSE(receipt.error().message.empty());
    EXPECT_EQ(store->stats().failed_appends, 1U);
    EXPECT_EQ(store->trace(trace_id(stored + 1)).error().code, Errc::NotFound);
    EXPECT_EQ(store->journey("anna")->traces, stored);
    const auto refused = store->append(one_trace(stored + 1).list());
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().message, HasSubstr("until the server is started again"));
  }
  const auto store = open_or_die({.directory = folder.path()});
  EXPECT_TRUE(store->append(one_trace(stored + 1).list()));
  EXPECT_EQ(store->journey("anna")->traces, stored + 1);
  for (std::uint64_t i = 1; i <= stored + 1; ++i) ASSERT_TRUE(store->trace(trace_id(i)));
}

TEST(RocksStoreDays, ATraceAndAJourneyAreWholeOverManyDaysOfArrival) {
  TemporaryFolder folder;
  std::uint64_t now = monday;
  const RocksStoreOptions options = {.directory = folder.path(), .now = [&now] { return now; }};
  for (std::uint64_t i = 0; i < 5; ++i) {
    const auto store = open_or_die(options);
    SpanMaker maker;
    maker.node(1, i + 1, "lead_bot", "greet", "anna", monday + i * day);             // one trace, a span a day
    maker.node(10 + i, 1, "buyer_bot", "search", "anna", monday - i * day, second);  // arrives ever later
    maker.span(20 + i, 1, "linked", monday + i).links.resize(1);
    maker.list().spans.back().links[0].trace_id = trace_id(1);
    ASSERT_TRUE(store->append(maker.list()));
    now += day;
  }
  const auto store = open_or_die(options);
  EXPECT_EQ(store->trace(trace_id(1))->spans.size(), 5U);
  const auto journey = store->journey("anna");
  EXPECT_EQ(journey->traces, 6U);
  EXPECT_EQ(journey->spans, 10U);
  EXPECT_EQ(journey->first_unix_nanos, monday - 4 * day);
  EXPECT_THAT(numbers_of(store->find_traces({.bot = "buyer_bot"})->items), ElementsAre(10, 11, 12, 13, 14));
  EXPECT_THAT(numbers_of(store->find_traces({.name = "lead_bot.greet"})->items), ElementsAre(1));
  EXPECT_THAT(numbers_of(*store->traces_linking_to(trace_id(1))), ElementsAre(20, 21, 22, 23, 24));
  EXPECT_EQ(store->append(one_trace(1).list())->duplicates, 1U) << "a retry days later counts once, too";
}

TEST(RocksStoreDays, AClockSetBackKeepsOrder) {
  TemporaryFolder folder;
  std::uint64_t now = monday + 3 * day;
  const RocksStoreOptions options = {.directory = folder.path(), .now = [&now] { return now; }};
  for (std::uint64_t i = 1; i <= 3; ++i) {
    const auto store = open_or_die(options);
    SpanMaker maker;
    maker.node(1, i, "lead_bot", "greet", "anna", monday + i);
    ASSERT_TRUE(store->append(maker.list()));
    now -= day;
  }
  EXPECT_EQ(open_or_die(options)->trace(trace_id(1))->spans.size(), 3U);
}

}  // namespace
}  // namespace segue::server::contract
