#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include "decoded_metrics.h"
#include "fork_support.h"
#include "segue/metrics/node_metrics.h"
#include "segue/metrics/periodic_reader.h"
#include "segue/model/attributes.h"
#include "segue/trace/provider.h"
#include "spool_test_support.h"

namespace segue {
namespace {

using namespace std::chrono_literals;
using test::in_child;
using testing::ElementsAre;

// Writes each collection's "instance value" into a file of its process, and ends any other process that touches it: so it
// sees to it that a child leaves its parent's exporter alone.
class ProcessExporter final : public MetricExporter {
 public:
  explicit ProcessExporter(const std::filesystem::path& folder)
      : owner_(getpid()), file_(folder / std::to_string(owner_), std::ios::app) {}
  ~ProcessExporter() override { check_owner(); }

  ExportResult export_metrics(std::string_view request) noexcept override {
    check_owner();
    const std::string bytes(request);
    const auto metrics = test::decode_metrics(bytes);
    for (const auto& [name, metric] : metrics) {
      file_ << test::decode_resource(bytes)["instance"] << ' ' << name << ' ' << metric.points.at(0).value << std::endl;
    }
    return {};
  }
  std::string_view name() const noexcept override { return "process"; }

 private:
  void check_owner() const noexcept {
    if (getpid() != owner_) std::abort();
  }
  const pid_t owner_;
  std::ofstream file_;
};

struct ForkTest : testing::Test {
  void SetUp() override {
    if (!test::can_fork) GTEST_SKIP() << "not under the thread sanitizer";
  }

  std::unique_ptr<MeterProvider> make_meters() {
    const auto own_resource = [this] {
      instance = std::to_string(getpid());
      return std::vector<Attribute>{{"instance", instance}};
    };
    return *MeterProvider::create(
        {.resource = {{"instance", "parent"}}, .resource_after_fork = own_resource, .temporality = Temporality::Delta});
  }

  std::unique_ptr<PeriodicReader> start(std::chrono::milliseconds interval) {
    const auto make_exporter = [path = folder.path()]() -> Result<std::unique_ptr<MetricExporter>> {
      return std::unique_ptr<MetricExporter>(std::make_unique<ProcessExporter>(path));
    };
    auto reader = *PeriodicReader::start(*meters, make_exporter, {.interval = interval});
    EXPECT_TRUE(reader->flush(1min)) << "the thread has begun to wait";
    return reader;
  }

  std::vector<std::string> lines_of(const std::string& process) const {
    std::ifstream file(folder.path() / process);
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    return lines;
  }
  std::vector<std::string> own_lines() const { return lines_of(std::to_string(getpid())); }

  test::TemporaryFolder folder;
  std::string instance;
  std::unique_ptr<MeterProvider> meters = make_meters();
  Counter counter = meters->counter("counted");
};

TEST_F(ForkTest, AChildCountsFromZeroAndSendsByAThreadOfItsOwn) {
  const auto reader = start(1h);
  counter.add(1);
  in_child([&] {
    counter.add(5);
    EXPECT_TRUE(reader->flush(1min));
    counter.add(2);
    EXPECT_TRUE(reader->shutdown(1min));
    const std::string own = std::to_string(getpid());
    EXPECT_THAT(own_lines(), ElementsAre(own + " counted 5", own + " counted 2"));
  });
  counter.add(1);
  EXPECT_TRUE(reader->shutdown(1min));
  EXPECT_THAT(own_lines(), ElementsAre("parent counted 2"));
}

TEST_F(ForkTest, AChildsThreadSendsByItself) {
  if (!test::can_fork_while_others_allocate) GTEST_SKIP() << "not under the address sanitizer";
  const auto reader = start(1ms);
  in_child([&] {
    counter.add(5);
    while (own_lines().empty()) std::this_thread::yield();
    EXPECT_THAT(own_lines(), ElementsAre(std::to_string(getpid()) + " counted 5"));
  });
}

TEST_F(ForkTest, AGrandchildWorksLikeAChildWhetherItsParentCountedOrNot) {
  const auto reader = start(1h);
  for (const std::uint64_t between : {0U, 4U}) {
    in_child([&] {
      if (between > 0) counter.add(between);
      EXPECT_TRUE(reader->flush(1min));
      in_child([&] {
        counter.add(7);
        EXPECT_TRUE(reader->shutdown(1min));
        EXPECT_THAT(own_lines(), ElementsAre(std::to_string(getpid()) + " counted 7"));
      });
    });
  }
}

TEST_F(ForkTest, AChildThatCountsNothingStartsNothing) {
  const auto reader = start(1h);
  counter.add(1);
  in_child([&] {
    EXPECT_TRUE(reader->flush(0ms));
    EXPECT_TRUE(reader->shutdown(0ms));
    EXPECT_THAT(own_lines(), ElementsAre());
    const std::filesystem::directory_iterator threads("/proc/self/task");
    EXPECT_EQ(std::distance(begin(threads), end(threads)), 1);
    counter.add(1);
    EXPECT_THAT(own_lines(), ElementsAre()) << "shut down is shut down";
  });
}

TEST_F(ForkTest, ASpanOfAnyKindStartsAChildsThread) {
  std::uint64_t spans = 0;
  meters->observe_counter("spans", {}, [&] { return spans; });
  auto provider = *TracerProvider::create({.observers = {std::make_shared<NodeMetrics>(*meters)}});
  const auto reader = start(1h);
  in_child([&] {
    provider.tracer("t").start_span("GET").end();
    spans = 1;
    EXPECT_TRUE(reader->flush(1min));
    EXPECT_THAT(own_lines(), ElementsAre(std::to_string(getpid()) + " spans 1"));
  });
}

TEST_F(ForkTest, ChildrenWorkWhileTheParentsThreadsCountAndCollect) {
  if (!test::can_fork_while_others_allocate) GTEST_SKIP() << "not under the address sanitizer";
  const auto reader = start(1ms);
  std::atomic<bool> go_on = true;
  std::vector<std::thread> threads;
  for (int t = 0; t < 3; ++t) {
    threads.emplace_back([&] {
      while (go_on) meters->counter("busy").add();
    });
  }
  for (int i = 0; i < 10; ++i) {
    in_child([&] {
      std::thread other([&] { counter.add(3); });
      counter.add(4);
      other.join();
      EXPECT_TRUE(reader->shutdown(1min));
      std::uint64_t total = 0;
      for (const std::string& line : own_lines()) {
        EXPECT_TRUE(line.starts_with(std::to_string(getpid()) + " counted "));
        total += std::stoul(line.substr(line.rfind(' ')));
      }
      EXPECT_EQ(total, 7U);
    });
  }
  go_on = false;
  for (auto& thread : threads) thread.join();
}

TEST_F(ForkTest, WithoutAFactoryAChildsCollectionsAreDroppedAndCounted) {
  const auto reader = *PeriodicReader::start(*meters, std::make_unique<ProcessExporter>(folder.path()));
  EXPECT_TRUE(reader->flush(1min));
  in_child([&] {
    counter.add(1);
    EXPECT_TRUE(reader->flush(1min));
    EXPECT_EQ(reader->dropped(), 1U);
  });
  EXPECT_EQ(reader->dropped(), 0U);
}

}  // namespace
}  // namespace segue
