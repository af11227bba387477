// A program run by a test: started, watched until it says where it listens, stopped by SIGTERM.
//
//   ChildProgram jorge({JORGE_PROGRAM, "--port", "0"});
//   const std::string address = jorge.wait_for("listening on ");    // "127.0.0.1:41234"
//   EXPECT_EQ(jorge.stop(), 0);
//
// Thread safety: one thread. Errors: a program that can't be started or ends too early fails the test.
#pragma once

#include <csignal>
#include <cstdio>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace jorge {

class ChildProgram {
 public:
  explicit ChildProgram(std::vector<std::string> arguments) {
    int ends[2];
    if (pipe(ends) != 0) {
      ADD_FAILURE() << "no pipe";
      return;
    }
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_addclose(&actions, ends[0]);
    posix_spawn_file_actions_addclose(&actions, ends[1]);
    std::vector<char*> pointers;
    for (std::string& argument : arguments) pointers.push_back(argument.data());
    pointers.push_back(nullptr);
    if (posix_spawn(&process_, pointers[0], &actions, nullptr, pointers.data(), environ) != 0) {
      process_ = -1;
      ADD_FAILURE() << "cannot start " << arguments.front();
    }
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    output_ = fdopen(ends[0], "r");
  }

  ~ChildProgram() {
    if (process_ > 0) stop();
    if (output_ != nullptr) std::fclose(output_);
  }
  ChildProgram(const ChildProgram&) = delete;
  ChildProgram& operator=(const ChildProgram&) = delete;

  /// What follows `text` in the first line of the output that has it.
  std::string wait_for(const std::string& text) {
    while (true) {
      const std::string line = read_line();
      if (line.empty()) {
        ADD_FAILURE() << "the program ended without saying: " << text;
        return {};
      }
      const auto at = line.find(text);
      if (at != std::string::npos) return line.substr(at + text.size(), line.find('\n') - at - text.size());
    }
  }

  /// The rest of the output, until the program ends or closes it.
  std::string read_all() {
    std::string all;
    for (std::string line = read_line(); !line.empty(); line = read_line()) all += line;
    return all;
  }

  /// Asks the program to end and gives its exit code; 128 and the signal's number if one killed it.
  int stop() {
    kill(process_, SIGTERM);
    return wait();
  }

  /// Waits for the program to end by itself.
  int wait() {
    int status = 0;
    waitpid(process_, &status, 0);
    process_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

 private:
  std::string read_line() {
    std::string line;
    for (int c = 0; output_ != nullptr && (c = std::fgetc(output_)) != EOF;) {
      line += static_cast<char>(c);
      if (c == '\n') break;
    }
    return line;
  }

  pid_t process_ = -1;
  std::FILE* output_ = nullptr;
};

}  // namespace jorge
