#include "segue/export/spool.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <deque>
#include <filesystem>
#include <optional>
#include <unordered_map>
#include <utility>

#include "segue/base/clock.h"
#include "segue/base/log.h"
#include "segue/base/random.h"
#include "spool_files.h"
#include "spool_segment.h"

namespace segue {
namespace {

namespace fs = std::filesystem;
using detail::File;
using detail::RecordHeader;
using detail::RecordKind;
using detail::SegmentItem;
using detail::SegmentName;
using detail::SegmentReader;

constexpr std::uint64_t min_bytes = std::uint64_t{64} << 10;
// Small enough to be read whole and to be displaced without losing much, large enough that files stay few.
constexpr std::uint64_t segments_per_spool = 32;
constexpr std::uint64_t max_segment_bytes = std::uint64_t{8} << 20;
constexpr std::uint64_t end_bytes = RecordHeader::byte_count;

struct Segment {
  SegmentName name;
  std::uint64_t bytes = 0;
  bool is_recovered = false;
  std::uint64_t waiting_spans = 0;  ///< Where this process wrote it; else it is found out by reading.
  std::unordered_map<std::uint64_t, ExportProgress> progress =
      {};  ///< Of batches that some destinations have, by offset.
};

class FileSpool final : public Spool {
 public:
  FileSpool(const SpoolOptions& options, detail::SpoolSlot slot)
      : options_(options),
        segment_bytes_(std::min(options.max_bytes / segments_per_spool, max_segment_bytes)),
        slot_(std::move(slot)) {
    for (const SegmentName& name : detail::list_segments(slot_.path)) {
      std::error_code ignored;
      const std::uintmax_t bytes = fs::file_size(slot_.path / name.file_name(), ignored);
      segments_.push_back({.name = name, .bytes = ignored ? 0 : bytes, .is_recovered = true});
      total_bytes_ += segments_.back().bytes;
      next_number_ = name.number + 1;
    }
  }
  ~FileSpool() override { close_writer(); }

  Result<void> append(const ExportBatch& batch) override;
  const SpooledBatch* front() override;
  void set_progress(const ExportProgress& progress) override;
  void pop() override;
  bool is_empty() const noexcept override { return segments_.empty(); }
  std::uint64_t byte_count() const noexcept override { return total_bytes_; }
  std::vector<SpoolLoss> take_losses() override { return std::exchange(losses_, {}); }
  SpoolDamage damage() const noexcept override { return damage_; }
  void abandon() noexcept override;

 private:
  Result<void> make_room(std::uint64_t bytes);
  Result<void> open_writer();
  Result<void> write_record(RecordHeader header);
  void close_writer();
  void remove_empty_writer();
  bool is_writing_front() const noexcept { return writer_.is_open() && segments_.size() == 1; }

  bool load_front();
  bool advance(const SegmentItem& item);
  bool offer(const SegmentItem& item);
  bool is_expired(const RecordHeader& header) const noexcept;
  void count_loss(DropReason reason, std::uint64_t spans);
  void finish_front();
  void displace_front();

  fs::path path_of(const Segment& segment) const { return slot_.path / segment.name.file_name(); }

  const SpoolOptions options_;
  const std::uint64_t segment_bytes_;
  detail::SpoolSlot slot_;
  std::deque<Segment> segments_;  // oldest first
  std::uint64_t total_bytes_ = 0;
  std::uint64_t next_number_ = 0;

  File writer_;                     // of the last segment, if it is open
  std::uint64_t spans_before_ = 0;  // in the last segment
  detail::RecordPayload payload_;

  File reader_file_;  // of the first segment, while it is read
  std::string reader_bytes_;
  std::optional<SegmentReader> reader_;
  bool has_end_ = false;
  SegmentItem current_item_;
  std::vector<ExportRegion> current_regions_;
  std::optional<SpooledBatch> current_;

