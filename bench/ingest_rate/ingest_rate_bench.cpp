// How many spans per second can be stored durably, and how many bytes does a span take on disk?
//
// Beside the store stands a floor measured in the same run: plain RocksDB, with the same compression, that keeps the
// same webhooks as opaque values without any index or check. Both flush each batch to stable storage before the same
// sender's next. Bytes are table files after full compaction.
#include <benchmark/benchmark.h>
#include <rocksdb/db.h>
#include <rocksdb/table.h>
#include <rocksdb/utilities/options_util.h>
#include <rocksdb/write_batch.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "bot_traffic.h"
#include "segue/server/store/rocks_store.h"

namespace segue::bench {
namespace {

constexpr std::size_t webhooks_per_batch = 36;
constexpr std::size_t batches_in_all = 400;
constexpr std::size_t spans_in_all = batches_in_all * webhooks_per_batch * BotTraffic::spans_per_webhook;

[[noreturn]] void give_up(const std::string& reason) {
  std::fprintf(stderr, "ingest_rate_bench: %s\n", reason.c_str());
  std::exit(1);
}

void check(const rocksdb::Status& status) {
  if (!status.ok()) give_up(status.ToString());
}

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "segue_ingest_rate_XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) give_up("no temporary folder");
    path_ = pattern;
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

std::vector<Batch> make_batches() {
  BotTraffic traffic;
  std::vector<Batch> batches;
  for (std::size_t i = 0; i < batches_in_all; ++i) batches.push_back(traffic.next_batch(webhooks_per_batch));
  return batches;
}

const std::vector<Batch>& batches() {
  static const std::vector<Batch> made = make_batches();
  return made;
}

/// Calls `send(batch number)` for every batch, from `senders` threads.
template <class Send>
void send_all(std::size_t senders, const Send& send) {
  std::vector<std::thread> threads;
  for (std::size_t sender = 0; sender < senders; ++sender) {
    threads.emplace_back([&send, sender, senders] {
      for (std::size_t i = sender; i < batches_in_all; i += senders) send(i);
    });
  }
  for (std::thread& thread : threads) thread.join();
}

/// A database opened with the options it was written with.
class SameOptions {
 public:
  explicit SameOptions(const std::string& folder) {
    rocksdb::DBOptions options;
    std::vector<rocksdb::ColumnFamilyDescriptor> descriptors;
    check(rocksdb::LoadLatestOptions(rocksdb::ConfigOptions(), folder, &options, &descriptors));
    rocksdb::DB* opened = nullptr;
    check(rocksdb::DB::Open(options, folder, descriptors, &families_, &opened));
    database_.reset(opened);
  }
  ~SameOptions() {
    for (rocksdb::ColumnFamilyHandle* family : families_) database_->DestroyColumnFamilyHandle(family);
  }
  SameOptions(const SameOptions&) = delete;
  SameOptions& operator=(const SameOptions&) = delete;

  std::uint64_t compacted_bytes() {
    rocksdb::CompactRangeOptions everything;
    everything.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForce;
    for (rocksdb::ColumnFamilyHandle* family : families_) {
      check(database_->Flush(rocksdb::FlushOptions(), family));
      check(database_->CompactRange(everything, family, nullptr, nullptr));
    }
    std::uint64_t bytes = 0;
    database_->GetAggregatedIntProperty(rocksdb::DB::Properties::kLiveSstFilesSize, &bytes);
    return bytes;
  }

