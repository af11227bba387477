// Journey: everything that happened to one contact, over traces, bots, processes and days.
//
//   Result<Journey> journey = assemble_journey(store, "contact_7Qm2xVd9");
//   if (!journey) return journey.error();          // NotFound: nobody of that name
//   for (const JourneyTrace& trace : journey->traces) draw(trace.summary, trace.spans);
//
// Its traces are those whose spans name the contact, and those reached from them over span links in
// either direction, hop by hop. A linked trace that names only other contacts belongs to somebody
// else and is neither shown nor followed. Time never cuts a journey: days of silence are normal.
// Thread safety: pure functions over the store. Errors: the store's; at `JourneyLimits` the journey
// is returned as far as it goes and says so in `is_truncated`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "segue/base/result.h"
#include "segue/model/span_view.h"
#include "segue/server/store/store.h"

namespace segue::server {

struct JourneyLimits {
  std::size_t max_traces = 1000;    ///< The oldest are kept.
  std::size_t max_spans = 100'000;  ///< About 100 MB of answer; reached, later traces are left out whole.
  std::size_t max_link_hops = 8;    ///< From a trace that names the contact.
};

/// A handoff and what became of it.
struct JourneyHandoff {
  HandoffRecord record;
  /// The target bot has a span that began after the handoff did. False on an executed handoff: a lost lead.
  bool target_spoke = false;

  /// It took place, as far as is known, and nobody picked the contact up.
  bool is_lost() const noexcept { return !target_spoke && (record.outcome.empty() || record.outcome == "executed"); }
};

struct JourneyTrace {
  TraceSummary summary;
  SpanList spans;
};

struct Journey {
  std::string contact_id;
  std::vector<std::string> conversation_ids;  ///< Those that differ from the contact's id, in order of appearance.
  std::vector<std::string> bots;              ///< In order of appearance.
  std::uint64_t first_unix_nanos = 0;
  std::uint64_t last_unix_nanos = 0;
  std::uint64_t spans = 0;
  std::uint64_t errors = 0;
  std::vector<JourneyHandoff> handoffs;  ///< By start time; without those that name another contact.
  std::vector<JourneyTrace> traces;      ///< Oldest first.
  bool is_truncated = false;             ///< A limit was reached: there is more.

  /// Those of all traces together; valid while the journey is.
  std::vector<const SpanView*> spans_by_start() const;
};

/// What `spans`, all of the trace `trace_id`, amount to: the same as `Store::trace_summary`, from the spans at hand.
TraceSummary summarise(const TraceId& trace_id, std::span<const SpanView> spans);

Result<Journey> assemble_journey(Store& store, std::string_view contact_id, const JourneyLimits& limits = {});

}  // namespace segue::server
