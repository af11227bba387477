// open_rocks_store(): the embedded Store, a RocksDB database in one folder.
//
//   Result<std::unique_ptr<Store>> store = open_rocks_store({.directory = "/var/lib/segue"});
//   if (!store) return fail(store.error());
//
// The bytes on disk are described in docs/design/store-layout.md. One process at a time has the folder open.
// Thread safety: that of Store. The store starts one thread that writes, beside RocksDB's own two.
// Errors at opening: FailedPrecondition (another process has the folder open, or it was written by a newer version),
// IoError (cannot be created or written), Corruption, InvalidArgument (options).
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>

#include "segue/base/result.h"
#include "segue/server/store/store.h"

namespace segue::server {

struct RocksStoreOptions {
  /// Created if missing, with its parents.
  std::filesystem::path directory;
  /// Memory for what was read from disk, in bytes. More: faster repeated reads. At least 1 MiB.
  std::size_t block_cache_bytes = 8U << 20;
  /// Memory for what is not yet in table files, in bytes. More: larger and fewer files. At least 1 MiB.
  std::size_t write_buffer_bytes = 24U << 20;
  /// Spans waiting for the disk, in approximate bytes; beyond it `append` answers Unavailable. At least 64 KiB.
  std::size_t max_queue_bytes = 32U << 20;
  /// Nanoseconds since the Unix epoch; decides the day under which arriving spans are kept. Empty: the system's clock.
  std::function<std::uint64_t()> now = {};
};

/// Opens or creates the database. After a crash the last commits are recovered from the log; a torn tail, which was
/// never acknowledged, is cut off.
Result<std::unique_ptr<Store>> open_rocks_store(const RocksStoreOptions& options);

}  // namespace segue::server
