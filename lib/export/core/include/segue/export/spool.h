// Spool: batches kept on disk while their receiver is away, in the order in which they came.
//
//   auto spool = segue::Spool::open({.folder = "/var/lib/bots/spool"});
//   (*spool)->append(batch);                                   // the collector is away
//   while (const segue::SpooledBatch* oldest = (*spool)->front()) {
//     if (exporter.export_spans(oldest->batch).outcome == ExportOutcome::Retryable) break;
//     (*spool)->pop();                                         // delivered, or refused for good
//   }
//
// It survives the process, also one that is killed: what is left is delivered by the next process that opens the folder.
// Several processes may be given the same folder, as the workers of one service are: each keeps its batches in a
// sub-folder of its own ("0", "1", ...), locked while it runs, and takes over what it finds in those that nobody runs.
// Every record carries checksums (docs/design/spool-format.md): damage loses the damaged records and no other.
// A batch may be delivered twice when a process is killed between delivery and `pop`, or ends when only some of several
// destinations have it; it is never lost.
// Thread safety: one thread at a time. Errors: `open` says why a folder cannot be used, `append` what the disk said; at
// `max_bytes` the oldest batches make room. All that is lost so is found in `take_losses`.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "segue/base/result.h"
#include "segue/export/exporter.h"
#include "segue/trace/stats.h"

namespace segue {

/// When what is written is forced to stable storage.
enum class SpoolSync : std::uint8_t {
  Never,       ///< Survives the end of the process, but perhaps not that of the machine.
  EveryBatch,  ///< Survives a power failure, at the price of a wait for the disk per batch on the back-end thread.
};

struct SpoolOptions {
  /// Made if it is not there, readable by this user only.
  std::string folder;
  /// On disk, for each process; from 64 KiB, default 256 MiB. More survives longer outages.
  std::uint64_t max_bytes = std::uint64_t{256} << 20;
  /// Older batches are dropped rather than delivered. Default 3 days; 0: no limit.
  std::chrono::seconds max_age = std::chrono::hours(72);
  SpoolSync sync = SpoolSync::Never;
};

struct SpooledBatch {
  ExportBatch batch = {};  ///< Valid until `pop`.
  std::uint64_t span_count = 0;
  bool is_recovered = false;  ///< Written by an earlier process.
};

/// Spans that were in the spool, or should have been, and are gone.
struct SpoolLoss {
  DropReason reason = DropReason::SpoolFull;
  std::uint64_t spans = 0;
  bool is_recovered = false;
};

/// What the disk did to the spool. `SpoolLoss` has the spans as far as their number is known.
struct SpoolDamage {
  std::uint64_t places = 0;             ///< Runs of bytes that are no whole record.
  std::uint64_t unclosed_segments = 0;  ///< Their process was killed, or their end is missing: spans may be, too.
};

class Spool {
 public:
  /// InvalidArgument names an option out of range; IoError says what is wrong with the folder; FailedPrecondition:
  /// a thousand processes use it.
  static Result<std::unique_ptr<Spool>> open(const SpoolOptions& options);
  /// Keeps what is left for the next process.
  virtual ~Spool() = default;
  Spool(const Spool&) = delete;
  Spool& operator=(const Spool&) = delete;

  /// Its progress is kept, too, as long as this process runs: the next one may have other destinations.
  /// LimitExceeded: the batch alone is larger than the spool. IoError: the disk is full or refuses.
  virtual Result<void> append(const ExportBatch& batch) = 0;

  /// The oldest batch, the same until `pop`; null when there is none.
  virtual const SpooledBatch* front() = 0;
  /// Remembers how far the batch that `front` returned has come.
  virtual void set_progress(const ExportProgress& progress) = 0;
  /// Forgets the batch that `front` returned.
  virtual void pop() = 0;

  /// True once `front` has found nothing more.
  virtual bool is_empty() const noexcept = 0;
  virtual std::uint64_t byte_count() const noexcept = 0;

  /// What was lost since the last call.
  virtual std::vector<SpoolLoss> take_losses() = 0;
  virtual SpoolDamage damage() const noexcept = 0;

  /// In the child of a fork: lets go of the parent's files without changing them. Nothing but the destructor may follow.
  virtual void abandon() noexcept = 0;

 protected:
  Spool() = default;
};

}  // namespace segue
