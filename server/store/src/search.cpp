#include "search.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "group_writer.h"
#include "page_token.h"
#include "postings.h"

namespace segue::server::detail {
namespace {

constexpr std::uint64_t nanos_per_milli = 1'000'000;

std::uint64_t print_of(const TraceQuery& query) {
  return QueryPrint()
      .add("traces")
      .add(query.service)
      .add(query.name)
      .add(query.bot)
      .add(query.node)
      .add(query.contact_id)
      .add(std::uint64_t{query.errors_only})
      .add(query.min_duration_nanos)
      .add(query.max_duration_nanos)
      .add(query.start_unix_nanos)
      .add(query.end_unix_nanos)
      .value();
}

/// One search; the query's bot is a lane name.
class TraceSearch {
 public:
  TraceSearch(const Reader& reader, const Catalogue& catalogue, const TraceQuery& query)
      : reader_(reader), catalogue_(catalogue), query_(query), candidates_(reader.snapshot()) {}

  Result<Page<TraceSummary>> run() {
    const auto below = first_number();
    if (!below) return below.error();
    if (const auto chosen = choose_candidates(*below); !chosen) return chosen.error();
    Page<TraceSummary> page;
    TraceNumber last = 0;
    while (const auto candidate = candidates_.next()) {
      if (is_before_start(candidate->trace)) break;
      auto record = reader_.record(candidate->trace);
      if (!record && !is_survivable(record.error())) return record.error();
      if (!record || !matches(*record)) continue;
      const auto has_span = has_matching_span(candidate->trace, *record);
      if (!has_span) return has_span.error();
      if (!*has_span) continue;
      if (page.items.size() == query_.limit) {
        page.next_page_token = make_page_token(print_of(query_), {last, 0});
        break;
      }
      last = candidate->trace;
      page.items.push_back(record->summary());
    }
    if (const auto read = candidates_.status(); !read) return read.error();
    return page;
  }

 private:
  using Bound = std::optional<TraceNumber>;

  static bool is_survivable(const Error& error) {
    return error.code == Errc::Corruption || error.code == Errc::NotFound;
  }

  /// Where to begin: after the page before, and not above the latest time asked for. A trace's start may have turned
  /// out earlier than its number says, by at most the shift the writer keeps note of.
  Result<Bound> first_number() const {
    Bound below;
    if (!query_.page_token.empty()) {
      const auto start = read_page_token(query_.page_token, print_of(query_));
      if (!start) return start.error();
      below = start->position;
    }
    if (!query_.end_unix_nanos) return below;
    const auto shift_millis = reader_.state(max_shift_state);
    if (!shift_millis) return shift_millis.error();
    const std::uint64_t end_millis = *query_.end_unix_nanos / nanos_per_milli;
    const std::uint64_t above_millis = end_millis + *shift_millis + 1;
    if (above_millis > max_number_millis) return below;
    const TraceNumber above = above_millis << number_time_shift;
    return Bound(below ? std::min(*below, above) : above);
  }

  Result<void> choose_candidates(const Bound& below) {
    rocksdb::ColumnFamilyHandle* global = reader_.conversations();
    if (!query_.contact_id.empty()) {
      const auto contact = reader_.contact(query_.contact_id);
      if (contact) candidates_.add(global, contact_trace_prefix(contact->number), below);
      if (!contact && contact.error().code != Errc::NotFound) return contact.error();
    } else if (query_.errors_only) {
      add_daily({error_posting_prefix()}, below);
    } else if (!query_.name.empty()) {
      add_daily(name_prefixes(), below);
    } else if (!query_.node.empty()) {
      add_daily(node_prefixes(), below);
    } else if (!query_.bot.empty()) {
      add_daily({bot_posting_prefix(term_of(query_.bot), any_term)}, below);
    } else if (!query_.service.empty()) {
      add_daily({service_posting_prefix(term_of(query_.service), any_term)}, below);
    } else {
      candidates_.add(global, trace_record_prefix(), below);
    }
    return {};
  }

  void add_daily(const std::vector<std::string>& prefixes, const Bound& below) {
    for (const DayPartition& day : reader_.snapshot().partitions()) {
      for (const std::string& prefix : prefixes) candidates_.add(day.postings, prefix, below);
    }
  }

  std::vector<std::string> name_prefixes() const {
    std::vector<std::string> services = {query_.service};
    if (query_.service.empty()) {
      services = catalogue_.services();
      services.emplace_back();  // spans that name no service
    }
    std::vector<std::string> prefixes;
    for (const std::string& service : services) {
      prefixes.push_back(service_posting_prefix(term_of(service), term_of(query_.name)));
    }
    return prefixes;
  }

  std::vector<std::string> node_prefixes() const {
    const std::vector<std::string> bots =
        query_.bot.empty() ? catalogue_.bots_with_node(query_.node) : std::vector<std::string>{query_.bot};
    std::vector<std::string> prefixes;
    for (const std::string& bot : bots) prefixes.push_back(bot_posting_prefix(term_of(bot), term_of(query_.node)));
    return prefixes;
  }

  Term term_of(std::string_view name) const {
    const std::uint32_t number = reader_.dictionary().find(TextClass::Name, name);
    return number != 0 ? number : hashed_term(name);
  }

  bool is_before_start(TraceNumber trace) const {
    return query_.start_unix_nanos && millis_of(trace) < millis_of(number_at(*query_.start_unix_nanos));
  }

  bool matches(const TraceRecord& record) const {
    const std::uint64_t duration = record.duration_nanos();
    if (query_.errors_only && record.errors == 0) return false;
    if (query_.min_duration_nanos && duration < *query_.min_duration_nanos) return false;
    if (query_.max_duration_nanos && duration > *query_.max_duration_nanos) return false;
    if (query_.start_unix_nanos && record.start_unix_nanos < *query_.start_unix_nanos) return false;
    if (query_.end_unix_nanos && record.start_unix_nanos > *query_.end_unix_nanos) return false;
    if (!query_.node.empty()) return record.has_node(query_.bot, query_.node);
    return query_.bot.empty() || record.has_bot(query_.bot);
  }

  /// Whether one span has both the service and the name asked for; only the spans themselves can tell.
  Result<bool> has_matching_span(TraceNumber trace, const TraceRecord& record) const {
    if (query_.service.empty() && query_.name.empty()) return true;
    const auto list = reader_.sound_recent_spans(trace, record, std::numeric_limits<std::size_t>::max());
    if (!list) return list.error();
    return std::any_of(list->spans.begin(), list->spans.end(), [this](const SpanView& span) {
      return (query_.service.empty() || span.resource->service() == query_.service) &&
             (query_.name.empty() || span.name == query_.name);
    });
  }

  const Reader& reader_;
  const Catalogue& catalogue_;
  const TraceQuery& query_;
  NewestFirst candidates_;
};

}  // namespace

Result<Page<TraceSummary>> find_traces(const Reader& reader, const Catalogue& catalogue, const TraceQuery& query) {
  if (const auto checked = check_page_limit(query.limit); !checked) return checked.error();
  TraceQuery in_lanes = query;
  in_lanes.bot = lane_name(query.bot);
  return TraceSearch(reader, catalogue, in_lanes).run();
}

}  // namespace segue::server::detail