  std::vector<SpoolLoss> losses_;
  SpoolDamage damage_;
};

// Writing.

Result<void> FileSpool::append(const ExportBatch& batch) {
  if (writer_.is_open() && segments_.back().bytes >= segment_bytes_) close_writer();
  if (!writer_.is_open()) {
    if (auto opened = open_writer(); !opened) return opened;
  }
  if (!payload_.assign(batch, segments_.back().name.salt)) return Error{Errc::LimitExceeded, "a batch over 4 GiB"};
  auto room = make_room(RecordHeader::byte_count + payload_.size());
  if (room && !writer_.is_open()) return append(batch);  // its own segment had to make room
  const auto spans = static_cast<std::uint32_t>(batch.span_count());
  const std::uint64_t offset = segments_.back().bytes;
  if (room) {
    room =
        write_record({.payload_bytes = payload_.size(), .payload_checksum = payload_.checksum(), .span_count = spans});
  }
  if (!room && segments_.back().bytes == 0) remove_empty_writer();
  if (!room) return room;
  segments_.back().waiting_spans += spans;
  if (batch.progress.delivered != 0 || batch.progress.refused != 0) {
    segments_.back().progress.emplace(offset, batch.progress);
  }
  return room;
}

Result<void> FileSpool::make_room(std::uint64_t bytes) {
  if (bytes + end_bytes > options_.max_bytes) {
    return Error{Errc::LimitExceeded, "a batch of " + std::to_string(bytes) + " bytes is larger than the spool"};
  }
  while (total_bytes_ + bytes + end_bytes > options_.max_bytes && writer_.is_open()) displace_front();
  return {};
}

Result<void> FileSpool::open_writer() {
  const Segment segment{.name = {next_number_, random_bits()}};
  auto created = detail::create_segment(path_of(segment));
  if (!created) return created.error();
  writer_ = *std::move(created);
  if (options_.sync == SpoolSync::EveryBatch) detail::sync_folder(slot_.path);
  ++next_number_;
  spans_before_ = 0;
  segments_.push_back(segment);
  return {};
}

void FileSpool::remove_empty_writer() {
  std::error_code ignored;
  fs::remove(path_of(segments_.back()), ignored);
  segments_.pop_back();
  writer_.close();
}

// `payload_` follows the header of a batch.
Result<void> FileSpool::write_record(RecordHeader header) {
  Segment& segment = segments_.back();
  header.spans_before = spans_before_;
  header.written_unix_nanos = unix_nanos_now();
  const detail::HeaderBytes head = detail::encode_header(header, segment.name.salt);
  std::vector<std::string_view> pieces = {{head.data(), head.size()}};
  if (header.kind == RecordKind::Batch) {
    pieces.insert(pieces.end(), payload_.pieces().begin(), payload_.pieces().end());
  }
  if (auto written = detail::append_pieces(writer_, segment.bytes, pieces); !written) return written;
  const std::uint64_t bytes = head.size() + header.payload_bytes;
  segment.bytes += bytes;
  total_bytes_ += bytes;
  spans_before_ += header.span_count;
  if (options_.sync == SpoolSync::EveryBatch && ::fdatasync(writer_.get()) != 0) {
    log(LogLevel::Warning, detail::io_error("spool: sync").message);
  }
  return {};
}

void FileSpool::close_writer() {
  if (!writer_.is_open()) return;
  if (auto ended = write_record({.kind = RecordKind::End}); !ended) {
    log(LogLevel::Warning, "spool: a segment could not be closed: " + ended.error().message);
  }
  writer_.close();
}

// Reading.

const SpooledBatch* FileSpool::front() {
  while (!current_) {
    if (segments_.empty()) return nullptr;
    if (!reader_ && !load_front()) continue;
    if (!advance(reader_->next())) finish_front();
  }
  return &*current_;
}

bool FileSpool::load_front() {
  if (is_writing_front()) close_writer();  // only closed segments are read: what is read does not change
  const Segment& segment = segments_.front();
  auto file = detail::read_segment(path_of(segment), reader_bytes_);
  if (!file) {
    log(LogLevel::Warning, "spool: " + file.error().message);
    ++damage_.places;
    finish_front();
    return false;
  }
  reader_file_ = *std::move(file);
  reader_.emplace(reader_bytes_, segment.name.salt);
  has_end_ = false;
  return true;
}

// False at the end of the segment.
bool FileSpool::advance(const SegmentItem& item) {
  switch (item.kind) {
    case SegmentItem::Kind::Batch:
      if (item.is_acknowledged || offer(item)) break;
      count_loss(DropReason::SpoolCorrupt, item.header.span_count);
      ++damage_.places;
      break;
    case SegmentItem::Kind::Damage:
      log(LogLevel::Warning, "spool: damaged at byte " + std::to_string(item.offset) + " of " +
                                 path_of(segments_.front()).string() + ", which loses " +
                                 std::to_string(item.lost_spans) + " spans or more");
      count_loss(DropReason::SpoolCorrupt, item.lost_spans);
      ++damage_.places;
      break;
    case SegmentItem::Kind::End: has_end_ = true; break;
    case SegmentItem::Kind::Nothing: return false;
  }
  return true;
}

// False if the record is not what this version writes.
bool FileSpool::offer(const SegmentItem& item) {
  SpooledBatch batch{.span_count = item.header.span_count, .is_recovered = segments_.front().is_recovered};
  if (!detail::decode_payload(item.payload, batch.batch.resource, current_regions_)) return false;
  batch.batch.regions = current_regions_;
  const auto& known = segments_.front().progress;
  if (const auto found = known.find(item.offset); found != known.end()) batch.batch.progress = found->second;
  if (is_expired(item.header)) {
    count_loss(DropReason::SpoolExpired, item.header.span_count);
    return true;
  }
  current_item_ = item;
  current_ = batch;
  return true;
}

bool FileSpool::is_expired(const RecordHeader& header) const noexcept {
  const std::uint64_t now = unix_nanos_now();
  if (options_.max_age.count() == 0 || header.written_unix_nanos >= now) return false;
  return std::chrono::nanoseconds(now - header.written_unix_nanos) > options_.max_age;
}

void FileSpool::set_progress(const ExportProgress& progress) {
  if (current_) current_->batch.progress = progress;
}

void FileSpool::pop() {
  if (!current_) return;
  const std::uint64_t word = detail::acknowledgement_of(
      std::string_view(reader_bytes_).substr(current_item_.offset, RecordHeader::byte_count));
  const auto offset = static_cast<off_t>(current_item_.offset);
  if (::pwrite(reader_file_.get(), &word, sizeof word, offset) != static_cast<ssize_t>(sizeof word)) {
    log(LogLevel::Warning, detail::io_error("spool: a batch may be delivered twice").message);
  }
  Segment& segment = segments_.front();
  segment.waiting_spans -= std::min(segment.waiting_spans, current_->span_count);
  current_.reset();
}

// Of its own spans this process knows how many are left, so that damage is not counted beyond them.
void FileSpool::count_loss(DropReason reason, std::uint64_t spans) {
  Segment& segment = segments_.front();
  if (!segment.is_recovered) {
    spans = std::min(spans, segment.waiting_spans);
    segment.waiting_spans -= spans;
  }
  if (spans > 0) losses_.push_back({reason, spans, segment.is_recovered});
}

void FileSpool::finish_front() {
  Segment& segment = segments_.front();
  if (reader_ && !has_end_) {
    ++damage_.unclosed_segments;
    log(LogLevel::Warning, "spool: " + path_of(segment).string() +
                               " has no end: its process was killed, or the file is cut; spans may be missing");
  }
  count_loss(DropReason::SpoolCorrupt, segment.waiting_spans);
  std::error_code ignored;
  fs::remove(path_of(segment), ignored);
  total_bytes_ -= segment.bytes;
  segments_.pop_front();
  reader_.reset();
  reader_file_.close();
  current_.reset();
}

// Drops the oldest segment with all that waits in it.
void FileSpool::displace_front() {
  if (is_writing_front()) close_writer();
  const Segment& segment = segments_.front();
  if (current_) count_loss(DropReason::SpoolFull, current_->span_count);
  current_.reset();
  if (reader_ || load_front()) {
    for (SegmentItem item = reader_->next(); item.kind != SegmentItem::Kind::Nothing; item = reader_->next()) {
      if (item.kind == SegmentItem::Kind::End) has_end_ = true;
      if (item.kind == SegmentItem::Kind::Damage) {
        count_loss(DropReason::SpoolCorrupt, item.lost_spans);
        ++damage_.places;
      } else if (!item.is_acknowledged) {
        count_loss(DropReason::SpoolFull, item.header.span_count);
      }
    }
    log(LogLevel::Warning, "spool: full, " + segment.name.file_name() + " makes room");
    finish_front();
  }
}

void FileSpool::abandon() noexcept {
  writer_.close();
  reader_file_.close();
  slot_.lock.close();
}

}  // namespace

Result<std::unique_ptr<Spool>> Spool::open(const SpoolOptions& options) {
  if (options.folder.empty()) return Error{Errc::InvalidArgument, "spool.folder is empty"};
  if (options.max_bytes < min_bytes) return Error{Errc::InvalidArgument, "spool.max_bytes is below 65536"};
  if (options.max_age < std::chrono::seconds(0)) return Error{Errc::InvalidArgument, "spool.max_age is negative"};
  try {
    auto slot = detail::take_slot(options.folder);
    if (!slot) return slot.error().with_context("spool");
    detail::adopt_abandoned_segments(options.folder, *slot);
    return std::unique_ptr<Spool>(std::make_unique<FileSpool>(options, *std::move(slot)));
  } catch (const std::exception& failure) {
    return Error{Errc::IoError, std::string("spool: ") + failure.what()};
  }
}

}  // namespace segue
