// LineFile: a file that whole lines are appended to, rotated by size; or standard output.
//
// Thread safety: one thread at a time. Errors: the operating system's error number, and what it was about.
#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "segue/export/file_exporter.h"

namespace segue::detail {

struct FileProblem {
  int code = 0;  ///< errno
  std::string message;
};

class LineFile {
 public:
  explicit LineFile(const FileExporterOptions& options) : options_(options) {}
  ~LineFile();
  LineFile(const LineFile&) = delete;
  LineFile& operator=(const LineFile&) = delete;

  /// Opens the file unless the one at the path is open already.
  std::optional<FileProblem> open();

  /// Appends `line`, which ends with a line feed; all of it or, as far as that can be had, nothing.
  std::optional<FileProblem> append(std::string_view line);

 private:
  std::optional<FileProblem> rotate();
  std::optional<FileProblem> write_line(std::string_view line);
  void take_back(std::uint64_t written);
  void close() noexcept;
  std::string old_path(std::uint32_t number) const { return options_.path + '.' + std::to_string(number); }
  bool is_stdout() const noexcept { return options_.path.empty(); }
  FileProblem problem(const char* verb) const;

  FileExporterOptions options_;
  int descriptor_ = -1;
  bool is_regular_ = false;
  bool is_torn_ = false;  // the last line has no end
};

}  // namespace segue::detail
