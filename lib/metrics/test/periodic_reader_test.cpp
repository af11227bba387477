#include "segue/metrics/periodic_reader.h"

#include <gtest/gtest.h>

#include <mutex>
#include <thread>
#include <vector>

#include "decoded_metrics.h"

namespace segue {
namespace {

using namespace std::chrono_literals;

// What the receiver would answer, and what it has been sent.
struct Receiver {
  std::mutex mutex;
  ExportResult answer = {};
  std::vector<std::string> requests;

  void set_answer(ExportResult next) {
    const std::lock_guard lock(mutex);
    answer = std::move(next);
  }
  std::vector<std::int64_t> values() {
    const std::lock_guard lock(mutex);
    std::vector<std::int64_t> values;
    for (const auto& request : requests) values.push_back(test::decode_metrics(request).at("counted").points[0].value);
    return values;
  }
};

class ReceivingExporter final : public MetricExporter {
 public:
  explicit ReceivingExporter(Receiver& receiver) : receiver_(receiver) {}
  ExportResult export_metrics(std::string_view request) noexcept override {
    const std::lock_guard lock(receiver_.mutex);
    if (receiver_.answer.outcome == ExportOutcome::Delivered) receiver_.requests.emplace_back(request);
    return receiver_.answer;
  }
  std::string_view name() const noexcept override { return "receiving"; }

 private:
  Receiver& receiver_;
};

struct Reader : testing::Test {
  Reader() : meters(*MeterProvider::create({.temporality = Temporality::Delta})), counter(meters->counter("counted")) {}
  std::unique_ptr<PeriodicReader> start(PeriodicReaderOptions options) {
    auto reader = PeriodicReader::start(*meters, std::make_unique<ReceivingExporter>(receiver), options);
    EXPECT_TRUE(reader);
    return *std::move(reader);
  }
  Receiver receiver;
  std::unique_ptr<MeterProvider> meters;
  Counter counter;
};

TEST_F(Reader, SendsOnFlushAndOnceMoreAtShutdown) {
  const auto reader = start({.interval = 1h});
  counter.add(1);
  EXPECT_TRUE(reader->flush(1min));
  counter.add(2);
  EXPECT_TRUE(reader->shutdown(1min));
  EXPECT_EQ(receiver.values(), (std::vector<std::int64_t>{1, 2}));
}

TEST_F(Reader, MissesNothingWhenItIsShutDownAtOnce) {
  for (int i = 0; i < 20; ++i) {
    const auto reader = start({.interval = 1h});
    counter.add(1);
    EXPECT_TRUE(reader->shutdown(1min));
  }
  EXPECT_EQ(receiver.values(), std::vector<std::int64_t>(20, 1));
}

TEST_F(Reader, SendsByItselfAtTheInterval) {
  const auto reader = start({.interval = 1ms});
  counter.add(1);
  while (receiver.values().empty()) std::this_thread::yield();
  EXPECT_EQ(receiver.values().front(), 1);
}

TEST_F(Reader, KeepsWhatTheReceiverCannotTakeNowInOrder) {
  const auto reader = start({.interval = 1h});
  receiver.set_answer({.outcome = ExportOutcome::Retryable});
  counter.add(1);
  EXPECT_FALSE(reader->flush(1min));
  counter.add(2);
  EXPECT_FALSE(reader->flush(1min));
  receiver.set_answer({});
  counter.add(3);
  EXPECT_TRUE(reader->flush(1min));
  EXPECT_EQ(receiver.values(), (std::vector<std::int64_t>{1, 2, 3}));
  EXPECT_EQ(reader->dropped(), 0U);
}

TEST_F(Reader, DropsAndCountsTheOldestBeyondTheLimit) {
  const auto reader = start({.interval = 1h, .max_unsent = 2});
  receiver.set_answer({.outcome = ExportOutcome::Retryable});
  for (int i = 1; i <= 3; ++i) {
    counter.add(static_cast<std::uint64_t>(i));
    EXPECT_FALSE(reader->flush(1min));
  }
  EXPECT_EQ(reader->dropped(), 1U);
  receiver.set_answer({});
  EXPECT_TRUE(reader->shutdown(1min));
  EXPECT_EQ(receiver.values(), (std::vector<std::int64_t>{2, 3}));
}

TEST_F(Reader, CountsWhatIsRefused) {
  const auto reader = start({.interval = 1h});
  receiver.set_answer({.outcome = ExportOutcome::Rejected, .message = "no"});
  counter.add(1);
  EXPECT_TRUE(reader->flush(1min)) << "nothing waits any more";
  EXPECT_EQ(reader->dropped(), 1U);
}

TEST_F(Reader, OptionsAreValidated) {
  EXPECT_FALSE(PeriodicReader::start(*meters, std::unique_ptr<MetricExporter>()));
  EXPECT_FALSE(PeriodicReader::start(*meters, MetricExporterFactory()));
  const auto failing = []() -> Result<std::unique_ptr<MetricExporter>> { return Error{Errc::NotFound, "no file"}; };
  EXPECT_EQ(PeriodicReader::start(*meters, failing).error().message, "no file");
  EXPECT_FALSE(PeriodicReader::start(*meters, std::make_unique<ReceivingExporter>(receiver), {.interval = 0ms}));
  EXPECT_FALSE(PeriodicReader::start(*meters, std::make_unique<ReceivingExporter>(receiver), {.max_unsent = 0}));
}

}  // namespace
}  // namespace segue
