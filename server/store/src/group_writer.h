// GroupWriter: turns the appends of one group commit into one atomic write.
//
//   GroupWriter writer(database, dictionary, catalogue, counters);
//   Result<std::vector<AppendReceipt>> receipts = writer.write(appends);   // one receipt per append
//
// Per trace it writes one chunk, the postings, the handoffs, and the trace's record as it is after these spans; per
// contact its activity. All of a group is stored or nothing: chunks, postings and records cannot disagree.
// Thread safety: one thread only, the committer's. Errors: those of the database; after one nothing of the group is
// stored, and the next group starts afresh.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "catalogue.h"
#include "database.h"
#include "dictionary.h"
#include "duplicates.h"
#include "reader.h"
#include "segue/base/result.h"
#include "segue/server/store/store.h"

namespace segue::server::detail {

class GroupWriter {
 public:
  using Clock = std::function<std::uint64_t()>;

  GroupWriter(Database& database, std::shared_ptr<Dictionary> dictionary, Catalogue& catalogue, Counters& counters,
              Clock now) noexcept;

  /// Reads where the numbers given out so far end. Call once, before `write`.
  Result<void> recover();
  Result<std::vector<AppendReceipt>> write(std::span<const SpanList* const> appends);

 private:
  struct Group;
  struct TraceSpans;
  struct Marks;

  Result<void> write_trace(Group& group, TraceSpans& trace);
  Result<RecentTraces::Trace*> find_or_make(Group& group, const TraceSpans& spans);
  Result<TraceNumber> allocate(Group& group, const TraceSpans& spans) const;
  Result<TraceRecord> load_record(const Group& group, const RecentTraces::Trace& trace, const TraceId& id) const;
  Result<void> add_span(Group& group, TraceNumber number, const SpanView& span, TraceRecord& record, Marks& marks);
  Result<void> add_contact(Group& group, TraceNumber number, std::string_view id, TraceRecord& record);
  void write_marks(Group& group, TraceNumber number, const Marks& marks) const;
  void write_record(Group& group, TraceNumber number, const TraceRecord& record);
  Result<void> finish(Group& group);
  ChunkNumber next_chunk_number();
  Term term_of(std::string_view name);

  Database& database_;
  std::shared_ptr<Dictionary> dictionary_;
  Catalogue& catalogue_;
  Counters& counters_;
  const Clock now_;
  RecentTraces recent_;
  ChunkNumber last_chunk_ = 0;
  ContactNumber last_contact_ = 0;
  std::uint64_t max_shift_millis_ = 0;  // by how much a trace's start ever fell before its number's time
};

/// Names of the writer's counters in the database.
inline constexpr std::string_view last_contact_state = "last contact";
inline constexpr std::string_view max_shift_state = "max shift";

}  // namespace segue::server::detail
