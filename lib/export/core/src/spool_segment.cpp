#include "spool_segment.h"

#include <algorithm>
#include <cstring>

#include "crc32c.h"

namespace segue::detail {
namespace {

constexpr std::uint32_t magic = 0x31526753;  // "SgR1"

// Offsets in a header. The acknowledgement comes first and is not under the checksum, as it is written later.
constexpr std::size_t acknowledgement_at = 0;
constexpr std::size_t magic_at = 8;
constexpr std::size_t checksum_at = 12;
constexpr std::size_t kind_at = 16;
constexpr std::size_t payload_bytes_at = 20;
constexpr std::size_t payload_checksum_at = 24;
constexpr std::size_t span_count_at = 28;
constexpr std::size_t spans_before_at = 32;
constexpr std::size_t written_at = 40;

constexpr std::size_t region_entry_bytes = 16;  // scope, schema URL and spans in bytes, and the count of spans

template <class T>
void store(char* out, T value) noexcept {
  std::memcpy(out, &value, sizeof value);
}

template <class T>
T load(std::string_view bytes, std::size_t offset) noexcept {
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof value);
  return value;
}

std::uint32_t seed_of(std::uint64_t salt) noexcept {
  return crc32c({reinterpret_cast<const char*>(&salt), sizeof salt});
}

void append_size(std::string& table, std::size_t size) {
  const auto value = static_cast<std::uint32_t>(size);
  table.append(reinterpret_cast<const char*>(&value), sizeof value);
}

// Cuts `size` bytes off the front of `bytes`; the caller has checked that they are there.
std::string_view cut(std::string_view& bytes, std::size_t size) noexcept {
  const std::string_view front = bytes.substr(0, size);
  bytes.remove_prefix(size);
  return front;
}

}  // namespace

HeaderBytes encode_header(const RecordHeader& header, std::uint64_t salt) noexcept {
  HeaderBytes bytes{};
  store(bytes.data() + magic_at, magic);
  store(bytes.data() + kind_at, static_cast<std::uint32_t>(header.kind));
  store(bytes.data() + payload_bytes_at, header.payload_bytes);
  store(bytes.data() + payload_checksum_at, header.payload_checksum);
  store(bytes.data() + span_count_at, header.span_count);
  store(bytes.data() + spans_before_at, header.spans_before);
  store(bytes.data() + written_at, header.written_unix_nanos);
  const std::string_view covered(bytes.data() + kind_at, bytes.size() - kind_at);
  store(bytes.data() + checksum_at, crc32c(covered, seed_of(salt)));
  return bytes;
}

// Differs from the zero of a waiting record in so many bits that no single damaged byte makes one of the other.
std::uint64_t acknowledgement_of(std::string_view header) noexcept {
  return std::uint64_t{magic} << 32 | static_cast<std::uint32_t>(~load<std::uint32_t>(header, checksum_at));
}

bool RecordPayload::assign(const ExportBatch& batch, std::uint64_t salt) {
  table_.clear();
  append_size(table_, batch.resource.size());
  append_size(table_, batch.regions.size());
  pieces_.assign({std::string_view(), batch.resource});  // the first becomes the table, once it is complete
  std::size_t total = batch.byte_count();
  for (const ExportRegion& region : batch.regions) {
    for (const std::string_view part : {region.scope, region.schema_url, region.spans}) {
      append_size(table_, part.size());
      pieces_.push_back(part);
    }
    append_size(table_, region.span_count);
  }
  pieces_.front() = table_;
  total += table_.size();
  if (total > UINT32_MAX) return false;
  size_ = static_cast<std::uint32_t>(total);
  checksum_ = seed_of(salt);
  for (const std::string_view piece : pieces_) checksum_ = crc32c(piece, checksum_);
  return true;
}

bool decode_payload(std::string_view payload, std::string_view& resource, std::vector<ExportRegion>& regions) {
  regions.clear();
  if (payload.size() < 8) return false;
  const std::size_t resource_bytes = load<std::uint32_t>(payload, 0);
  const std::size_t region_count = load<std::uint32_t>(payload, 4);
  payload.remove_prefix(8);
  if (region_count > payload.size() / region_entry_bytes) return false;
  std::string_view table = cut(payload, region_count * region_entry_bytes);
  if (resource_bytes > payload.size()) return false;
  resource = cut(payload, resource_bytes);
  for (std::size_t i = 0; i < region_count; ++i) {
    const std::string_view entry = cut(table, region_entry_bytes);
    ExportRegion region;
    for (std::string_view* part : {&region.scope, &region.schema_url, &region.spans}) {
      const std::size_t at = part == &region.scope ? 0 : part == &region.schema_url ? 4 : 8;
      const std::size_t size = load<std::uint32_t>(entry, at);
      if (size > payload.size()) return false;
      *part = cut(payload, size);
    }
    region.span_count = load<std::uint32_t>(entry, 12);
    regions.push_back(region);
  }
  return payload.empty();
}

