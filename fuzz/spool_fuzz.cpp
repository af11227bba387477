// The spool's reader over a segment of any content: it reads every whole record once, in order, and says what else is there.
#include <algorithm>
#include <string>
#include <vector>

#include "spool_segment.h"
#include "target.h"

namespace {

using namespace segue;
using detail::SegmentItem;
using segue::fuzz::require;

constexpr std::uint64_t salt = 0x5a17;

/// Every item of `bytes`, after checking what must hold for each.
std::vector<SegmentItem> read_all(std::string_view bytes) {
  std::vector<SegmentItem> items;
  detail::SegmentReader reader(bytes, salt);
  for (SegmentItem item = reader.next(); item.kind != SegmentItem::Kind::Nothing; item = reader.next()) {
    require(item.offset < bytes.size(), "an item begins inside the bytes");
    require(items.empty() || item.offset >= items.back().offset, "items come in order");
    require(items.size() <= bytes.size(), "the reader gets on");
    items.push_back(item);
  }
  return items;
}

void check_batch(const SegmentItem& item, std::string_view bytes) {
  require(
      item.payload.data() >= bytes.data() && item.payload.data() + item.payload.size() <= bytes.data() + bytes.size(),
      "a payload lies in the segment");
  std::string_view resource;
  std::vector<ExportRegion> regions;
  if (!detail::decode_payload(item.payload, resource, regions)) return;
  detail::RecordPayload again;
  require(again.assign({resource, regions}, salt), "what was read can be written");
  require(again.size() == item.payload.size() && again.checksum() == item.header.payload_checksum,
          "and comes out as it was");
}

/// A record whose spans are `text`.
std::string make_record(std::string_view text, std::uint64_t spans_before) {
  const ExportRegion region{.scope = "scope", .schema_url = {}, .spans = text, .span_count = 1};
  detail::RecordPayload payload;
  (void)payload.assign({.resource = "resource", .regions = {&region, 1}}, salt);
  const detail::HeaderBytes header = detail::encode_header({.payload_bytes = payload.size(),
                                                            .payload_checksum = payload.checksum(),
                                                            .span_count = 1,
                                                            .spans_before = spans_before},
                                                           salt);
  std::string record(header.data(), header.size());
  for (const std::string_view piece : payload.pieces()) record += piece;
  return record;
}

/// Whole records around the input, which stands for damage: they must come through whatever it is.
void check_neighbours(std::string_view damage) {
  const std::string first = make_record("first", 0);
  const std::string last = make_record("last", 1000);
  const std::string bytes = first + std::string(damage) + last;
  const std::vector<SegmentItem> items = read_all(bytes);
  const auto has_record_at = [&items](std::size_t offset) {
    return std::ranges::any_of(items, [offset](const SegmentItem& item) {
      return item.kind == SegmentItem::Kind::Batch && item.offset == offset;
    });
  };
  require(has_record_at(0), "the record before the damage is read");
  // The fuzzer knows the salt, so it may make headers that claim the bytes behind the damage; nobody else can.
  const bool is_plain_damage = damage.find("SgR1") == std::string_view::npos;
  require(!is_plain_damage || has_record_at(first.size() + damage.size()), "the record behind the damage is read");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input = segue::fuzz::as_text(data, size);
  for (const SegmentItem& item : read_all(input)) {
    if (item.kind == SegmentItem::Kind::Batch) check_batch(item, input);
  }
  check_neighbours(input);
  return 0;
}
