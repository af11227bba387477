#include "segue/metrics/meter_provider.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <thread>

#include "decoded_metrics.h"
#include "segue/metrics/default_meters.h"

namespace segue {
namespace {

using test::decode_metrics;
using test::DecodedPoint;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

std::unique_ptr<MeterProvider> make_meters(const MeterProviderOptions& options = {}) {
  auto meters = MeterProvider::create(options);
  EXPECT_TRUE(meters);
  return *std::move(meters);
}

constexpr double two_bounds[] = {1, 10};

TEST(MeterProvider, CountsByAttributesWhateverTheirOrder) {
  const auto meters = make_meters();
  const Counter counter = meters->counter("jorge.handoff.total", {.unit = "{handoff}", .description = "Handoffs"});
  counter.add(1, {{"source", "lead_bot"}, {"target", "buyer_bot"}});
  counter.add(2, {{"target", "buyer_bot"}, {"source", "lead_bot"}});
  meters->counter("jorge.handoff.total").add(4, {{"source", "other"}, {"source", "lead_bot"}, {"target", "buyer_bot"}});
  const auto metrics = decode_metrics(meters->collect());
  const auto& metric = metrics.at("jorge.handoff.total");
  EXPECT_EQ(metric.unit, "{handoff}");
  EXPECT_EQ(metric.description, "Handoffs");
  EXPECT_TRUE(metric.is_monotonic);
  ASSERT_EQ(metric.points.size(), 1U);
  EXPECT_EQ(metric.points[0].value, 7);
  EXPECT_THAT(metric.points[0].attributes, ElementsAre(Pair("source", "lead_bot"), Pair("target", "buyer_bot")));
}

TEST(MeterProvider, ABucketHoldsItsUpperBound) {
  const auto meters = make_meters();
  const Histogram histogram = meters->histogram("duration", {.unit = "s"}, two_bounds);
  for (const double value : {0.5, 1.0, 1.5, 10.0, 11.0}) histogram.record(value);
  const DecodedPoint point = decode_metrics(meters->collect()).at("duration").points.at(0);
  EXPECT_THAT(point.bounds, ElementsAre(1, 10));
  EXPECT_THAT(point.buckets, ElementsAre(2, 2, 1));
  EXPECT_EQ(point.count, 5U);
  EXPECT_DOUBLE_EQ(point.sum, 24.0);
  EXPECT_DOUBLE_EQ(point.min, 0.5);
  EXPECT_DOUBLE_EQ(point.max, 11.0);
}

TEST(MeterProvider, IgnoresWhatIsNoMeasurement) {
  const auto meters = make_meters();
  const Histogram histogram = meters->histogram("duration", {}, two_bounds);
  histogram.record(-1);
  histogram.record(std::numeric_limits<double>::quiet_NaN());
  histogram.record(std::numeric_limits<double>::infinity());
  EXPECT_EQ(meters->collect(), "");
  Counter().add();
  Histogram().record(1);
}

TEST(MeterProvider, CumulativeTellsAllSinceTheStartDeltaWhatCameSince) {
  for (const Temporality temporality : {Temporality::Cumulative, Temporality::Delta}) {
    const auto meters = make_meters({.temporality = temporality});
    std::uint64_t elsewhere = 5;
    meters->observe_counter("observed", {}, [&] { return elsewhere; });
    const Counter counter = meters->counter("counted");
    counter.add(3);
    const auto first = decode_metrics(meters->collect());
    counter.add(1);
    elsewhere = 7;
    const auto second = decode_metrics(meters->collect());
    const bool is_delta = temporality == Temporality::Delta;
    EXPECT_EQ(first.at("counted").temporality, is_delta ? 1 : 2);
    EXPECT_EQ(first.at("counted").points[0].value, 3);
    EXPECT_EQ(first.at("observed").points[0].value, 5);
    EXPECT_EQ(second.at("counted").points[0].value, is_delta ? 1 : 4);
    EXPECT_EQ(second.at("observed").points[0].value, is_delta ? 2 : 7);
    const std::uint64_t expected_start =
        is_delta ? first.at("counted").points[0].time : first.at("counted").points[0].start;
    EXPECT_EQ(second.at("counted").points[0].start, expected_start);
  }
}

TEST(MeterProvider, AttributeSetsOverTheLimitCountTogether) {
  const auto meters = make_meters({.max_attribute_sets = 3});
  const Counter counter = meters->counter("counted");
  for (const char* contact : {"a", "b", "c", "d", "a"}) counter.add(1, {{"contact", contact}});
  std::map<std::string, std::int64_t> values;
  const auto metrics = decode_metrics(meters->collect());
  for (const auto& point : metrics.at("counted").points) {
    ASSERT_EQ(point.attributes.size(), 1U);
    values[point.attributes.begin()->first + "=" + point.attributes.begin()->second] = point.value;
  }
  EXPECT_THAT(values, ElementsAre(Pair("contact=a", 2), Pair("contact=b", 1), Pair("otel.metric.overflow=true", 2)));
  EXPECT_FALSE(MeterProvider::create({.max_attribute_sets = 1}));
}

TEST(MeterProvider, CountsExactlyFromManyThreads) {
  const auto meters = make_meters();
  const Counter counter = meters->counter("counted");
  const Histogram histogram = meters->histogram("measured", {}, two_bounds);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 1000; ++n) {
        counter.add();
        histogram.record(n);
        if (n % 100 == 0) (void)meters->collect();
      }
    });
  }
  for (auto& thread : threads) thread.join();
  const auto metrics = decode_metrics(meters->collect());
  EXPECT_EQ(metrics.at("counted").points[0].value, 4000);
  EXPECT_EQ(metrics.at("measured").points[0].count, 4000U);
}

