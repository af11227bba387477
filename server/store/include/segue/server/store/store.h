// Store: keeps every acknowledged span and finds it again, by trace, by search, or as a contact's journey.
//
//   Result<AppendReceipt> receipt = store.append(spans);      // on return the spans survive a power cut
//   Result<JourneySummary> journey = store.journey("contact_7Qm2xVd9");
//   Result<SpanList> spans = store.trace(journey->handoffs.front().trace_id);
//
// A contract: tests/contract/ holds the one suite that every implementation passes. "bot", "node", "contact",
// "handoff" and "error" mean what segue/server/recognise says of a span.
//
// A trace is all spans with one trace id, whenever they arrive: there is no idle time after which a trace or a
// journey is closed, and spans may come in any order, days late, and after restarts. A contact's journey is every
// trace of which at least one span names the contact; all spans of such a trace count.
//
// Durability: `append` returns success only when the spans are on stable storage. When it fails no reader sees any of
// them. A call that a crash interrupted, or whose flush the disk refused, may turn up after a restart; sending it
// again is safe, because a span that is already there is counted as a duplicate.
// Reading: each call sees one consistent state that contains every append that had returned before the call began.
// Ownership: arguments are read during the call only. Results own their memory and may outlive the store.
// Thread safety: every function may be called from any thread at any time. `append` blocks for a disk flush, reads
// for disk reads; don't call either on an event loop. Destroy the store when no call is running.
// Errors: InvalidArgument (the caller's mistake, also a foreign page token), NotFound, LimitExceeded (one append
// larger than the store's queue), Unavailable (queue or disk full: try later), IoError, Corruption (stored data is
// damaged; names the place; whatever isn't damaged stays readable). Nothing throws.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "segue/base/result.h"
#include "segue/model/ids.h"
#include "segue/model/span_view.h"

namespace segue::server {

/// Together they are the number of spans given.
struct AppendReceipt {
  std::uint64_t stored = 0;
  std::uint64_t duplicates = 0;  ///< Were stored before: same ids, name, kind, parent and times. Not an error.
};

struct TraceSummary {
  TraceId trace_id;
  /// The earliest span without a parent or, while none has arrived, the earliest span.
  std::string root_name, root_service;
  std::uint64_t start_unix_nanos = 0, end_unix_nanos = 0;  ///< Earliest start and latest end of any span.
  std::uint32_t spans = 0, errors = 0;
  std::vector<std::string> bots;         ///< In order of first appearance in time.
  std::vector<std::string> contact_ids;  ///< In order of arrival.
};

struct HandoffRecord {
  std::string source_bot, target_bot, contact_id, reason, outcome;
  std::optional<double> confidence;
  TraceId trace_id;
  SpanId span_id;
  std::uint64_t start_unix_nanos = 0, end_unix_nanos = 0;
};

struct JourneySummary {
  std::string contact_id;
  std::vector<std::string> conversation_ids;  ///< Those that differ from the contact's id, oldest trace first.
  std::uint64_t first_unix_nanos = 0, last_unix_nanos = 0;
  std::uint32_t traces = 0;
  std::uint64_t spans = 0, errors = 0;
  std::vector<std::string> bots;        ///< In order of first appearance in time.
  std::vector<HandoffRecord> handoffs;  ///< In order of start; without those that name another contact.
};

/// Every condition that is set must hold. Empty strings, false and missing values are no condition.
struct TraceQuery {
  std::string service = {}, name = {};  ///< Exact; if both are given, of one span.
  std::string bot = {}, node = {};      ///< Exact (`lane_name` is applied to `bot`); if both are given, of one span.
  std::string contact_id = {};          ///< Exact.
  bool errors_only = false;             ///< At least one span is an error.
  std::optional<std::uint64_t> min_duration_nanos = {}, max_duration_nanos = {};  ///< Of the whole trace, inclusive.
  std::optional<std::uint64_t> start_unix_nanos = {}, end_unix_nanos = {};  ///< The trace starts within, inclusive.
  std::uint32_t limit = 50;                                                 ///< 1 to 1,000; else InvalidArgument.
  std::string page_token = {};  ///< Empty for the first page, else `next_page_token` of the same query.
};

struct JourneyQuery {
  std::string contact = {};         ///< Any part of the contact's id, byte for byte.
  std::string bot = {}, node = {};  ///< As in TraceQuery.
  bool errors_only = false;
  std::optional<std::uint64_t> start_unix_nanos = {}, end_unix_nanos = {};  ///< The journey overlaps this, inclusive.
  std::uint32_t limit = 50;
  std::string page_token = {};
};

template <class T>
struct Page {
  std::vector<T> items;         ///< Empty: nothing fits. That is an answer, not an error.
  std::string next_page_token;  ///< Printable and safe in URLs. Empty: this was the last page.
};

struct BotNodes {
  std::string bot;
  std::vector<std::string> nodes;  ///< Sorted; may be empty.
};

/// Since the store was opened, unless said otherwise.
struct StoreStats {
  std::uint64_t stored_spans = 0, duplicate_spans = 0;
  std::uint64_t commits = 0;               ///< Groups of appends written with one flush.
  std::uint64_t failed_appends = 0;        ///< The disk refused them.
  std::uint64_t refused_appends = 0;       ///< The queue was full, or they were larger than it.
  std::uint64_t corrupt_chunks = 0;        ///< Met while reading.
  std::uint64_t queued_bytes = 0;          ///< Now.
  std::uint64_t disk_bytes = 0;            ///< Now; 0 if unknown.
  std::uint64_t dictionary_overflows = 0;  ///< Names stored inline because a dictionary was full.
};

class Store {
 public:
  virtual ~Store() = default;
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  /// Stores spans of any number of traces, all or none. An empty list succeeds. A span whose trace id or span id is
  /// zero makes the whole call InvalidArgument: whoever receives spans sorts those out and counts them.
  virtual Result<AppendReceipt> append(const SpanList& spans) = 0;

  /// Every span of the trace, ordered by start; NotFound when there is none, never an empty list. Every field is
  /// as it was appended, bit for bit.
  virtual Result<SpanList> trace(const TraceId& id) = 0;

  /// The trace's line in a result list without reading its spans; NotFound when there is none.
  virtual Result<TraceSummary> trace_summary(const TraceId& id) = 0;

  /// Newest start first. A trace keeps the place it was given when its first span was stored, so that paging
  /// neither repeats nor skips a trace that was there when it began.
  virtual Result<Page<TraceSummary>> find_traces(const TraceQuery& query) = 0;

  /// Newest activity first. Paging never repeats a journey; one that becomes active meanwhile moves to the front.
  virtual Result<Page<JourneySummary>> find_journeys(const JourneyQuery& query) = 0;

  /// `contact_id` is exact; NotFound when no span names it.
  virtual Result<JourneySummary> journey(std::string_view contact_id) = 0;

  /// Oldest start first; empty when no span names the contact.
  virtual Result<std::vector<TraceId>> traces_of_contact(std::string_view contact_id) = 0;

  /// The traces that have a span with a link to any span of `id`, oldest start first; empty when there is none.
  virtual Result<std::vector<TraceId>> traces_linking_to(const TraceId& id) = 0;

  /// Every bot seen, sorted by name, with its nodes.
  virtual Result<std::vector<BotNodes>> bots() = 0;

  /// Every service name seen, sorted.
  virtual Result<std::vector<std::string>> services() = 0;

  virtual StoreStats stats() const noexcept = 0;

 protected:
  Store() = default;
};

}  // namespace segue::server
