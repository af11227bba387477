// Waiting for SIGTERM or SIGINT in the main thread, without a signal handler.
//
//   StopSignal stop;      // before any thread starts: they inherit that the signals are blocked
//   ... start servers ...
//   stop.wait();
//   ... stop servers ...
//
// Thread safety: one per program, made and waited for in the main thread. Errors: none.
#pragma once

#include <csignal>

namespace jorge {

class StopSignal {
 public:
  StopSignal() noexcept {
    sigemptyset(&signals_);
    sigaddset(&signals_, SIGTERM);
    sigaddset(&signals_, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
  }

  /// Returns when one of the two has arrived.
  void wait() const noexcept {
    int signal = 0;
    while (sigwait(&signals_, &signal) != 0) {
    }
  }

 private:
  sigset_t signals_{};
};

}  // namespace jorge
