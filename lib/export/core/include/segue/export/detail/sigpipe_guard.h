// SigpipeGuard: keeps a broken connection or pipe from killing the program with SIGPIPE, without touching the program's
// own handler.
//
//   const SigpipeGuard guard;
//   write(pipe, line);  // fails with EPIPE
//
// Thread safety: concerns the calling thread alone. Errors: none; errno stays what it was.
#pragma once

#include <cerrno>
#include <csignal>
#include <ctime>

namespace segue::detail {

/// Blocks SIGPIPE in this thread for a scope and swallows one that was raised meanwhile.
class SigpipeGuard {
 public:
  SigpipeGuard() noexcept {
    sigset_t pending;
    sigemptyset(&pending);
    sigpending(&pending);
    was_pending_ = sigismember(&pending, SIGPIPE) == 1;
    sigemptyset(&sigpipe_);
    sigaddset(&sigpipe_, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &sigpipe_, &previous_);
  }

  ~SigpipeGuard() {
    const int error = errno;  // of what was guarded
    const timespec no_wait = {};
    if (!was_pending_) sigtimedwait(&sigpipe_, nullptr, &no_wait);
    pthread_sigmask(SIG_SETMASK, &previous_, nullptr);
    errno = error;
  }

  SigpipeGuard(const SigpipeGuard&) = delete;
  SigpipeGuard& operator=(const SigpipeGuard&) = delete;

 private:
  sigset_t sigpipe_;
  sigset_t previous_;
  bool was_pending_ = false;
};

}  // namespace segue::detail
