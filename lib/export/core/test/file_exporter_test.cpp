#include "segue/export/file_exporter.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "segue/otlp/decode.h"
#include "segue/otlp/json.h"
#include "spool_test_support.h"
#include "test_batch.h"

namespace segue {
namespace {

namespace fs = std::filesystem;

class FileExporterTest : public testing::Test {
 protected:
  std::string path(const std::string& name = "spans.jsonl") const { return (folder_ / name).string(); }

  std::unique_ptr<FileExporter> make_exporter(FileExporterOptions options = {}) const {
    options.path = path();
    return *FileExporter::create(options);
  }

  static std::string content(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  static std::vector<std::string> lines(const std::string& text) {
    std::vector<std::string> found;
    std::size_t at = 0;
    for (std::size_t end; (end = text.find('\n', at)) != std::string::npos; at = end + 1) {
      found.push_back(text.substr(at, end - at));
    }
    EXPECT_EQ(at, text.size()) << "every line has an end";
    return found;
  }

  static void expect_the_batch(const std::string& line) {
    const auto request = otlp::request_from_json(line);
    ASSERT_TRUE(request) << request.error().message;
    const auto decoded = otlp::decode_request(*request);
    ASSERT_TRUE(decoded);
    ASSERT_EQ(decoded->list.spans.size(), 3U);
    EXPECT_EQ(decoded->list.spans[1].status_message, "blocked\nby rate limit");
    EXPECT_EQ(decoded->list.spans[2].resource->service(), "bots");
  }

  test::TemporaryFolder temporary_;
  const fs::path folder_ = temporary_.path();
  test::TestBatch batch_;
};

TEST_F(FileExporterTest, AppendsOneLinePerBatch) {
  const auto exporter = make_exporter();
  EXPECT_EQ(exporter->export_spans(batch_.get()).outcome, ExportOutcome::Delivered);
  EXPECT_EQ(lines(content(path())).size(), 1U) << "it is there before the next one";
  EXPECT_EQ(exporter->export_spans(batch_.get()).outcome, ExportOutcome::Delivered);
  EXPECT_EQ(make_exporter()->export_spans(batch_.get()).outcome, ExportOutcome::Delivered);
  const auto written = lines(content(path()));
  ASSERT_EQ(written.size(), 3U);
  for (const std::string& line : written) expect_the_batch(line);
}

TEST_F(FileExporterTest, MakesAFileThatOthersCannotRead) {
  make_exporter();
  struct stat status = {};
  ASSERT_EQ(stat(path().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0007, 0U);
}

TEST_F(FileExporterTest, StartsAfreshBehindALineThatSomebodyDidNotFinish) {
  std::ofstream(path()) << R"({"resourceSpans":[{"reso)";
  EXPECT_EQ(make_exporter()->export_spans(batch_.get()).outcome, ExportOutcome::Delivered);
  const auto written = lines(content(path()));
  ASSERT_EQ(written.size(), 2U);
  expect_the_batch(written[1]);
}

TEST_F(FileExporterTest, KeepsToItsSizeAndToItsNumberOfOldFiles) {
  const std::size_t line = [&] {
    static_cast<void>(make_exporter()->export_spans(batch_.get()));
    return content(path()).size();
  }();
  fs::remove(path());
  const auto exporter = make_exporter({.max_file_bytes = 2 * line, .max_old_files = 2});
  for (int i = 0; i < 9; ++i) ASSERT_EQ(exporter->export_spans(batch_.get()).outcome, ExportOutcome::Delivered);
  EXPECT_EQ(content(path()).size(), line) << "the ninth";
  EXPECT_EQ(content(path("spans.jsonl.1")).size(), 2 * line) << "exactly at the limit";
  EXPECT_EQ(content(path("spans.jsonl.2")).size(), 2 * line);
  EXPECT_FALSE(fs::exists(path("spans.jsonl.3")));
  for (const std::string& each : lines(content(path("spans.jsonl.1")))) expect_the_batch(each);
}

TEST_F(FileExporterTest, ABatchAboveTheSizeGetsAFileOfItsOwn) {
  const auto exporter = make_exporter({.max_file_bytes = 10, .max_old_files = 1});
  for (int i = 0; i < 3; ++i) ASSERT_EQ(exporter->export_spans(batch_.get()).outcome, ExportOutcome::Delivered);
  EXPECT_EQ(lines(content(path())).size(), 1U);
  EXPECT_EQ(lines(content(path("spans.jsonl.1"))).size(), 1U);
  EXPECT_FALSE(fs::exists(path("spans.jsonl.2")));
}

TEST_F(FileExporterTest, MayKeepNoOldFilesAtAll) {
  const auto exporter = make_exporter({.max_file_bytes = 10, .max_old_files = 0});
  for (int i = 0; i < 3; ++i) ASSERT_EQ(exporter->export_spans(batch_.get()).outcome, ExportOutcome::Delivered);
  EXPECT_EQ(lines(content(path())).size(), 1U);
  EXPECT_FALSE(fs::exists(path("spans.jsonl.1")));
}

TEST_F(FileExporterTest, MakesTheFileAnewWhenItWasMovedAway) {
  const auto exporter = make_exporter();
  ASSERT_EQ(exporter->export_spans(batch_.get()).outcome, ExportOutcome::Delivered);
  fs::rename(path(), path("moved"));
  ASSERT_EQ(exporter->export_spans(batch_.get()).outcome, ExportOutcome::Delivered);
  EXPECT_EQ(lines(content(path())).size(), 1U);
  EXPECT_EQ(lines(content(path("moved"))).size(), 1U);
}

TEST_F(FileExporterTest, AFolderThatIsGoneMayComeBack) {
  const auto exporter = make_exporter();
  fs::remove_all(folder_);
  const ExportResult result = exporter->export_spans(batch_.get());
  EXPECT_EQ(result.outcome, ExportOutcome::Retryable);
  EXPECT_EQ(result.message, "cannot open " + path() + ": No such file or directory");
  fs::create_directory(folder_);
  EXPECT_EQ(exporter->export_spans(batch_.get()).outcome, ExportOutcome::Delivered);
  EXPECT_EQ(lines(content(path())).size(), 1U);
}

TEST_F(FileExporterTest, AFullDiskMayHaveSpaceAgain) {
  const auto exporter = *FileExporter::create({.path = "/dev/full"});
  const ExportResult result = exporter->export_spans(batch_.get());
  EXPECT_EQ(result.outcome, ExportOutcome::Retryable);
  EXPECT_EQ(result.message, "cannot write to /dev/full: No space left on device");
}

TEST_F(FileExporterTest, TakesBackALineThatDidNotFit) {
  const auto exporter = make_exporter();
  ASSERT_EQ(exporter->export_spans(batch_.get()).outcome, ExportOutcome::Delivered);
  const std::string before = content(path());

  rlimit usual = {};
  getrlimit(RLIMIT_FSIZE, &usual);
  const auto previous = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit tight = {before.size() + 20, usual.rlim_max};
  setrlimit(RLIMIT_FSIZE, &tight);
  const ExportResult result = exporter->export_spans(batch_.get());
  setrlimit(RLIMIT_FSIZE, &usual);
  std::signal(SIGXFSZ, previous);

  EXPECT_EQ(result.outcome, ExportOutcome::Rejected);
  EXPECT_EQ(result.message, "cannot write to " + path() + ": File too large");
  EXPECT_EQ(content(path()), before);
  ASSERT_EQ(exporter->export_spans(batch_.get()).outcome, ExportOutcome::Delivered);
  EXPECT_EQ(content(path()), before + before);
}

TEST_F(FileExporterTest, WritesToANamedPipeToo) {
  ASSERT_EQ(mkfifo(path().c_str(), 0600), 0);
  const int reader = open(path().c_str(), O_RDONLY | O_NONBLOCK);
  ASSERT_EQ(make_exporter({.max_file_bytes = 10})->export_spans(batch_.get()).outcome, ExportOutcome::Delivered);
  std::string read_back(std::size_t{1} << 16, '\0');
  const ssize_t count = read(reader, read_back.data(), read_back.size());
  close(reader);
  ASSERT_GT(count, 0);
  read_back.resize(static_cast<std::size_t>(count));
  expect_the_batch(lines(read_back).at(0));
}

TEST_F(FileExporterTest, PrintsToStandardOutput) {
  testing::internal::CaptureStdout();
  const auto exporter = *FileExporter::create({});
  const ExportOutcome outcome = exporter->export_spans(batch_.get()).outcome;
  const std::string printed = testing::internal::GetCapturedStdout();
  EXPECT_EQ(outcome, ExportOutcome::Delivered);
  expect_the_batch(lines(printed).at(0));
}

/// Standard output is a non-blocking pipe for the scope.
class PipeAsStandardOutput {
 public:
  PipeAsStandardOutput() {
    EXPECT_EQ(pipe2(ends_, O_NONBLOCK | O_CLOEXEC), 0);
    usual_ = dup(STDOUT_FILENO);
    dup2(ends_[1], STDOUT_FILENO);
    close(ends_[1]);
  }
  ~PipeAsStandardOutput() {
    dup2(usual_, STDOUT_FILENO);
    close(usual_);
    close_reader();
  }

