// Reader: looks up traces, their records and their spans in one consistent state of the database.
//
//   const Reader reader(database, dictionary, counters);
//   Result<TraceNumber> number = reader.number_of(trace_id);
//   Result<TraceRecord> record = reader.record(*number);
//   Result<SpanList> spans = reader.spans(*number, *record);
//
// Thread safety: make one per request. Errors: NotFound where there is nothing; Corruption names the damaged chunk
// and is counted.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "database.h"
#include "dictionary.h"
#include "keys.h"
#include "segue/base/result.h"
#include "trace_record.h"

namespace segue::server::detail {

/// What the store counts while it works.
struct Counters {
  std::atomic<std::uint64_t> stored_spans{0}, duplicate_spans{0}, commits{0}, failed_appends{0}, corrupt_chunks{0};
};

/// What is kept of a contact under its id.
struct ContactEntry {
  ContactNumber number = 0;
  std::uint64_t last_unix_nanos = 0;  ///< The latest end of its traces.
};

std::string encode_contact(const ContactEntry& entry);

class Reader {
 public:
  Reader(Database& database, std::shared_ptr<const Dictionary> dictionary, Counters& counters);

  Result<TraceNumber> number_of(const TraceId& id) const;
  Result<TraceRecord> record(TraceNumber trace) const;
  Result<ContactEntry> contact(std::string_view id) const;
  Result<bool> has_record(TraceNumber trace) const;
  /// One of the writer's counters; 0 if it was never set.
  Result<std::uint64_t> state(std::string_view name) const;
  /// In order of start, then end.
  Result<std::vector<HandoffRecord>> handoffs(TraceNumber trace, const TraceRecord& record) const;

  /// The trace's spans in order of arrival.
  Result<SpanList> spans(TraceNumber trace, const TraceRecord& record) const;
  /// Those of the newest `max_chunks` chunks, leaving out damaged ones.
  Result<SpanList> sound_recent_spans(TraceNumber trace, const TraceRecord& record, std::size_t max_chunks) const;

  const Snapshot& snapshot() const noexcept { return snapshot_; }
  const Dictionary& dictionary() const noexcept { return *dictionary_; }
  rocksdb::ColumnFamilyHandle* conversations() const noexcept { return snapshot_.database().conversations(); }

 private:
  struct ChunkPlace {
    const DayPartition* day;
    ChunkNumber chunk;
  };

  Result<std::vector<ChunkPlace>> chunks_of(TraceNumber trace, const TraceRecord& record) const;
  Result<void> read_chunk(const ChunkPlace& place, SpanList& list) const;

  Snapshot snapshot_;
  std::shared_ptr<const Dictionary> dictionary_;
  Counters& counters_;
};

}  // namespace segue::server::detail
