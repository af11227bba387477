#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <set>
#include <thread>

#include "fork_support.h"
#include "segue/export/batch_processor.h"
#include "segue/export/request_frame.h"
#include "segue/otlp/decode.h"
#include "segue/trace/record_queue.h"
#include "spool_test_support.h"

namespace segue {
namespace {

using namespace std::chrono_literals;
using test::can_fork;
using test::can_fork_while_others_allocate;
using test::in_child;
using test::TemporaryFolder;

// Writes the ids of spans into a file of its process, and ends any other process that touches it: so it sees to it that a
// child leaves its parent's exporter alone.
class ProcessExporter final : public Exporter {
 public:
  ProcessExporter(std::filesystem::path folder, bool is_away)
      : owner_(getpid()), is_away_(is_away), file_(folder / (std::to_string(owner_) + ".ids"), std::ios::app) {}
  ~ProcessExporter() override { check_owner(); }

  ExportResult export_spans(const ExportBatch& batch) noexcept override {
    check_owner();
    if (is_away_) return {.outcome = ExportOutcome::Retryable};
    const std::string request = RequestFrame(batch).joined();
    const auto decoded = otlp::decode_request(request);
    if (!decoded) return {.outcome = ExportOutcome::Rejected};
    for (const SpanView& span : decoded->list.spans) {
      file_ << span.span_id.to_hex() << ' ' << find_string(span.resource->attributes, "instance") << '\n';
    }
    file_.flush();
    return {};
  }
  std::string_view name() const noexcept override { return "process"; }

 private:
  void check_owner() const noexcept {
    if (getpid() != owner_) std::abort();
  }
  const pid_t owner_;
  const bool is_away_;
  std::ofstream file_;
};

struct Options {
  bool is_away = false;
  bool has_spool = false;
  std::chrono::milliseconds schedule_delay = 1h;
};

struct Process {
  explicit Process(const TemporaryFolder& folder, Options options = {})
      : provider(*TracerProvider::create({.resource = {{"instance", "parent"}},
                                          .resource_after_fork =
                                              [this] {
                                                instance = std::to_string(getpid());
                                                return std::vector<Attribute>{{"instance", instance}};
                                              }})),
        tracer(provider.tracer("t")) {
    BatchOptions batch{.schedule_delay = options.schedule_delay,
                       .export_timeout = 0ms,
                       .retry = {.initial_delay = 1h, .max_delay = 1h}};
    if (options.has_spool) batch.spool = SpoolOptions{.folder = (folder.path() / "spool").string()};
    const auto make_exporter = [path = folder.path(), options]() -> Result<std::unique_ptr<Exporter>> {
      return std::unique_ptr<Exporter>(std::make_unique<ProcessExporter>(path, options.is_away));
    };
    processor = *BatchProcessor::start(provider, make_exporter, batch);
    EXPECT_TRUE(processor->flush(1min));
  }

  void record(int spans) const {
    for (int i = 0; i < spans; ++i) tracer.start_span("s").end();
  }
  void expect_to_add_up(std::uint64_t started) const {
    const TraceStats stats = provider.stats();
    EXPECT_EQ(stats.started, started);
    EXPECT_EQ(stats.started, stats.exported + stats.dropped_total() + stats.spooled);
  }

