#include "reader.h"

#include <utility>

#include "byte_codec.h"
#include "chunk_codec.h"
#include "postings.h"

namespace segue::server::detail {

std::string encode_contact(const ContactEntry& entry) {
  std::string bytes;
  ByteWriter(bytes).fixed32(entry.number).fixed64(entry.last_unix_nanos);
  return bytes;
}

Reader::Reader(Database& database, std::shared_ptr<const Dictionary> dictionary, Counters& counters)
    : snapshot_(database), dictionary_(std::move(dictionary)), counters_(counters) {}

Result<TraceNumber> Reader::number_of(const TraceId& id) const {
  const auto value = snapshot_.get(conversations(), trace_id_key(id));
  if (!value) {
    return value.error().code == Errc::NotFound ? Error{Errc::NotFound, "no trace " + id.to_hex()} : value.error();
  }
  return trailing_number(*value);
}

Result<TraceRecord> Reader::record(TraceNumber trace) const {
  const auto value = snapshot_.get(conversations(), trace_record_key(trace));
  if (!value) return value.error();
  return decode_record(*value);
}

Result<bool> Reader::has_record(TraceNumber trace) const {
  const auto value = snapshot_.get(conversations(), trace_record_key(trace));
  if (!value && value.error().code != Errc::NotFound) return value.error();
  return value.has_value();
}

Result<ContactEntry> Reader::contact(std::string_view id) const {
  const auto value = snapshot_.get(conversations(), contact_key(id));
  if (!value) {
    return value.error().code == Errc::NotFound ? Error{Errc::NotFound, "no contact " + std::string(id)}
                                                : value.error();
  }
  ByteReader in(*value);
  const ContactEntry entry{in.fixed32(), in.fixed64()};
  if (in.failed()) return Error{Errc::Corruption, "the entry of contact " + std::string(id) + " is damaged"};
  return entry;
}

Result<std::uint64_t> Reader::state(std::string_view name) const {
  const auto value = snapshot_.get(conversations(), state_key(name));
  if (value) return trailing_number(*value);
  if (value.error().code == Errc::NotFound) return std::uint64_t{0};
  return value.error();
}

Result<std::vector<HandoffRecord>> Reader::handoffs(TraceNumber trace, const TraceRecord& record) const {
  std::vector<HandoffRecord> handoffs;
  if (record.handoffs == 0) return handoffs;
  KeyRange range(snapshot_, conversations(), handoff_prefix(trace), after_prefix(handoff_prefix(trace)));
  for (range.iterator().SeekToFirst(); range.is_valid(); range.iterator().Next()) {
    auto handoff = decode_handoff(range.key(), range.value());
    if (!handoff) return handoff.error();
    handoff->trace_id = record.trace_id;
    handoffs.push_back(std::move(*handoff));
  }
  if (const auto read = range.status(); !read) return read.error();
  return handoffs;
}

Result<std::vector<Reader::ChunkPlace>> Reader::chunks_of(TraceNumber trace, const TraceRecord& record) const {
  std::vector<ChunkPlace> places;
  for (const std::uint32_t date : record.dates) {
    const DayPartition* day = snapshot_.partition(date);
    if (day == nullptr) continue;
    const auto chunks = numbers_under(snapshot_, day->postings, trace_chunk_prefix(trace));
    if (!chunks) return chunks.error();
    for (const ChunkNumber chunk : *chunks) places.push_back({day, chunk});
  }
  return places;
}

Result<void> Reader::read_chunk(const ChunkPlace& place, SpanList& list) const {
  auto bytes = std::make_shared<std::string>();
  const rocksdb::Status status =
      snapshot_.database().rocks().Get(snapshot_.options(), place.day->chunks, chunk_key(place.chunk), bytes.get());
  Result<void> read;
  if (status.ok()) {
    read = decode_chunk(std::move(bytes), dictionary_, list);
  } else if (status.IsNotFound()) {
    read = Error{Errc::Corruption, "it is missing"};
  } else {
    read = to_error(status);
  }
  if (read) return read;
  if (read.error().code == Errc::Corruption) counters_.corrupt_chunks.fetch_add(1, std::memory_order_relaxed);
  return read.error().with_context("chunk " + std::to_string(place.chunk) + " of " + std::to_string(place.day->date));
}

Result<SpanList> Reader::spans(TraceNumber trace, const TraceRecord& record) const {
  const auto places = chunks_of(trace, record);
  if (!places) return places.error();
  SpanList list;
  list.spans.reserve(record.spans);
  for (const ChunkPlace& place : *places) {
    if (const auto read = read_chunk(place, list); !read) {
      return read.error().with_context("trace " + record.trace_id.to_hex());
    }
  }
  return list;
}

Result<SpanList> Reader::sound_recent_spans(TraceNumber trace, const TraceRecord& record,
                                            std::size_t max_chunks) const {
  const auto places = chunks_of(trace, record);
  if (!places) return places.error();
  const std::size_t skipped = places->size() > max_chunks ? places->size() - max_chunks : 0;
  SpanList list;
  for (std::size_t i = skipped; i < places->size(); ++i) {
    const auto read = read_chunk((*places)[i], list);
    if (!read && read.error().code != Errc::Corruption) return read.error();
  }
  return list;
}

}  // namespace segue::server::detail
