// What the spool asks of the file system: locked sub-folders, segments by name, writing a record in one go.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "segue/base/result.h"

namespace segue::detail {

/// An open file, closed with its owner; -1: none.
class File {
 public:
  File() = default;
  explicit File(int descriptor) noexcept : descriptor_(descriptor) {}
  File(File&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  File& operator=(File&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  ~File() { close(); }

  void close() noexcept;
  bool is_open() const noexcept { return descriptor_ >= 0; }
  int get() const noexcept { return descriptor_; }

 private:
  int descriptor_ = -1;
};

/// A segment by its name: "<number>-<salt>.spool", sixteen hex digits each.
struct SegmentName {
  std::uint64_t number = 0;
  std::uint64_t salt = 0;

  std::string file_name() const;
  static std::optional<SegmentName> parse(std::string_view file_name) noexcept;
};

/// The operating system's reason for the last failure, as an IoError about `what`.
Error io_error(const std::string& what);

/// A sub-folder that this process alone uses while `lock` is open.
struct SpoolSlot {
  std::filesystem::path path;
  File lock;
};

/// Locks the first free sub-folder of `folder`, making both as needed.
Result<SpoolSlot> take_slot(const std::filesystem::path& folder);

/// Moves the segments of sub-folders whose process is gone into `slot`, behind its own.
void adopt_abandoned_segments(const std::filesystem::path& folder, const SpoolSlot& slot);

/// The segments in `folder`, oldest first.
std::vector<SegmentName> list_segments(const std::filesystem::path& folder);

Result<File> create_segment(const std::filesystem::path& path);

/// Makes the names of the files in `folder` survive a power failure.
void sync_folder(const std::filesystem::path& folder) noexcept;

/// Opens a segment and reads it whole.
Result<File> read_segment(const std::filesystem::path& path, std::string& bytes);

/// Appends `pieces` at `size`; on failure the file is cut back to `size`, or closed if even that fails.
Result<void> append_pieces(File& file, std::uint64_t size, std::span<const std::string_view> pieces);

}  // namespace segue::detail