  std::string instance;
  TracerProvider provider;
  Tracer tracer;
  std::unique_ptr<BatchProcessor> processor;
};

/// All ids that all processes exported; none may be there twice.
std::multiset<std::string> exported_ids(const TemporaryFolder& folder, std::string_view instance = {}) {
  std::multiset<std::string> ids;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
    if (entry.path().extension() != ".ids") continue;
    std::ifstream file(entry.path());
    std::string id;
    std::string from;
    while (file >> id >> from) {
      if (instance.empty() || from == instance) ids.insert(id);
    }
  }
  return ids;
}

void expect_nothing_twice(const std::multiset<std::string>& ids) {
  EXPECT_EQ(std::set<std::string>(ids.begin(), ids.end()).size(), ids.size());
}

struct ForkTest : testing::Test {
  void SetUp() override {
    if (!can_fork) GTEST_SKIP() << "not under the thread sanitizer";
  }
  TemporaryFolder folder;
};

TEST_F(ForkTest, AChildRecordsWithNothingOfItsParents) {
  Process process(folder);
  process.record(3);
  Span open = process.tracer.start_span("of the parent");
  Span kept = process.tracer.start_span("ends in the parent after the fork");
  in_child([&] {
    EXPECT_EQ(process.provider.stats().started, 0U);
    EXPECT_FALSE(open.is_recording());
    open.end();
    kept.set("ignored", true);
    const Context parent{.span = kept.context(), .baggage = {}};
    Span child = process.tracer.start_span("in the child", {.parent = &parent});
    EXPECT_EQ(child.context().trace_id, kept.context().trace_id) << "the parent's spans stay valid parents";
    EXPECT_TRUE(child.is_recording());
    child.end();
    process.record(5);
    EXPECT_TRUE(process.processor->flush(1min));
    EXPECT_TRUE(process.processor->shutdown(1min));
    process.expect_to_add_up(6);
    EXPECT_EQ(exported_ids(folder, std::to_string(getpid())).size(), 6U);
  });
  EXPECT_TRUE(kept.is_recording());
  kept.end();
  open.end();
  process.record(2);
  EXPECT_TRUE(process.processor->shutdown(1min));
  process.expect_to_add_up(7);
  EXPECT_EQ(exported_ids(folder, "parent").size(), 7U);
  EXPECT_EQ(exported_ids(folder).size(), 13U);
  expect_nothing_twice(exported_ids(folder));
}

TEST_F(ForkTest, ChildrenWorkWhileTheParentsThreadsRecordAndFlush) {
  if (!can_fork_while_others_allocate) GTEST_SKIP() << "not under the address sanitizer";
  Process process(folder, {.schedule_delay = 1ms});
  std::atomic<bool> go_on = true;
  std::vector<std::thread> threads;
  for (int t = 0; t < 3; ++t) {
    threads.emplace_back([&] {
      while (go_on) {
        ScopedSpan outer = process.tracer.start_scoped_span("outer");
        process.record(1);
      }
    });
  }
  threads.emplace_back([&] {
    while (go_on) (void)process.processor->flush(10ms);
  });
  for (int i = 0; i < 10; ++i) {
    in_child([&] {
      std::thread other([&] { process.record(50); });
      process.record(50);
      other.join();
      EXPECT_TRUE(process.processor->flush(1min));
      EXPECT_TRUE(process.processor->shutdown(1min));
      process.expect_to_add_up(100);
    });
  }
  go_on = false;
  for (auto& thread : threads) thread.join();
  EXPECT_TRUE(process.processor->shutdown(1min));
  process.expect_to_add_up(process.provider.stats().started);
  const auto ids = exported_ids(folder);
  EXPECT_EQ(ids.size(), 10U * 100U + process.provider.stats().exported);
  expect_nothing_twice(ids);
}

TEST_F(ForkTest, AGrandchildWorksLikeAChildWhetherItsParentRecordedOrNot) {
  Process process(folder);
  process.record(1);
  for (const int spans_between : {0, 4}) {
    in_child([&] {
      process.record(spans_between);
      EXPECT_TRUE(process.processor->flush(1min));
      in_child([&] {
        process.record(7);
        EXPECT_TRUE(process.processor->shutdown(1min));
        process.expect_to_add_up(7);
      });
      EXPECT_TRUE(process.processor->shutdown(1min));
      process.expect_to_add_up(static_cast<std::uint64_t>(spans_between));
    });
  }
  EXPECT_TRUE(process.processor->shutdown(1min));
  EXPECT_EQ(exported_ids(folder).size(), 1U + 7U + 4U + 7U);
  expect_nothing_twice(exported_ids(folder));
}

TEST_F(ForkTest, AChildThatRecordsNothingStartsNothing) {
  Process process(folder);
  in_child([&] {
    EXPECT_TRUE(process.processor->flush(0ms));
    EXPECT_TRUE(process.processor->shutdown(0ms));
    EXPECT_FALSE(std::filesystem::exists(folder.path() / (std::to_string(getpid()) + ".ids")));
    const std::filesystem::directory_iterator threads("/proc/self/task");
    EXPECT_EQ(std::distance(begin(threads), end(threads)), 1);
  });
  process.record(1);
  EXPECT_TRUE(process.processor->shutdown(1min));
  process.expect_to_add_up(1);
}

TEST_F(ForkTest, AChildThatBecomesAnotherProgramTakesNothingAlong) {
  Process process(folder, {.has_spool = true});
  process.record(1);
  in_child([] {
    execl("/bin/sh", "sh", "-c", "! ls -l /proc/self/fd | grep -q /spool/", nullptr);
    _exit(2);
  });
  EXPECT_TRUE(process.processor->shutdown(1min));
  process.expect_to_add_up(1);
}

TEST_F(ForkTest, ParentAndChildSpoolApart) {
  {
    Process process(folder, {.is_away = true, .has_spool = true});
    process.record(2);
    EXPECT_TRUE(process.processor->flush(1min));
    in_child([&] {
      process.record(3);
      EXPECT_TRUE(process.processor->shutdown(1min));
      EXPECT_EQ(process.provider.stats().spooled, 3U);
      process.expect_to_add_up(3);
    });
    process.record(1);
    EXPECT_TRUE(process.processor->shutdown(1min));
    EXPECT_EQ(process.provider.stats().spooled, 3U);
    EXPECT_EQ(process.provider.stats().recovered, 0U);
  }
  Process next(folder, {.has_spool = true});
  EXPECT_TRUE(next.processor->shutdown(1min));
  EXPECT_EQ(next.provider.stats().recovered, 6U);
  expect_nothing_twice(exported_ids(folder));
}

TEST_F(ForkTest, WithoutAFactoryAChildCountsItsSpansAsNotExported) {
  TracerProvider provider = *TracerProvider::create();
  const auto processor = *BatchProcessor::start(provider, std::make_unique<ProcessExporter>(folder.path(), false));
  EXPECT_TRUE(processor->flush(1min));
  in_child([&] {
    provider.tracer("t").start_span("s").end();
    EXPECT_TRUE(processor->flush(1min));
    EXPECT_EQ(provider.stats().dropped_by(DropReason::ExportFailed), 1U);
  });
}

}  // namespace
}  // namespace segue
