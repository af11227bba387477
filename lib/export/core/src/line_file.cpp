#include "line_file.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "segue/export/detail/sigpipe_guard.h"

namespace segue::detail {
namespace {

constexpr int mode = 0640;             // spans may tell about people
constexpr int longest_wait_ms = 1000;  // for a pipe that is full and does not block

/// Writes until everything is written or something fails, with the reason in errno; returns how much was written.
std::size_t write_all(int descriptor, std::string_view bytes) {
  const SigpipeGuard guard;
  std::size_t written = 0;
  while (written < bytes.size()) {
    const ssize_t count = ::write(descriptor, bytes.data() + written, bytes.size() - written);
    if (count >= 0) {
      written += static_cast<std::size_t>(count);
      continue;
    }
    if (errno == EINTR) continue;
    if (errno != EAGAIN) break;
    pollfd waiting = {descriptor, POLLOUT, 0};
    if (::poll(&waiting, 1, longest_wait_ms) == 0) {
      errno = EAGAIN;
      break;
    }
  }
  return written;
}

std::uint64_t size_of(int descriptor) {
  struct stat now = {};
  return ::fstat(descriptor, &now) == 0 ? static_cast<std::uint64_t>(now.st_size) : 0;
}

}  // namespace

LineFile::~LineFile() { close(); }

void LineFile::close() noexcept {
  if (descriptor_ >= 0 && !is_stdout()) ::close(descriptor_);
  descriptor_ = -1;
}

FileProblem LineFile::problem(const char* verb) const {
  const int code = errno;
  const std::string what = is_stdout() ? "standard output" : options_.path;
  return {code, std::string("cannot ") + verb + ' ' + what + ": " + std::strerror(code)};
}

std::optional<FileProblem> LineFile::open() {
  if (is_stdout()) {
    descriptor_ = STDOUT_FILENO;
    return std::nullopt;
  }
  struct stat at_path = {};
  struct stat opened = {};
  if (descriptor_ >= 0 && ::stat(options_.path.c_str(), &at_path) == 0 && ::fstat(descriptor_, &opened) == 0 &&
      at_path.st_dev == opened.st_dev && at_path.st_ino == opened.st_ino) {
    return std::nullopt;
  }
  close();
  descriptor_ = ::open(options_.path.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, mode);
  if (descriptor_ < 0 || ::fstat(descriptor_, &opened) != 0) return problem("open");
  is_regular_ = S_ISREG(opened.st_mode);
  char last = '\n';  // somebody may have died while writing
  if (is_regular_ && opened.st_size > 0) static_cast<void>(::pread(descriptor_, &last, 1, opened.st_size - 1));
  is_torn_ = last != '\n';
  return std::nullopt;
}

std::optional<FileProblem> LineFile::append(std::string_view line) {
  if (auto failed = open()) return failed;
  if (is_regular_ && options_.max_file_bytes > 0) {
    const std::uint64_t size = size_of(descriptor_);
    if (size > 0 && size + line.size() + (is_torn_ ? 1 : 0) > options_.max_file_bytes) {
      if (auto failed = rotate()) return failed;
    }
  }
  return write_line(line);
}

std::optional<FileProblem> LineFile::rotate() {
  if (options_.max_old_files == 0) {
    if (::unlink(options_.path.c_str()) != 0) return problem("remove");
    return open();
  }
  for (std::uint32_t number = options_.max_old_files - 1; number > 0; --number) {
    // One that is missing leaves a gap, no more.
    if (std::rename(old_path(number).c_str(), old_path(number + 1).c_str()) != 0 && errno != ENOENT) {
      return problem("rotate");
    }
  }
  if (std::rename(options_.path.c_str(), old_path(1).c_str()) != 0) return problem("rotate");
  return open();
}

std::optional<FileProblem> LineFile::write_line(std::string_view line) {
  if (is_torn_) {
    if (write_all(descriptor_, "\n") != 1) return problem("write to");
    is_torn_ = false;
  }
  const std::size_t written = write_all(descriptor_, line);
  if (written == line.size()) return std::nullopt;
  const FileProblem failed = problem("write to");
  if (written > 0) take_back(written);
  return failed;
}

// Unless somebody else has written behind it meanwhile.
void LineFile::take_back(std::uint64_t written) {
  is_torn_ = true;
  const std::uint64_t size = size_of(descriptor_);
  if (is_regular_ && size >= written && ::ftruncate(descriptor_, static_cast<off_t>(size - written)) == 0)
    is_torn_ = false;
}

}  // namespace segue::detail
