// Runs a part of a test in a forked child, and says where sanitizers allow that.
#pragma once

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace segue::test {

#if defined(__has_feature)
#define SEGUE_TEST_SANITIZER(name) __has_feature(name##_sanitizer)
#else
#define SEGUE_TEST_SANITIZER(name) 0
#endif

// The thread sanitizer does not support threads that are started after a fork of a process with threads.
#if defined(__SANITIZE_THREAD__) || SEGUE_TEST_SANITIZER(thread)
inline constexpr bool can_fork = false;
#else
inline constexpr bool can_fork = true;
#endif

// The address sanitizer's allocator does not take its locks for a fork, so a child hangs in it when another thread
// of the parent was allocating. The other tests fork while the back-end thread sleeps: after a flush, with long delays.
#if defined(__SANITIZE_ADDRESS__) || SEGUE_TEST_SANITIZER(address)
inline constexpr bool can_fork_while_others_allocate = false;
#else
inline constexpr bool can_fork_while_others_allocate = can_fork;
#endif

/// Runs `body` in a child and fails if an expectation failed there, or it died.
template <class Body>
void in_child(const Body& body) {
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    body();
    _exit(testing::Test::HasFailure() ? 1 : 0);
  }
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0) << "in the child";
}

}  // namespace segue::test
