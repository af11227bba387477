// RecentTraces: which spans of the traces being written are stored already, so that a sender's retry counts once.
//
//   RecentTraces::Trace* trace = recent.find(id);      // null: ask the database
//   if (!recent.add(*trace, identity_of(span))) ++duplicates;
//
// There is no index of spans on disk for this: the chunks themselves are the evidence, read again when a trace is
// written to that is not among the recent ones. A new trace needs no reading at all.
// Memory is bounded: about `max_identities` spans' worth, least recently written traces go first.
// Thread safety: the writing thread's own. Errors: none.
#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <unordered_set>

#include "keys.h"
#include "segue/model/span_view.h"

namespace segue::server::detail {

/// What makes a span the same one sent again: its ids, name, kind and times. Ids alone do not, since some emitters
/// repeat span ids within a trace.
std::uint64_t identity_of(const SpanView& span) noexcept;

class RecentTraces {
 public:
  static constexpr std::size_t max_identities = 65'536;

  struct Trace {
    TraceNumber number = 0;
    bool is_stored = false;  ///< It has a record on disk.
    std::unordered_set<std::uint64_t> identities;
  };

  /// Null if it is not among the recent ones. Pointers are valid until `make_room` or `forget`.
  Trace* find(const TraceId& id);
  Trace& insert(const TraceId& id, Trace trace);
  /// False if the trace has that span already.
  bool add(Trace& trace, std::uint64_t identity);
  /// Lets go of the least recent traces; call between commits.
  void make_room();
  /// Forgets everything, as after a failed write, whose spans must not count as stored.
  void forget();

 private:
  using Traces = std::unordered_map<TraceId, Trace, IdHash>;

  Traces current_, previous_;  // two generations: what was used since the last change, and what before
  std::size_t current_size_ = 0;
};

}  // namespace segue::server::detail
