#include "group_writer.h"

#include <rocksdb/write_batch.h>

#include <algorithm>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "byte_codec.h"
#include "chunk_codec.h"
#include "segue/base/log.h"

namespace segue::server::detail {
namespace {

/// A sender repeats what it sent lately: so many of a trace's newest chunks are looked at for duplicates.
constexpr std::size_t chunks_searched_for_duplicates = 256;

/// How many numbers after the wanted one are tried before taking one further away.
constexpr int attempts_nearby = 4;

std::string number_value(std::uint64_t number) {
  std::string bytes;
  ByteWriter(bytes).fixed64(number);
  return bytes;
}

}  // namespace

/// The spans of one trace in a group, with the append each came from.
struct GroupWriter::TraceSpans {
  struct Entry {
    const SpanView* span;
    std::size_t append;
  };
  TraceId id;
  std::vector<Entry> entries;
};

/// What is to be posted for one trace; each mark once, however many spans carry it.
struct GroupWriter::Marks {
  std::set<std::pair<Term, Term>> services, bots;
  std::set<TraceId> links;
  bool has_error = false;
};

struct GroupWriter::Group {
  struct Contact {
    ContactEntry entry;
    bool is_new = false;
    std::uint64_t stored_last = 0;
  };

  Group(Database& database, const std::shared_ptr<Dictionary>& dictionary, Counters& counters, std::size_t appends)
      : reader(database, dictionary, counters), encoder(*dictionary), receipts(appends) {}

