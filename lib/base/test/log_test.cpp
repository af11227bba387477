#include "segue/base/log.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "log_limiter.h"

namespace segue {
namespace {

using namespace std::chrono_literals;
using detail::LogLimiter;

const LogLimiter::TimePoint noon{12h};

TEST(LogLimiter, WritesAFewSimilarMessagesThenSaysHowManyItLeftOut) {
  LogLimiter limiter;
  for (std::uint32_t i = 0; i < LogLimiter::max_similar; ++i) EXPECT_EQ(limiter.admit("full", noon), 0U);
  for (int i = 0; i < 123; ++i) EXPECT_EQ(limiter.admit("full", noon + 59s), std::nullopt);
  EXPECT_EQ(limiter.admit("full", noon + 60s), 123U);
  EXPECT_EQ(limiter.admit("full", noon + 60s), 0U);
}

TEST(LogLimiter, MessagesThatDifferInDigitsAreSimilarOthersAreNot) {
  LogLimiter limiter;
  for (int i = 0; i < 100; ++i) (void)limiter.admit(std::to_string(i) + " spans not delivered", noon);
  EXPECT_EQ(limiter.admit("512 spans not delivered", noon + 1s), std::nullopt);
  EXPECT_EQ(limiter.admit("512 spans refused", noon + 1s), 0U);
}

TEST(LogLimiter, BoundsAllLinesOfASecondAndWhatItRemembers) {
  LogLimiter limiter;
  std::uint32_t written = 0;
  for (std::size_t i = 0; i < 3 * LogLimiter::max_kinds; ++i) {
    written += limiter.admit(std::string(i + 1, 'x'), noon).has_value() ? 1U : 0U;
  }
  EXPECT_EQ(written, LogLimiter::max_lines_per_second);
  EXPECT_TRUE(limiter.admit("something else", noon + 1s).has_value());
}

struct LogHookTest : testing::Test {
  LogHookTest() {
    set_log_hook([this](LogLevel, std::string_view message) { lines.emplace_back(message); });
  }
  ~LogHookTest() override { set_log_hook({}); }
  std::vector<std::string> lines;
};

TEST_F(LogHookTest, GoesToTheHookAboveTheThresholdAndIsRateLimited) {
  for (int i = 0; i < 1000; ++i) log(LogLevel::Warning, "to the hook");
  log(LogLevel::Debug, "below the threshold");
  ASSERT_EQ(lines.size(), LogLimiter::max_similar);
  EXPECT_EQ(lines[0], "to the hook");
}

TEST(Log, WorksInTheChildOfAForkAmongThreadsThatLog) {
  set_log_hook([](LogLevel, std::string_view) {});
  std::atomic<bool> go_on = true;
  std::vector<std::thread> threads;
  for (int t = 0; t < 2; ++t) {
    threads.emplace_back([&] {
      while (go_on) log(LogLevel::Warning, "over and over again");
    });
  }
  for (int i = 0; i < 50; ++i) {
    const pid_t child = fork();
    if (child == 0) {
      log(LogLevel::Warning, "in the child");  // hangs if the lock was left held
      _exit(0);
    }
    int status = -1;
    waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
  }
  go_on = false;
  for (auto& thread : threads) thread.join();
  set_log_hook({});
}

}  // namespace
}  // namespace segue
