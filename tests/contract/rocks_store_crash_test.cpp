// The promise behind every acknowledgement: a killed store has every span it said it had stored.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <set>

#include "segue/base/random.h"
#include "segue/server/store/rocks_store.h"
#include "store_contract.h"

extern char** environ;

namespace segue::server::contract {
namespace {

/// append_forever as a child process, with a pipe from it.
class Appender {
 public:
  Appender(const std::filesystem::path& folder, std::uint64_t first) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) std::abort();
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    std::string program = APPEND_FOREVER, path = folder.string(), number = std::to_string(first);
    char* arguments[] = {program.data(), path.data(), number.data(), nullptr};
    if (::posix_spawn(&process_, program.c_str(), &actions, nullptr, arguments, environ) != 0) std::abort();
    posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
    pipe_ = ends[0];
  }
  ~Appender() { ::close(pipe_); }
  Appender(const Appender&) = delete;
  Appender& operator=(const Appender&) = delete;

  /// The next acknowledged number; false at the end of the pipe.
  bool next(std::uint64_t& number) { return ::read(pipe_, &number, sizeof number) == sizeof number; }

  void kill() {
    ::kill(process_, SIGKILL);
    int status = 0;
    ::waitpid(process_, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status)) << "the appender ended by itself";
  }

 private:
  pid_t process_ = 0;
  int pipe_ = -1;
};

/// Lets the appender acknowledge `wanted` traces, kills it, and answers every number it acknowledged.
std::set<std::uint64_t> append_and_kill(const std::filesystem::path& folder, std::uint64_t first, std::size_t wanted) {
  Appender appender(folder, first);
  std::set<std::uint64_t> acknowledged;
  std::uint64_t number = 0;
  while (acknowledged.size() < wanted && appender.next(number)) acknowledged.insert(number);
  appender.kill();
  while (appender.next(number)) acknowledged.insert(number);  // what was in the pipe when it died
  return acknowledged;
}

void expect_all_readable(Store& store, const std::set<std::uint64_t>& acknowledged) {
  for (const std::uint64_t number : acknowledged) {
    const auto spans = store.trace(trace_id(number));
    ASSERT_TRUE(spans) << spans.error().message;
    ASSERT_EQ(spans->spans.size(), 2U);
  }
}

void expect_journeys_agree(Store& store, std::size_t acknowledged) {
  const auto page = store.find_journeys({.limit = 1000});
  ASSERT_TRUE(page) << page.error().message;
  std::size_t traces = 0;
  for (const JourneySummary& journey : page->items) {
    traces += journey.traces;
    EXPECT_EQ(store.traces_of_contact(journey.contact_id)->size(), journey.traces);
    EXPECT_EQ(journey.spans, 2U * journey.traces);
  }
  EXPECT_GE(traces, acknowledged);  // appends that were cut off before their answer may be stored
}

TEST(RocksStoreCrash, NoAcknowledgedSpanIsLostWhenTheProcessIsKilled) {
  constexpr int rounds = 20;
  TemporaryFolder folder;
  std::set<std::uint64_t> acknowledged;
  for (int round = 0; round < rounds && !HasFatalFailure(); ++round) {
    const std::uint64_t first = acknowledged.empty() ? 1 : *acknowledged.rbegin() + 100;
    acknowledged.merge(append_and_kill(folder.path(), first, 1 + random_bits() % 40));
    const auto store = open_rocks_store({.directory = folder.path()});
    ASSERT_TRUE(store) << store.error().message;
    expect_all_readable(**store, acknowledged);
    expect_journeys_agree(**store, acknowledged.size());
  }
  EXPECT_GE(acknowledged.size(), static_cast<std::size_t>(rounds));
}

}  // namespace
}  // namespace segue::server::contract
