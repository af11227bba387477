#include "segue/export/file_exporter.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "line_file.h"
#include "segue/export/request_frame.h"
#include "segue/otlp/json.h"

namespace segue {
namespace {

constexpr std::uint32_t most_old_files = 1000;

/// Whether what stands in the way may go away: space is made, a folder comes back, a reader reads on.
bool is_transient(int code) noexcept {
  constexpr std::array transient = {ENOSPC, EDQUOT, ENOENT, EAGAIN, EIO, ENOMEM, EMFILE, ENFILE, ESTALE};
  return std::ranges::find(transient, code) != transient.end();
}

}  // namespace

struct FileExporter::State {
  explicit State(const FileExporterOptions& options) : file(options) {}

  detail::LineFile file;
  RequestFrame frame;
};

Result<std::unique_ptr<FileExporter>> FileExporter::create(const FileExporterOptions& options) {
  if (options.max_old_files > most_old_files) {
    return Error{Errc::InvalidArgument, "file exporter: max_old_files: at most 1000"};
  }
  if (options.path.find('\0') != std::string::npos) {
    return Error{Errc::InvalidArgument, "file exporter: path: has a zero byte"};
  }
  auto state = std::make_unique<State>(options);
  if (const auto failed = state->file.open()) return Error{Errc::IoError, "file exporter: " + failed->message};
  return std::unique_ptr<FileExporter>(new FileExporter(std::move(state)));
}

FileExporter::FileExporter(std::unique_ptr<State> state) noexcept : state_(std::move(state)) {}
FileExporter::~FileExporter() = default;

ExportResult FileExporter::export_spans(const ExportBatch& batch) noexcept {
  try {
    state_->frame.assign(batch);
    Result<std::string> line = otlp::request_to_json(state_->frame.joined());
    if (!line) return {.outcome = ExportOutcome::Rejected, .message = line.error().message};
    line->push_back('\n');
    const auto failed = state_->file.append(*line);
    if (!failed) return {};
    return {.outcome = is_transient(failed->code) ? ExportOutcome::Retryable : ExportOutcome::Rejected,
            .message = failed->message};
  } catch (const std::exception& exception) {
    return {.outcome = ExportOutcome::Rejected, .message = exception.what()};
  }
}

}  // namespace segue
