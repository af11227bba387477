#include "segue/server/store/rocks_store.h"

#include <algorithm>
#include <set>
#include <utility>

#include "catalogue.h"
#include "committer.h"
#include "database.h"
#include "dictionary.h"
#include "group_writer.h"
#include "journeys.h"
#include "postings.h"
#include "reader.h"
#include "search.h"
#include "segue/base/clock.h"

namespace segue::server {
namespace {

using detail::Reader;
using detail::TraceNumber;

constexpr std::size_t min_queue_bytes = 64U << 10;

Result<void> check_spans(const SpanList& list) {
  for (const SpanView& span : list.spans) {
    if (!span.trace_id.is_valid() || !span.span_id.is_valid()) {
      return Error{Errc::InvalidArgument, "a span's trace id or span id is all zeros"};
    }
  }
  return {};
}

class RocksStore final : public Store {
 public:
  RocksStore(std::unique_ptr<detail::Database> database, const RocksStoreOptions& options)
      : database_(std::move(database)),
        writer_(*database_, dictionary_, catalogue_, counters_, options.now ? options.now : &unix_nanos_now),
        committer_(options.max_queue_bytes, [this](auto appends) { return writer_.write(appends); }) {}

  /// Reads what is kept in memory; before the first call of anything else.
  Result<void> load() {
    const Reader reader = make_reader();
    detail::KeyRange entries(reader.snapshot(), database_->dictionary(), std::string(1, '\0'), std::string(1, '\x7f'));
    for (entries.iterator().SeekToFirst(); entries.is_valid(); entries.iterator().Next()) {
      if (!dictionary_->load(entries.key(), entries.value())) {
        return Error{Errc::Corruption, "the dictionary has gaps"};
      }
      catalogue_.load(entries.key());
    }
    if (const auto read = entries.status(); !read) return read;
    return writer_.recover();
  }

  Result<AppendReceipt> append(const SpanList& spans) override {
    if (const auto checked = check_spans(spans); !checked) return checked.error();
    if (spans.spans.empty()) return AppendReceipt{};
    auto receipt = committer_.append(spans);
    if (!receipt) return receipt;
    counters_.stored_spans.fetch_add(receipt->stored, std::memory_order_relaxed);
    counters_.duplicate_spans.fetch_add(receipt->duplicates, std::memory_order_relaxed);
    return receipt;
  }

  Result<SpanList> trace(const TraceId& id) override {
    const Reader reader = make_reader();
    const auto number = reader.number_of(id);
    if (!number) return number.error();
    const auto record = reader.record(*number);
    if (!record) return record.error();
    auto list = reader.spans(*number, *record);
    if (!list) return list;
    std::stable_sort(list->spans.begin(), list->spans.end(), [](const SpanView& one, const SpanView& other) {
      return one.start_unix_nanos < other.start_unix_nanos;
    });
    return list;
  }

  Result<TraceSummary> trace_summary(const TraceId& id) override {
    const Reader reader = make_reader();
    const auto number = reader.number_of(id);
    if (!number) return number.error();
    const auto record = reader.record(*number);
    if (!record) return record.error();
    return record->summary();
  }

  Result<Page<TraceSummary>> find_traces(const TraceQuery& query) override {
    return detail::find_traces(make_reader(), catalogue_, query);
  }

  Result<Page<JourneySummary>> find_journeys(const JourneyQuery& query) override {
    return detail::find_journeys(make_reader(), query);
  }

  Result<JourneySummary> journey(std::string_view contact_id) override {
    return detail::read_journey(make_reader(), contact_id);
  }

  Result<std::vector<TraceId>> traces_of_contact(std::string_view contact_id) override {
    const Reader reader = make_reader();
    const auto numbers = detail::traces_of(reader, contact_id);
    if (!numbers) return numbers.error();
    return ids_by_start(reader, {numbers->begin(), numbers->end()});
  }

  Result<std::vector<TraceId>> traces_linking_to(const TraceId& id) override {
    const Reader reader = make_reader();
    std::set<TraceNumber> linking;
    for (const detail::DayPartition& day : reader.snapshot().partitions()) {
      const auto numbers = detail::numbers_under(reader.snapshot(), day.postings, detail::link_posting_prefix(id));
      if (!numbers) return numbers.error();
      linking.insert(numbers->begin(), numbers->end());
    }
    return ids_by_start(reader, linking);
  }

  Result<std::vector<BotNodes>> bots() override { return catalogue_.bots(); }
  Result<std::vector<std::string>> services() override { return catalogue_.services(); }

  StoreStats stats() const noexcept override {
    StoreStats stats;
    stats.stored_spans = counters_.stored_spans.load(std::memory_order_relaxed);
    stats.duplicate_spans = counters_.duplicate_spans.load(std::memory_order_relaxed);
    stats.commits = counters_.commits.load(std::memory_order_relaxed);
    stats.refused_appends = committer_.refused();
    stats.failed_appends = counters_.failed_appends.load(std::memory_order_relaxed);
    stats.corrupt_chunks = counters_.corrupt_chunks.load(std::memory_order_relaxed);
    stats.queued_bytes = committer_.queued_bytes();
    stats.disk_bytes = database_->disk_bytes();
    stats.dictionary_overflows = dictionary_->overflows() + catalogue_.overflows();
    return stats;
  }

 private:
  Reader make_reader() { return Reader(*database_, dictionary_, counters_); }

  static Result<std::vector<TraceId>> ids_by_start(const Reader& reader, const std::set<TraceNumber>& numbers) {
    std::vector<std::pair<std::uint64_t, TraceId>> found;
    for (const TraceNumber number : numbers) {
      const auto record = reader.record(number);
      if (!record) return record.error();
      found.emplace_back(record->start_unix_nanos, record->trace_id);
    }
    std::sort(found.begin(), found.end());
    std::vector<TraceId> ids;
    for (const auto& [start, id] : found) ids.push_back(id);
    return ids;
  }

  const std::unique_ptr<detail::Database> database_;
  const std::shared_ptr<detail::Dictionary> dictionary_ = std::make_shared<detail::Dictionary>();
  detail::Catalogue catalogue_;
  detail::Counters counters_;
  detail::GroupWriter writer_;
  detail::Committer committer_;  // last: its thread stops first
};

}  // namespace

Result<std::unique_ptr<Store>> open_rocks_store(const RocksStoreOptions& options) {
  if (options.max_queue_bytes < min_queue_bytes) {
    return Error{Errc::InvalidArgument, "the store's queue needs at least 64 KiB"};
  }
  auto database = detail::Database::open(options);
  if (!database) return database.error();
  auto store = std::make_unique<RocksStore>(std::move(*database), options);
  if (const auto loaded = store->load(); !loaded) {
    return loaded.error().with_context("open the store in " + options.directory.string());
  }
  return std::unique_ptr<Store>(std::move(store));
}

}  // namespace segue::server
