// run_segue(): one command of the program, to its end, with everything it wrote.
//
//   const Ended ended = run_segue({"--version"});
//   EXPECT_EQ(ended.code, 0);
//
// Thread safety: any thread. Errors: a program that cannot be started ends with code 127.
#pragma once

#include <string>
#include <vector>

#include "program.h"

namespace segue::test {

struct Ended {
  int code = 0;
  std::string output;  ///< Standard output and standard error, as they came.
};

inline Ended run_segue(const std::vector<std::string>& arguments, const std::vector<std::string>& environment = {}) {
  std::vector<std::string> command = {"/bin/sh", "-c", "exec \"$@\" 2>&1", "sh", SEGUE_PROGRAM};
  command.insert(command.end(), arguments.begin(), arguments.end());
  Program program(command, environment);
  program.wait_for_line("\n");  // no line begins so: this waits until the output is complete
  const int code = program.wait();
  return {code, program.output()};
}

}  // namespace segue::test
