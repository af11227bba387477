// FileExporter: appends spans to a file, or prints them, as JSON lines that any OpenTelemetry tool reads.
//
//   Result<std::unique_ptr<FileExporter>> exporter =
//       FileExporter::create({.path = "/var/log/bots/spans.jsonl", .max_file_bytes = 100 << 20, .max_old_files = 3});
//
// One batch is one line: an OTLP/JSON TracesData. A batch is in the file when `export_spans` returns, though not forced to
// the disk. A file that was moved or deleted is made anew, so an outside log rotation works too.
// Thread safety: that of Exporter; several processes may append to one file that has no size limit.
// Errors: a full disk or a folder that is gone is Retryable, other failures Rejected. Of a line that was not written whole
// nothing stays in the file; where it cannot be taken back, as from a pipe, the next batch starts on a line of its own.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "segue/base/result.h"
#include "segue/export/exporter.h"

namespace segue {

struct FileExporterOptions {
  /// Made if it does not exist, readable by owner and group; its folder must exist. Empty: standard output.
  std::string path = {};
  /// A batch that would make the file longer goes into a new one. 0: no limit. A longer batch gets a file of its own.
  std::uint64_t max_file_bytes = 0;
  /// Full files to keep, 0 to 1000, named `path`.1, the youngest, to `path`.N.
  std::uint32_t max_old_files = 5;
};

class FileExporter final : public Exporter {
 public:
  /// InvalidArgument names the option that is wrong; IoError if the file cannot be opened.
  static Result<std::unique_ptr<FileExporter>> create(const FileExporterOptions& options);
  ~FileExporter() override;

  ExportResult export_spans(const ExportBatch& batch) noexcept override;
  std::string_view name() const noexcept override { return "otlp_file"; }

 private:
  struct State;
  explicit FileExporter(std::unique_ptr<State> state) noexcept;

  std::unique_ptr<State> state_;
};

}  // namespace segue