TEST(MeterProvider, CountsThatAreReadTogetherAreReadOncePerCollection) {
  const auto meters = make_meters();
  const std::vector<ObservedSeries> series = {{.name = "spans", .attributes = {{"outcome", "exported"}}},
                                              {.name = "spans", .attributes = {{"outcome", "dropped"}}},
                                              {.name = "batches"}};
  std::uint64_t reads = 0;
  meters->observe_counters(series, [&reads](std::span<std::uint64_t> values) {
    ++reads;
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = 10 * reads + i;
  });
  (void)meters->collect();
  const auto metrics = decode_metrics(meters->collect());
  EXPECT_EQ(reads, 2U);
  EXPECT_EQ(metrics.at("batches").points.at(0).value, 22);
  const auto& points = metrics.at("spans").points;
  ASSERT_EQ(points.size(), 2U);
  EXPECT_EQ(points[0].attributes.at("outcome"), "exported");
  EXPECT_EQ(points[0].value, 20);
  EXPECT_EQ(points[1].value, 21);
}

TEST(MeterProvider, MayAskForInstrumentsWhileItCollects) {
  const auto meters = make_meters();
  meters->observe_counter("observed", {}, [&] {
    meters->counter("collections").add();
    return std::uint64_t{1};
  });
  EXPECT_EQ(decode_metrics(meters->collect()).at("collections").points.at(0).value, 1);
}

TEST(MeterProvider, InstrumentsOutliveIt) {
  auto meters = make_meters();
  const Counter counter = meters->counter("counted");
  const Histogram histogram = meters->histogram("measured", {}, two_bounds);
  meters.reset();
  counter.add();
  histogram.record(1);
}

TEST(DefaultMeters, CountFromAnywhereOnceThereAreSome) {
  increment_counter("counted");
  const auto meters = make_meters();
  set_default_meters(meters.get());
  increment_counter("counted", 2);
  increment_counter("counted");
  set_default_meters(nullptr);
  increment_counter("counted");
  EXPECT_EQ(decode_metrics(meters->collect()).at("counted").points[0].value, 3);
}

}  // namespace
}  // namespace segue
