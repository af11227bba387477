// The bytes of a spool segment (docs/design/spool-format.md): records written one after the other, and a reader that finds
// every whole one in a file damaged anywhere. Pure functions over bytes; files are the business of spool_files.h.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "segue/export/exporter.h"

namespace segue::detail {

enum class RecordKind : std::uint32_t { Batch = 1, End = 2 };

struct RecordHeader {
  static constexpr std::size_t byte_count = 48;

  RecordKind kind = RecordKind::Batch;
  std::uint32_t payload_bytes = 0;
  std::uint32_t payload_checksum = 0;
  std::uint32_t span_count = 0;
  std::uint64_t spans_before = 0;  ///< Of all records before this one in its segment, so that a gap can be counted.
  std::uint64_t written_unix_nanos = 0;
};

using HeaderBytes = std::array<char, RecordHeader::byte_count>;

/// `salt` is the segment's: no bytes inside a span can be taken for a record, as nobody who makes spans knows it.
HeaderBytes encode_header(const RecordHeader& header, std::uint64_t salt) noexcept;

/// What is written over the first eight bytes of a record that has been delivered, given its header's bytes.
std::uint64_t acknowledgement_of(std::string_view header) noexcept;

/// A batch as a record's payload, in pieces that point into the batch and into itself.
class RecordPayload {
 public:
  /// `salt` as above. False: it takes more than 4 GiB.
  bool assign(const ExportBatch& batch, std::uint64_t salt);
  std::span<const std::string_view> pieces() const noexcept { return pieces_; }
  std::uint32_t size() const noexcept { return size_; }
  std::uint32_t checksum() const noexcept { return checksum_; }

 private:
  std::string table_;  // sizes and counts
  std::vector<std::string_view> pieces_;
  std::uint32_t size_ = 0;
  std::uint32_t checksum_ = 0;
};

/// Reads `payload` back into views of it; false if it is not what RecordPayload writes.
bool decode_payload(std::string_view payload, std::string_view& resource, std::vector<ExportRegion>& regions);

struct SegmentItem {
  enum class Kind : std::uint8_t {
    Batch,    ///< A whole record; `header` and `payload` are its.
    Damage,   ///< Bytes that are no whole record; `lost_spans` of them are known of.
    End,      ///< The segment was closed here, as it should be.
    Nothing,  ///< There are no more bytes.
  };
  Kind kind = Kind::Nothing;
  std::size_t offset = 0;
  bool is_acknowledged = false;
  RecordHeader header = {};
  std::string_view payload = {};
  std::uint64_t lost_spans = 0;
};

class SegmentReader {
 public:
  SegmentReader(std::string_view bytes, std::uint64_t salt) noexcept : bytes_(bytes), salt_(salt) {}

  /// The next thing in the segment; after damage it goes on at the next whole record.
  SegmentItem next() noexcept;

 private:
  bool read_header(std::size_t offset, RecordHeader& header) const noexcept;
  bool has_whole_payload(std::size_t offset, const RecordHeader& header) const noexcept;
  std::size_t find_header(std::size_t from, RecordHeader& header) const noexcept;
  SegmentItem take(const RecordHeader& header) noexcept;

  std::string_view bytes_;
  std::uint64_t salt_;
  std::size_t offset_ = 0;
  std::uint64_t spans_seen_ = 0;  // in whole records and in damage already reported
};

}  // namespace segue::detail