  std::string read_all() const {
    std::string all;
    char bytes[4096];
    for (ssize_t count; (count = read(ends_[0], bytes, sizeof bytes)) > 0;)
      all.append(bytes, static_cast<std::size_t>(count));
    return all;
  }
  void close_reader() {
    if (ends_[0] >= 0) close(ends_[0]);
    ends_[0] = -1;
  }

 private:
  int ends_[2] = {-1, -1};
  int usual_ = -1;
};

TEST_F(FileExporterTest, ALineTornByAFullPipeIsEndedBeforeTheNext) {
  std::string first;
  std::string second;
  ExportResult torn;
  ExportResult whole;
  const auto exporter = *FileExporter::create({});
  test::TestBatch large;
  large.add_large_span(1 << 20);
  {
    const PipeAsStandardOutput pipe;
    torn = exporter->export_spans(large.get());
    first = pipe.read_all();
    whole = exporter->export_spans(batch_.get());
    second = pipe.read_all();
  }
  EXPECT_EQ(torn.outcome, ExportOutcome::Retryable);
  EXPECT_EQ(torn.message, "cannot write to standard output: Resource temporarily unavailable");
  EXPECT_GT(first.size(), 4096U);
  EXPECT_EQ(whole.outcome, ExportOutcome::Delivered);
  ASSERT_TRUE(second.starts_with('\n'));
  expect_the_batch(lines(second).at(1));
}

TEST_F(FileExporterTest, AReaderThatHangsUpDoesNotEndTheProgram) {
  const auto exporter = *FileExporter::create({});
  ExportResult result;
  {
    PipeAsStandardOutput pipe;
    pipe.close_reader();
    result = exporter->export_spans(batch_.get());
  }
  EXPECT_EQ(result.outcome, ExportOutcome::Rejected);
  EXPECT_EQ(result.message, "cannot write to standard output: Broken pipe");
}

TEST_F(FileExporterTest, ChecksItsOptionsOnce) {
  const auto message_for = [](const FileExporterOptions& options) {
    const auto exporter = FileExporter::create(options);
    return exporter ? std::string("accepted") : exporter.error().message;
  };
  EXPECT_EQ(message_for({.path = path(), .max_old_files = 1000}), "accepted");
  EXPECT_EQ(message_for({.path = path(), .max_old_files = 1001}), "file exporter: max_old_files: at most 1000");
  EXPECT_EQ(message_for({.path = std::string("a\0b", 3)}), "file exporter: path: has a zero byte");
  EXPECT_EQ(message_for({.path = path("no/such.jsonl")}),
            "file exporter: cannot open " + path("no/such.jsonl") + ": No such file or directory");
  EXPECT_EQ(message_for({.path = folder_.string()}),
            "file exporter: cannot open " + folder_.string() + ": Is a directory");
}

}  // namespace
}  // namespace segue