  Reader reader;
  ChunkEncoder encoder;
  rocksdb::WriteBatch batch;
  DayPartition day;
  std::vector<AppendReceipt> receipts;
  std::unordered_set<TraceNumber> new_numbers;
  std::unordered_map<std::string, Contact> contacts;
  std::uint64_t max_shift_millis = 0;
};

GroupWriter::GroupWriter(Database& database, std::shared_ptr<Dictionary> dictionary, Catalogue& catalogue,
                         Counters& counters, Clock now) noexcept
    : database_(database),
      dictionary_(std::move(dictionary)),
      catalogue_(catalogue),
      counters_(counters),
      now_(std::move(now)) {}

Result<void> GroupWriter::recover() {
  const Reader reader(database_, dictionary_, counters_);
  for (const DayPartition& day : database_.partitions()) {
    const std::unique_ptr<rocksdb::Iterator> chunks(
        database_.rocks().NewIterator(reader.snapshot().options(), day.chunks));
    chunks->SeekToLast();
    if (chunks->Valid()) last_chunk_ = std::max(last_chunk_, trailing_number(chunks->key().ToStringView()));
    if (!chunks->status().ok()) return to_error(chunks->status());
  }
  const auto contact = reader.state(last_contact_state);
  if (!contact) return contact.error();
  const auto shift = reader.state(max_shift_state);
  if (!shift) return shift.error();
  last_contact_ = static_cast<ContactNumber>(*contact);
  max_shift_millis_ = *shift;
  return {};
}

Result<std::vector<AppendReceipt>> GroupWriter::write(std::span<const SpanList* const> appends) {
  std::vector<TraceSpans> traces;
  std::unordered_map<TraceId, std::size_t, IdHash> places;
  for (std::size_t i = 0; i < appends.size(); ++i) {
    for (const SpanView& span : appends[i]->spans) {
      const auto [place, is_new] = places.try_emplace(span.trace_id, traces.size());
      if (is_new) traces.push_back({span.trace_id, {}});
      traces[place->second].entries.push_back({&span, i});
    }
  }
  Group group(database_, dictionary_, counters_, appends.size());
  const auto write_all = [&]() -> Result<void> {
    for (TraceSpans& trace : traces) {
      if (const auto written = write_trace(group, trace); !written) return written;
    }
    return finish(group);
  };
  if (const auto written = write_all(); !written) {
    recent_.forget();
    counters_.failed_appends.fetch_add(appends.size(), std::memory_order_relaxed);
    return written.error();
  }
  recent_.make_room();
  return std::move(group.receipts);
}

Result<void> GroupWriter::write_trace(Group& group, TraceSpans& trace) {
  const auto found = find_or_make(group, trace);
  if (!found) return found.error();
  RecentTraces::Trace& known = **found;
  std::vector<const SpanView*> fresh;
  for (const TraceSpans::Entry& entry : trace.entries) {
    AppendReceipt& receipt = group.receipts[entry.append];
    const bool is_fresh = recent_.add(known, identity_of(*entry.span));
    ++(is_fresh ? receipt.stored : receipt.duplicates);
    if (is_fresh) fresh.push_back(entry.span);
  }
  if (fresh.empty()) return {};
  auto record = load_record(group, known, trace.id);
  if (!record) return record.error();
  const ChunkNumber chunk = next_chunk_number();
  if (const std::uint32_t date = date_of(chunk); group.day.date != date) {
    const auto day = database_.partition_for(date);
    if (!day) return day.error();
    group.day = *day;
  }
  Marks marks;
  for (const SpanView* span : fresh) {
    if (const auto added = add_span(group, known.number, *span, *record, marks); !added) return added;
  }
  record->add_date(group.day.date);
  group.batch.Put(group.day.chunks, chunk_key(chunk), group.encoder.encode(trace.id, fresh));
  group.batch.Put(group.day.postings, trace_chunk_key(known.number, chunk), rocksdb::Slice());
  write_marks(group, known.number, marks);
  write_record(group, known.number, *record);
  known.is_stored = true;
  return {};
}

Result<RecentTraces::Trace*> GroupWriter::find_or_make(Group& group, const TraceSpans& spans) {
  if (RecentTraces::Trace* known = recent_.find(spans.id)) return known;
  RecentTraces::Trace trace;
  const auto number = group.reader.number_of(spans.id);
  if (number) {
    trace.number = *number;
    trace.is_stored = true;
    const auto record = load_record(group, trace, spans.id);
    if (!record) return record.error();
    const auto stored = group.reader.sound_recent_spans(*number, *record, chunks_searched_for_duplicates);
    if (!stored) return stored.error();
    for (const SpanView& span : stored->spans) trace.identities.insert(identity_of(span));
  } else if (number.error().code == Errc::NotFound) {
    const auto allocated = allocate(group, spans);
    if (!allocated) return allocated.error();
    trace.number = *allocated;
    group.batch.Put(database_.conversations(), trace_id_key(spans.id), number_value(trace.number));
  } else {
    return number.error();
  }
  return &recent_.insert(spans.id, std::move(trace));
}

/// The trace's start, or one of the next numbers. Where many traces claim to start in the same nanosecond, as with a
/// clock that stands still, any number of that millisecond.
Result<TraceNumber> GroupWriter::allocate(Group& group, const TraceSpans& spans) const {
  std::uint64_t start = UINT64_MAX;
  for (const TraceSpans::Entry& entry : spans.entries) start = std::min(start, entry.span->start_unix_nanos);
  const std::uint64_t low_bits = (std::uint64_t{1} << number_time_shift) - 1;
  TraceNumber number = trace_number_at(start);
  for (int attempt = 1;; ++attempt) {
    const auto is_taken = group.reader.has_record(number);
    if (!is_taken) return is_taken.error();
    if (!*is_taken && group.new_numbers.insert(number).second) return number;
    ++number;
    if (attempt == attempts_nearby) number = number_at(start) | (stable_hash(spans.id.as_bytes()) & low_bits);
  }
}

Result<TraceRecord> GroupWriter::load_record(const Group& group, const RecentTraces::Trace& trace,
                                             const TraceId& id) const {
  TraceRecord fresh;
  fresh.trace_id = id;
  if (!trace.is_stored) return fresh;
  auto record = group.reader.record(trace.number);
  if (record || record.error().code != Errc::Corruption) return record;
  log(LogLevel::Error, "trace " + id.to_hex() + ": its record is damaged and is begun anew: " + record.error().message);
  return fresh;
}

Result<void> GroupWriter::add_span(Group& group, TraceNumber number, const SpanView& span, TraceRecord& record,
                                   Marks& marks) {
  const Recognition meaning = recognise(span);
  record.add(span, meaning);
  const std::string_view service = span.resource != nullptr ? span.resource->service() : std::string_view();
  const Term service_term = term_of(service);
  marks.services.insert({{service_term, any_term}, {service_term, term_of(span.name)}});
  catalogue_.add_service(service);
  if (!meaning.bot.empty()) {
    const Term bot = term_of(meaning.bot);
    marks.bots.emplace(bot, any_term);
    if (!meaning.node.empty()) marks.bots.emplace(bot, term_of(meaning.node));
    catalogue_.add_bot(meaning.bot, meaning.node);
  }
  marks.has_error = marks.has_error || meaning.is_error;
  for (const LinkView& link : span.links) marks.links.insert(link.trace_id);
  if (meaning.handoff) {
    if (!meaning.handoff->target.empty()) {
      marks.bots.emplace(term_of(meaning.handoff->target), any_term);
      catalogue_.add_bot(meaning.handoff->target, {});
    }
    group.batch.Put(database_.conversations(),
                    handoff_key(number, span.start_unix_nanos, span.end_unix_nanos, span.span_id),
                    encode_handoff(*meaning.handoff));
  }
  return meaning.contact_id.empty() ? Result<void>() : add_contact(group, number, meaning.contact_id, record);
}

Result<void> GroupWriter::add_contact(Group& group, TraceNumber number, std::string_view id, TraceRecord& record) {
  std::string cut(id.substr(0, max_contact_bytes));
  const auto known = std::find_if(record.contacts.begin(), record.contacts.end(),
                                  [&](const TraceRecord::Contact& contact) { return contact.id == cut; });
  if (known != record.contacts.end()) return {};
  auto& contact = group.contacts[cut];
  if (contact.entry.number == 0) {
    const auto entry = group.reader.contact(cut);
    if (!entry && entry.error().code != Errc::NotFound) return entry.error();
    contact.is_new = !entry;
    contact.entry = entry.value_or(ContactEntry{});
    if (contact.is_new) contact.entry.number = ++last_contact_;
    contact.stored_last = contact.entry.last_unix_nanos;
  }
  contact.entry.last_unix_nanos = std::max(contact.entry.last_unix_nanos, record.end_unix_nanos);
  record.add_contact(contact.entry.number, cut);
  group.batch.Put(database_.conversations(), posting_key(contact_trace_prefix(contact.entry.number), number),
                  rocksdb::Slice());
  return {};
}

void GroupWriter::write_marks(Group& group, TraceNumber number, const Marks& marks) const {
  const auto post = [&](std::string prefix) {
    group.batch.Put(group.day.postings, posting_key(std::move(prefix), number), rocksdb::Slice());
  };
  for (const auto& [service, name] : marks.services) post(service_posting_prefix(service, name));
  for (const auto& [bot, node] : marks.bots) post(bot_posting_prefix(bot, node));
  for (const TraceId& linked : marks.links) post(link_posting_prefix(linked));
  if (marks.has_error) post(error_posting_prefix());
}

void GroupWriter::write_record(Group& group, TraceNumber number, const TraceRecord& record) {
  group.batch.Put(database_.conversations(), trace_record_key(number), encode_record(record));
  const std::uint64_t start_millis = millis_of(number_at(record.start_unix_nanos));
  group.max_shift_millis = std::max(group.max_shift_millis, millis_of(number) - start_millis);
  for (const TraceRecord::Contact& named : record.contacts) {
    auto& contact = group.contacts[named.id];
    if (contact.entry.number == 0) {
      const auto entry = group.reader.contact(named.id);
      if (!entry) continue;  // its entry is damaged; the journey is still found by its id's other traces
      contact.entry = *entry;
      contact.stored_last = entry->last_unix_nanos;
    }
    contact.entry.last_unix_nanos = std::max(contact.entry.last_unix_nanos, record.end_unix_nanos);
  }
}

Result<void> GroupWriter::finish(Group& group) {
  bool has_new_contacts = false;
  for (const auto& [id, contact] : group.contacts) {
    if (!contact.is_new && contact.entry.last_unix_nanos == contact.stored_last) continue;
    has_new_contacts = has_new_contacts || contact.is_new;
    rocksdb::ColumnFamilyHandle* family = database_.conversations();
    if (!contact.is_new) group.batch.Delete(family, recent_contact_key(contact.stored_last, contact.entry.number));
    group.batch.Put(family, recent_contact_key(contact.entry.last_unix_nanos, contact.entry.number), id);
    group.batch.Put(family, contact_key(id), encode_contact(contact.entry));
  }
  if (has_new_contacts) {
    group.batch.Put(database_.conversations(), state_key(last_contact_state), number_value(last_contact_));
  }
  if (group.max_shift_millis > max_shift_millis_) {
    group.batch.Put(database_.conversations(), state_key(max_shift_state), number_value(group.max_shift_millis));
  }
  for (const Dictionary::Entry& entry : dictionary_->unsaved()) {
    group.batch.Put(database_.dictionary(), dictionary_key(entry.text_class, entry.number),
                    rocksdb::Slice(entry.text.data(), entry.text.size()));
  }
  for (const std::string& key : catalogue_.unsaved()) group.batch.Put(database_.dictionary(), key, rocksdb::Slice());
  if (group.batch.Count() == 0) return {};
  if (const auto written = database_.write(group.batch); !written) return written;
  max_shift_millis_ = std::max(max_shift_millis_, group.max_shift_millis);
  dictionary_->mark_saved();
  catalogue_.mark_saved();
  counters_.commits.fetch_add(1, std::memory_order_relaxed);
  return {};
}

/// Later than any before, also when the clock was set back.
ChunkNumber GroupWriter::next_chunk_number() {
  last_chunk_ = std::max(last_chunk_ + 1, number_at(now_()));
  return last_chunk_;
}

Term GroupWriter::term_of(std::string_view name) {
  const std::uint32_t number = dictionary_->number_for(TextClass::Name, name);
  return number != 0 ? number : hashed_term(name);
}

}  // namespace segue::server::detail