bool SegmentReader::read_header(std::size_t offset, RecordHeader& header) const noexcept {
  if (bytes_.size() - offset < RecordHeader::byte_count) return false;
  const std::string_view bytes = bytes_.substr(offset, RecordHeader::byte_count);
  if (load<std::uint32_t>(bytes, magic_at) != magic) return false;
  if (crc32c(bytes.substr(kind_at), seed_of(salt_)) != load<std::uint32_t>(bytes, checksum_at)) return false;
  const auto kind = load<std::uint32_t>(bytes, kind_at);
  if (kind != static_cast<std::uint32_t>(RecordKind::Batch) && kind != static_cast<std::uint32_t>(RecordKind::End)) {
    return false;
  }
  header.kind = static_cast<RecordKind>(kind);
  header.payload_bytes = load<std::uint32_t>(bytes, payload_bytes_at);
  header.payload_checksum = load<std::uint32_t>(bytes, payload_checksum_at);
  header.span_count = load<std::uint32_t>(bytes, span_count_at);
  header.spans_before = load<std::uint64_t>(bytes, spans_before_at);
  header.written_unix_nanos = load<std::uint64_t>(bytes, written_at);
  return true;
}

bool SegmentReader::has_whole_payload(std::size_t offset, const RecordHeader& header) const noexcept {
  if (header.kind == RecordKind::End) return header.payload_bytes == 0;
  const std::size_t payload_at = offset + RecordHeader::byte_count;
  if (bytes_.size() - payload_at < header.payload_bytes) return false;
  return crc32c(bytes_.substr(payload_at, header.payload_bytes), seed_of(salt_)) == header.payload_checksum;
}

// The next header at or after `from`; the end of the bytes if there is none.
std::size_t SegmentReader::find_header(std::size_t from, RecordHeader& header) const noexcept {
  const std::string_view wanted(reinterpret_cast<const char*>(&magic), sizeof magic);
  for (std::size_t at = from + magic_at; at < bytes_.size(); ++at) {
    at = bytes_.find(wanted, at);
    if (at == std::string_view::npos) break;
    if (read_header(at - magic_at, header)) return at - magic_at;
  }
  return bytes_.size();
}

SegmentItem SegmentReader::take(const RecordHeader& header) noexcept {
  SegmentItem item{.kind = header.kind == RecordKind::End ? SegmentItem::Kind::End : SegmentItem::Kind::Batch,
                   .offset = offset_,
                   .header = header};
  const std::string_view header_bytes = bytes_.substr(offset_, RecordHeader::byte_count);
  item.is_acknowledged = load<std::uint64_t>(header_bytes, acknowledgement_at) == acknowledgement_of(header_bytes);
  item.payload = bytes_.substr(offset_ + RecordHeader::byte_count, header.payload_bytes);
  spans_seen_ = header.spans_before + header.span_count;
  offset_ += RecordHeader::byte_count + header.payload_bytes;
  return item;
}

SegmentItem SegmentReader::next() noexcept {
  if (offset_ >= bytes_.size()) return {};
  RecordHeader header;
  SegmentItem damage{.kind = SegmentItem::Kind::Damage, .offset = offset_};
  const bool has_header = read_header(offset_, header);
  if (has_header && header.spans_before <= spans_seen_) {
    const std::size_t record = offset_;
    const bool is_whole = has_whole_payload(record, header);
    const SegmentItem item = take(header);
    if (is_whole) return item;
    // Bytes may be missing rather than changed, so the next record is looked for from here on.
    damage.lost_spans = item.is_acknowledged ? 0 : header.span_count;
    offset_ = find_header(record + RecordHeader::byte_count, header);
    return damage;
  }
  // What a damaged header stood for is known from the next whole one: the spans that are missing before it.
  if (!has_header) offset_ = find_header(offset_ + 1, header);
  if (offset_ < bytes_.size() && header.spans_before > spans_seen_) {
    damage.lost_spans = header.spans_before - spans_seen_;
    spans_seen_ = header.spans_before;
  }
  return damage;
}

}  // namespace segue::detail
