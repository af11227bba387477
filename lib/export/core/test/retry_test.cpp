#include "segue/export/retry.h"

#include <gtest/gtest.h>

#include <vector>

namespace segue {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr RetrySchedule::TimePoint start = {};
constexpr double no_jitter = 0.5;  // the middle of the spread

TEST(RetrySchedule, WaitsLongerEachTimeUpToTheLongestWait) {
  RetrySchedule schedule({.initial_delay = 1s, .max_delay = 5s, .multiplier = 2.0}, start, 1min);
  std::vector<milliseconds> delays;
  for (int i = 0; i < 5; ++i) delays.push_back(*schedule.next_delay(start, no_jitter));
  EXPECT_EQ(delays, (std::vector<milliseconds>{1s, 2s, 4s, 5s, 5s}));
}

TEST(RetrySchedule, SpreadsWaitsByTheJitterInBothDirections) {
  const RetryOptions options = {.initial_delay = 1s, .max_delay = 10s, .multiplier = 2.0, .jitter = 0.2};
  EXPECT_EQ(RetrySchedule(options, start, 1min).next_delay(start, 0.0), 800ms);
  EXPECT_EQ(RetrySchedule(options, start, 1min).next_delay(start, 0.75), 1100ms);
  RetrySchedule schedule({.initial_delay = 1s, .max_delay = 1s, .jitter = 0.2}, start, 1min);
  EXPECT_EQ(schedule.next_delay(start, 0.99), 1s) << "jitter does not exceed the longest wait";
}

TEST(RetrySchedule, GivesUpRatherThanWaitPastTheEnd) {
  RetrySchedule schedule({.initial_delay = 1s, .max_delay = 1s}, start, 10s);
  EXPECT_EQ(schedule.next_delay(start + 9s, no_jitter), 1s);
  EXPECT_EQ(schedule.next_delay(start + 9001ms, no_jitter), std::nullopt);
  EXPECT_EQ(schedule.next_delay(start + 1h, no_jitter), std::nullopt);
}

TEST(RetrySchedule, NeverReturnsBeforeTheReceiverAllows) {
  RetrySchedule schedule({.initial_delay = 1s, .max_delay = 5s}, start, 60s);
  EXPECT_EQ(schedule.next_delay(start, no_jitter, 30s), 30s);
  EXPECT_EQ(schedule.next_delay(start, no_jitter, 0s), 1500ms);
  EXPECT_EQ(schedule.next_delay(start, no_jitter, 61s), std::nullopt);
  EXPECT_EQ(schedule.next_delay(start, no_jitter, milliseconds::max()), std::nullopt);
}

}  // namespace
}  // namespace segue
