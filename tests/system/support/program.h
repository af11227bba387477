// Program: a program of ours that a test starts, listens to, and ends.
//
//   Program server({SEGUE_PROGRAM, "serve", "--port", "0"});
//   const std::optional<std::string> url = server.wait_for_line("OTLP/HTTP: ");
//   ...
//   EXPECT_EQ(server.terminate(), 0);
//
// The program dies with the test, also when the test crashes. Its standard error goes to the test's.
// Thread safety: one thread, the one that started it. Errors: a program that cannot be started ends at
// once with code 127; waiting for a line that never comes ends when the program does.
#pragma once

#include <sys/types.h>

#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace segue::test {

class Program {
 public:
  /// `command[0]` is a path; `environment` holds "NAME=value" entries that are added to the test's own.
  explicit Program(std::vector<std::string> command, const std::vector<std::string>& environment = {});
  /// Kills it where it still runs.
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  /// What follows `beginning` on the first line of standard output that starts with it, past or to come;
  /// empty when the program closes its output without having said so.
  std::optional<std::string> wait_for_line(std::string_view beginning);

  /// Waits for its end. Its exit code, or minus the signal that ended it.
  int wait();
  /// SIGTERM, then `wait()`.
  int terminate();
  /// SIGKILL, then `wait()`.
  void kill();

  pid_t pid() const noexcept { return pid_; }
  /// Everything it wrote to standard output so far.
  std::string output() const;

 private:
  void read_output(int descriptor);

  pid_t pid_ = -1;
  std::optional<int> result_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::string output_;      // guarded by mutex_
  bool has_ended_ = false;  // guarded by mutex_
  std::thread reader_;
};

}  // namespace segue::test