 private:
  std::vector<rocksdb::ColumnFamilyHandle*> families_;
  std::unique_ptr<rocksdb::DB> database_;
};

void report_size(benchmark::State& state, const std::string& folder) {
  const auto bytes = static_cast<double>(SameOptions(folder).compacted_bytes());
  state.counters["bytes_per_span"] = bytes / static_cast<double>(spans_in_all);
}

void report_rate(benchmark::State& state) {
  state.SetItemsProcessed(static_cast<std::int64_t>(spans_in_all) * state.iterations());
}

void append_to_store(benchmark::State& state) {
  const std::vector<Batch>& sent = batches();
  for (auto _ : state) {
    const TemporaryFolder folder;
    auto store = server::open_rocks_store({.directory = folder.path()});
    if (!store) give_up(store.error().message);
    const auto start = std::chrono::steady_clock::now();
    send_all(static_cast<std::size_t>(state.range(0)), [&](std::size_t i) {
      if (const auto receipt = (*store)->append(sent[i].list); !receipt) give_up(receipt.error().message);
    });
    state.SetIterationTime(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    state.counters["spans_per_flush"] = static_cast<double>(spans_in_all) / (*store)->stats().commits;
    store->reset();
    report_size(state, folder.path());
  }
  report_rate(state);
}

/// One opaque value per webhook, by batch.
std::vector<std::vector<std::string>> opaque_values() {
  std::vector<std::vector<std::string>> values;
  for (const Batch& batch : batches()) {
    values.emplace_back();
    for (std::size_t i = 0; i < webhooks_per_batch; ++i) values.back().push_back(opaque_bytes(batch, i));
  }
  return values;
}

std::unique_ptr<rocksdb::DB> open_plain(const std::string& folder) {
  rocksdb::BlockBasedTableOptions table;
  table.block_size = 16U << 10;
  rocksdb::Options options;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  options.create_if_missing = true;
  options.compression = rocksdb::kLZ4Compression;
  options.bottommost_compression = rocksdb::kZSTD;
  options.bottommost_compression_opts.enabled = true;
  options.bottommost_compression_opts.level = 3;
  options.bottommost_compression_opts.max_dict_bytes = 16U << 10;
  options.bottommost_compression_opts.zstd_max_train_bytes = 1U << 20;
  options.wal_compression = rocksdb::kZSTD;
  options.write_buffer_size = 8U << 20;
  rocksdb::DB* opened = nullptr;
  check(rocksdb::DB::Open(options, folder, &opened));
  return std::unique_ptr<rocksdb::DB>(opened);
}

void put_opaque_bytes(benchmark::State& state) {
  const std::vector<std::vector<std::string>> values = opaque_values();
  for (auto _ : state) {
    const TemporaryFolder folder;
    std::unique_ptr<rocksdb::DB> database = open_plain(folder.path());
    const auto start = std::chrono::steady_clock::now();
    send_all(static_cast<std::size_t>(state.range(0)), [&](std::size_t i) {
      rocksdb::WriteBatch batch;
      for (std::size_t webhook = 0; webhook < webhooks_per_batch; ++webhook) {
        const std::uint64_t key = __builtin_bswap64(i * webhooks_per_batch + webhook);
        batch.Put({reinterpret_cast<const char*>(&key), sizeof key}, values[i][webhook]);
      }
      rocksdb::WriteOptions durable;
      durable.sync = true;
      check(database->Write(durable, &batch));
    });
    state.SetIterationTime(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    database.reset();
    report_size(state, folder.path());
  }
  report_rate(state);
}

/// A store that holds all batches, for the reading benchmarks; filled once.
server::Store& filled_store() {
  static const TemporaryFolder folder;
  static const std::unique_ptr<server::Store> store = [] {
    auto opened = server::open_rocks_store({.directory = folder.path()});
    if (!opened) give_up(opened.error().message);
    send_all(4, [&](std::size_t i) {
      if (const auto receipt = (*opened)->append(batches()[i].list); !receipt) give_up(receipt.error().message);
    });
    return std::move(*opened);
  }();
  return *store;
}

void read_trace_by_id(benchmark::State& state) {
  server::Store& store = filled_store();
  std::size_t i = 0;
  for (auto _ : state) {
    const Batch& batch = batches()[i++ * 7919 % batches_in_all];
    if (!store.trace(batch.list.spans.front().trace_id)) give_up("a trace is missing");
  }
}

void read_journey(benchmark::State& state) {
  server::Store& store = filled_store();
  std::uint64_t webhook = 0;
  for (auto _ : state) {
    webhook = (webhook + 7919) % (batches_in_all * webhooks_per_batch);
    if (!store.journey(BotTraffic::contact(webhook))) give_up("a journey is missing");
  }
}

void search_newest_errors(benchmark::State& state) {
  for (auto _ : state) {
    const auto page = filled_store().find_traces({.service = "jorge", .errors_only = true, .limit = 20});
    if (!page || page->items.size() != 20) give_up("the search found too little");
  }
}

BENCHMARK(append_to_store)->Arg(1)->Arg(4)->Arg(16)->Iterations(1)->UseManualTime()->Unit(benchmark::kMillisecond);
BENCHMARK(put_opaque_bytes)->Arg(1)->Arg(4)->Arg(16)->Iterations(1)->UseManualTime()->Unit(benchmark::kMillisecond);
BENCHMARK(read_trace_by_id)->Unit(benchmark::kMicrosecond);
BENCHMARK(read_journey)->Unit(benchmark::kMicrosecond);
BENCHMARK(search_newest_errors)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace segue::bench

BENCHMARK_MAIN();
