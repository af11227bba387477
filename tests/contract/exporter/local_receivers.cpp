// The exporters that stay on this machine: memory, file and console.
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>

#include <boost/json.hpp>

#include "exporter_contract.h"
#include "segue/export/console_exporter.h"
#include "segue/export/file_exporter.h"
#include "segue/export/memory_exporter.h"
#include "segue/otlp/json.h"
#include "temp_folder.h"

namespace segue::contract {
namespace {

namespace json = boost::json;

/// Passes on to an exporter that somebody else owns.
class Borrowed final : public Exporter {
 public:
  explicit Borrowed(Exporter& exporter) noexcept : exporter_(exporter) {}
  ExportResult export_spans(const ExportBatch& batch) noexcept override { return exporter_.export_spans(batch); }
  std::string_view name() const noexcept override { return exporter_.name(); }

 private:
  Exporter& exporter_;
};

class MemoryReceiver final : public Receiver {
 public:
  std::unique_ptr<Exporter> make_exporter() override { return std::make_unique<Borrowed>(memory_); }

  std::vector<ReceivedSpan> received() const override {
    std::vector<ReceivedSpan> spans;
    for (const SpanView& span : memory_.finished_spans().spans) spans.push_back(to_received(span));
    return spans;
  }

 private:
  MemoryExporter memory_;
};

class FileReceiver final : public Receiver {
 public:
  std::unique_ptr<Exporter> make_exporter() override { return *FileExporter::create({.path = path()}); }

  std::vector<ReceivedSpan> received() const override {
    std::vector<ReceivedSpan> spans;
    std::ifstream file(path());
    for (std::string line; std::getline(file, line);) {
      const auto request = otlp::request_from_json(line);
      if (!request) throw std::runtime_error(request.error().message);
      for (ReceivedSpan& span : from_otlp(*request)) spans.push_back(std::move(span));
    }
    return spans;
  }

 private:
  std::string path() const { return (folder_.path() / "spans.jsonl").string(); }

  test::TempFolder folder_;
};

/// Reads back what is printed for people.
class ConsoleReceiver final : public Receiver {
 public:
  std::unique_ptr<Exporter> make_exporter() override { return std::make_unique<ConsoleExporter>(out_); }

  std::vector<ReceivedSpan> received() const override {
    std::vector<ReceivedSpan> spans;
    std::istringstream text(out_.str());
    for (std::string line; std::getline(text, line);) {
      if (!line.starts_with("  ")) {
        spans.push_back(read_headline(line));
      } else {
        read_detail(line.substr(2), spans.back());
      }
    }
    return spans;
  }

  ReceivedSpan carried(ReceivedSpan span) const override {
    for (char& c : span.name) {
      if ((c >= 0 && c < ' ') || c == '\x7f') c = '?';
    }
    span.schema_url.clear();
    return span;
  }

 private:
  static std::string_view cut(std::string_view& line, std::string_view end) {
    const std::string_view part = line.substr(0, line.find(end));
    line.remove_prefix(std::min(line.size(), part.size() + end.size()));
    return part;
  }

  // 2026-03-01T09:30:00.000125Z lead_bot.analyze_intent 101.300 ms internal error: no budget given
  static ReceivedSpan read_headline(std::string_view line) {
    ReceivedSpan span;
    span.start_micros = micros_of(cut(line, " "));
    const std::size_t unit = line.rfind(" ms ");
    const std::size_t number = line.rfind(' ', unit - 1);
    span.name = line.substr(0, number == std::string_view::npos ? 0 : number);
    const std::size_t digits = number == std::string_view::npos ? 0 : number + 1;
    span.duration_micros =
        static_cast<std::uint64_t>(std::stod(std::string(line.substr(digits, unit - digits))) * 1000 + 0.5);
    std::string_view rest = line.substr(unit + 4);
    std::string_view words = cut(rest, ": ");
    span.kind = cut(words, " ");
    span.status = words.empty() ? "unset" : words;
    span.status_message = rest;
    return span;
  }

  static std::uint64_t micros_of(std::string_view time) {
    std::tm parts = {};
    const std::string text(time);
    const char* fraction = strptime(text.c_str(), "%Y-%m-%dT%H:%M:%S.", &parts);
    if (fraction == nullptr) throw std::runtime_error("not a time: " + text);
    return static_cast<std::uint64_t>(timegm(&parts)) * 1'000'000 + std::stoul(fraction);
  }

  static void read_detail(std::string_view line, ReceivedSpan& span) {
    const std::string_view first = line.substr(0, line.find(' '));
    if (first == "trace") return read_identity(line, span);
    if (first == "event") return read_event(line, span);
    if (first == "link") {
      span.links.push_back(std::string(line.substr(11, 32)) + '-' + std::string(line.substr(49, 16)));
      return;
    }
    const std::string key(cut(line, " = "));
    const json::value value = json::parse(line);
    span.attributes[key] = value.is_string() ? std::string(value.as_string()) : std::string(line);
  }

  static void read_identity(std::string_view line, ReceivedSpan& span) {
    const auto after = [&](std::string_view word) -> std::string {
      const std::size_t at = line.find(word);
      if (at == std::string_view::npos) return {};
      const std::string_view rest = line.substr(at + word.size());
      return std::string(rest.substr(0, rest.find(' ')));
    };
    span.trace_id = after("trace ");
    span.span_id = after(" span ");
    span.parent_span_id = after(" parent ");
    span.service = after(" service ");
    const std::string scope = after(" scope ");
    span.scope = scope + '@' + after(" scope " + scope + ' ');
  }

  // event rate limited +12.500 ms {"limit":3}
  static void read_event(std::string_view line, ReceivedSpan& span) {
    line.remove_prefix(std::string_view("event ").size());
    const std::size_t offset = line.find(" +");
    const std::size_t attributes = line.find(" ms {");
    span.events.push_back(std::string(line.substr(0, offset)) + std::string(line.substr(attributes + 3)));
  }

  std::ostringstream out_;
};

template <class T>
std::unique_ptr<Receiver> make_receiver() {
  return std::make_unique<T>();
}

INSTANTIATE_TEST_SUITE_P(Local, ExporterContract,
                         testing::Values(ExporterKind{"memory", &make_receiver<MemoryReceiver>},
                                         ExporterKind{"file", &make_receiver<FileReceiver>},
                                         ExporterKind{"console", &make_receiver<ConsoleReceiver>}),
                         name_of<ExporterKind>);

std::unique_ptr<Exporter> file_on_a_full_disk() { return *FileExporter::create({.path = "/dev/full"}); }

std::unique_ptr<Exporter> file_in_a_folder_that_is_gone() { return FileReceiver().make_exporter(); }

std::unique_ptr<Exporter> console_that_refuses() {
  static std::ostringstream out;
  out.setstate(std::ios::badbit);
  return std::make_unique<ConsoleExporter>(out);
}

INSTANTIATE_TEST_SUITE_P(Local, FailingExporterContract,
                         testing::Values(FailingKind{"file_on_a_full_disk", &file_on_a_full_disk},
                                         FailingKind{"file_in_a_folder_that_is_gone", &file_in_a_folder_that_is_gone},
                                         FailingKind{"console_that_refuses", &console_that_refuses}),
                         name_of<FailingKind>);

}  // namespace
}  // namespace segue::contract
