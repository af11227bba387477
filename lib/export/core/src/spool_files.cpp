#include "spool_files.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>

namespace segue::detail {
namespace {

namespace fs = std::filesystem;

constexpr int max_slots = 1000;
constexpr std::string_view segment_suffix = ".spool";
constexpr std::size_t hex_digits = 16;
constexpr std::size_t max_pieces_per_write = 64;  // far below every system's IOV_MAX

// Only its owner may read spans.
constexpr mode_t file_mode = S_IRUSR | S_IWUSR;
constexpr mode_t folder_mode = S_IRWXU;

std::optional<std::uint64_t> parse_hex(std::string_view digits) noexcept {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

Result<void> make_folder(const fs::path& path) {
  if (::mkdir(path.c_str(), folder_mode) == 0 || errno == EEXIST) return {};
  return io_error("make " + path.string());
}

Result<void> make_folders(const fs::path& path) {
  fs::path so_far;
  for (const fs::path& part : path) {
    so_far /= part;
    if (struct stat status; ::stat(so_far.c_str(), &status) == 0) continue;
    if (auto made = make_folder(so_far); !made) return made;
  }
  return {};
}

/// A locked sub-folder; a lock that is not open if another process has it.
Result<SpoolSlot> try_slot(const fs::path& path) {
  const fs::path lock_path = path / "lock";
  File lock(::open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, file_mode));
  if (!lock.is_open()) return io_error("open " + lock_path.string());
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return io_error("lock " + lock_path.string());
    lock.close();
  }
  return SpoolSlot{path, std::move(lock)};
}

// writev until all is written; it may write less than it is given.
bool write_all(int descriptor, std::vector<iovec>& rest, off_t offset) {
  std::size_t first = 0;
  while (first < rest.size()) {
    const auto count = static_cast<int>(std::min(rest.size() - first, max_pieces_per_write));
    const ssize_t written = ::pwritev(descriptor, rest.data() + first, count, offset);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    offset += written;
    auto left = static_cast<std::size_t>(written);
    for (; first < rest.size() && left >= rest[first].iov_len; ++first) left -= rest[first].iov_len;
    if (left == 0) continue;
    rest[first].iov_base = static_cast<char*>(rest[first].iov_base) + left;
    rest[first].iov_len -= left;
  }
  return true;
}

}  // namespace

void File::close() noexcept {
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = -1;
}

std::string SegmentName::file_name() const {
  std::array<char, 2 * hex_digits + 2> text;
  std::snprintf(text.data(), text.size(), "%016llx-%016llx", static_cast<unsigned long long>(number),
                static_cast<unsigned long long>(salt));
  return text.data() + std::string(segment_suffix);
}

std::optional<SegmentName> SegmentName::parse(std::string_view file_name) noexcept {
  if (file_name.size() != 2 * hex_digits + 1 + segment_suffix.size() || file_name[hex_digits] != '-' ||
      !file_name.ends_with(segment_suffix)) {
    return std::nullopt;
  }
  const auto number = parse_hex(file_name.substr(0, hex_digits));
  const auto salt = parse_hex(file_name.substr(hex_digits + 1, hex_digits));
  if (!number || !salt) return std::nullopt;
  return SegmentName{*number, *salt};
}

Error io_error(const std::string& what) { return {Errc::IoError, what + ": " + std::strerror(errno)}; }

Result<SpoolSlot> take_slot(const fs::path& folder) {
  if (auto made = make_folders(folder); !made) return made.error();
  for (int number = 0; number < max_slots; ++number) {
    const fs::path path = folder / std::to_string(number);
    if (auto made = make_folder(path); !made) return made.error();
    auto slot = try_slot(path);
    if (!slot || slot->lock.is_open()) return slot;
  }
  return Error{Errc::FailedPrecondition, folder.string() + " is used by " + std::to_string(max_slots) + " processes"};
}

void adopt_abandoned_segments(const fs::path& folder, const SpoolSlot& slot) {
  const std::vector<SegmentName> own = list_segments(slot.path);
  std::uint64_t next_number = own.empty() ? 0 : own.back().number + 1;
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, ignored)) {
    if (entry.path() == slot.path || list_segments(entry.path()).empty()) continue;
    const auto abandoned = try_slot(entry.path());
    if (!abandoned || !abandoned->lock.is_open()) continue;
    for (const SegmentName& name : list_segments(entry.path())) {
      const SegmentName renamed{next_number++, name.salt};
      fs::rename(entry.path() / name.file_name(), slot.path / renamed.file_name(), ignored);
    }
  }
}

std::vector<SegmentName> list_segments(const fs::path& folder) {
  std::vector<SegmentName> names;
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, ignored)) {
    if (const auto name = SegmentName::parse(entry.path().filename().string())) names.push_back(*name);
  }
  std::ranges::sort(names, {}, &SegmentName::number);
  return names;
}

Result<File> create_segment(const fs::path& path) {
  File file(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, file_mode));
  if (!file.is_open()) return io_error("create " + path.string());
  return file;
}

void sync_folder(const fs::path& folder) noexcept {
  const File file(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (file.is_open()) ::fsync(file.get());
}

Result<File> read_segment(const fs::path& path, std::string& bytes) {
  bytes.clear();
  File file(::open(path.c_str(), O_RDWR | O_CLOEXEC));
  struct stat status;
  if (!file.is_open() || ::fstat(file.get(), &status) != 0) return io_error("open " + path.string());
  bytes.resize(static_cast<std::size_t>(status.st_size));
  std::size_t read = 0;
  while (read < bytes.size()) {
    const ssize_t got = ::pread(file.get(), bytes.data() + read, bytes.size() - read, static_cast<off_t>(read));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return io_error("read " + path.string());
    if (got == 0) break;  // cut short meanwhile
    read += static_cast<std::size_t>(got);
  }
  bytes.resize(read);
  return file;
}

Result<void> append_pieces(File& file, std::uint64_t size, std::span<const std::string_view> pieces) {
  std::vector<iovec> rest;
  rest.reserve(pieces.size());
  for (const std::string_view piece : pieces) {
    if (!piece.empty()) rest.push_back({const_cast<char*>(piece.data()), piece.size()});
  }
  if (write_all(file.get(), rest, static_cast<off_t>(size))) return {};
  const Error failure = io_error("write to the spool");
  if (::ftruncate(file.get(), static_cast<off_t>(size)) != 0) file.close();
  return failure;
}

}  // namespace segue::detail
