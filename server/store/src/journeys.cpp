#include "journeys.h"

#include <algorithm>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include "byte_codec.h"
#include "page_token.h"
#include "postings.h"
#include "segue/server/recognise/recognition.h"

namespace segue::server::detail {
namespace {

/// A journey and what else a search needs to know of it.
struct Journey {
  JourneySummary summary;
  std::vector<TraceRecord> traces;  ///< Oldest start first.
};

void merge_bots(const std::vector<TraceRecord>& traces, std::vector<std::string>& bots) {
  std::vector<TraceRecord::Bot> appearances;
  for (const TraceRecord& trace : traces) {
    appearances.insert(appearances.end(), trace.bots.begin(), trace.bots.end());
  }
  std::sort(appearances.begin(), appearances.end(), [](const TraceRecord::Bot& one, const TraceRecord::Bot& other) {
    return std::tie(one.first_unix_nanos, one.name) < std::tie(other.first_unix_nanos, other.name);
  });
  for (TraceRecord::Bot& bot : appearances) {
    if (std::find(bots.begin(), bots.end(), bot.name) == bots.end()) bots.push_back(std::move(bot.name));
  }
}

void add_trace(const TraceRecord& trace, JourneySummary& journey) {
  journey.first_unix_nanos = std::min(journey.first_unix_nanos, trace.start_unix_nanos);
  journey.last_unix_nanos = std::max(journey.last_unix_nanos, trace.end_unix_nanos);
  ++journey.traces;
  journey.spans += trace.spans;
  journey.errors += trace.errors;
  for (const std::string& conversation : trace.conversations) {
    const auto& known = journey.conversation_ids;
    if (conversation == journey.contact_id || std::find(known.begin(), known.end(), conversation) != known.end()) {
      continue;
    }
    journey.conversation_ids.push_back(conversation);
  }
}

void add_handoffs(std::vector<HandoffRecord> handoffs, JourneySummary& journey) {
  for (HandoffRecord& handoff : handoffs) {
    const bool is_of_contact = handoff.contact_id.empty() || handoff.contact_id == journey.contact_id;
    if (is_of_contact) journey.handoffs.push_back(std::move(handoff));
  }
}

Result<Journey> build_journey(const Reader& reader, std::string_view contact_id) {
  const auto numbers = traces_of(reader, contact_id);
  if (!numbers) return numbers.error();
  if (numbers->empty()) return Error{Errc::NotFound, "no span names the contact " + std::string(contact_id)};
  Journey journey;
  journey.summary.contact_id = contact_id;
  journey.summary.first_unix_nanos = UINT64_MAX;
  for (const TraceNumber number : *numbers) {
    auto record = reader.record(number);
    if (!record) return record.error().with_context("journey of " + std::string(contact_id));
    auto handoffs = reader.handoffs(number, *record);
    if (!handoffs) return handoffs.error().with_context("journey of " + std::string(contact_id));
    add_handoffs(std::move(*handoffs), journey.summary);
    journey.traces.push_back(std::move(*record));
  }
  std::stable_sort(journey.traces.begin(), journey.traces.end(), [](const TraceRecord& one, const TraceRecord& other) {
    return one.start_unix_nanos < other.start_unix_nanos;
  });
  for (const TraceRecord& trace : journey.traces) add_trace(trace, journey.summary);
  merge_bots(journey.traces, journey.summary.bots);
  std::sort(journey.summary.handoffs.begin(), journey.summary.handoffs.end(),
            [](const HandoffRecord& one, const HandoffRecord& other) {
              return std::tie(one.start_unix_nanos, one.end_unix_nanos, one.trace_id, one.span_id) <
                     std::tie(other.start_unix_nanos, other.end_unix_nanos, other.trace_id, other.span_id);
            });
  return journey;
}

std::uint64_t print_of(const JourneyQuery& query) {
  return QueryPrint()
      .add("journeys")
      .add(query.contact)
      .add(query.bot)
      .add(query.node)
      .add(std::uint64_t{query.errors_only})
      .add(query.start_unix_nanos)
      .add(query.end_unix_nanos)
      .value();
}

bool matches(const Journey& journey, const JourneyQuery& query) {
  if (query.errors_only && journey.summary.errors == 0) return false;
  if (query.end_unix_nanos && journey.summary.first_unix_nanos > *query.end_unix_nanos) return false;
  const std::string_view bot = lane_name(query.bot);
  if (!query.node.empty()) {
    return std::any_of(journey.traces.begin(), journey.traces.end(),
                       [&](const TraceRecord& trace) { return trace.has_node(bot, query.node); });
  }
  const std::vector<std::string>& bots = journey.summary.bots;
  return bot.empty() || std::find(bots.begin(), bots.end(), bot) != bots.end();
}

/// The key of the recent-contacts list from which the page starts; keys before it are earlier pages.
Result<std::string> first_key(const JourneyQuery& query) {
  if (query.page_token.empty()) return recent_contact_prefix();
  const auto start = read_page_token(query.page_token, print_of(query));
  if (!start) return start.error();
  return recent_contact_key(start->position, start->tie) + '\0';  // just after the last one shown
}

PageStart place_of(std::string_view recent_key) {
  ByteReader in(recent_key.substr(1));
  PageStart place;
  place.position = ~in.fixed64();
  place.tie = in.fixed32();
  return place;
}

}  // namespace

Result<std::vector<TraceNumber>> traces_of(const Reader& reader, std::string_view contact_id) {
  const auto contact = reader.contact(contact_id);
  if (contact) return numbers_under(reader.snapshot(), reader.conversations(), contact_trace_prefix(contact->number));
  if (contact.error().code == Errc::NotFound) return std::vector<TraceNumber>{};
  return contact.error();
}

Result<JourneySummary> read_journey(const Reader& reader, std::string_view contact_id) {
  auto journey = build_journey(reader, contact_id);
  if (!journey) return journey.error();
  return std::move(journey->summary);
}

Result<Page<JourneySummary>> find_journeys(const Reader& reader, const JourneyQuery& query) {
  if (const auto checked = check_page_limit(query.limit); !checked) return checked.error();
  auto from = first_key(query);
  if (!from) return from.error();
  KeyRange contacts(reader.snapshot(), reader.conversations(), *from, after_prefix(recent_contact_prefix()));
  Page<JourneySummary> page;
  PageStart last;
  for (contacts.iterator().SeekToFirst(); contacts.is_valid(); contacts.iterator().Next()) {
    const PageStart place = place_of(contacts.key());
    if (query.start_unix_nanos && place.position < *query.start_unix_nanos) break;  // the rest is older still
    if (contacts.value().find(query.contact) == std::string_view::npos) continue;
    auto journey = build_journey(reader, contacts.value());
    if (!journey && journey.error().code != Errc::Corruption) return journey.error();
    if (!journey || !matches(*journey, query)) continue;
    if (page.items.size() == query.limit) {
      page.next_page_token = make_page_token(print_of(query), last);
      break;
    }
    last = place;
    page.items.push_back(std::move(journey->summary));
  }
  if (const auto read = contacts.status(); !read) return read.error();
  return page;
}

}  // namespace segue::server::detail
