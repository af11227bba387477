#include "fork_watch.h"

#include <pthread.h>

#include <atomic>

namespace segue::detail {
namespace {

constinit std::atomic<bool> forked = false;

}  // namespace

void watch_forks() noexcept {
  static const int registered = pthread_atfork(nullptr, nullptr, [] { forked.store(true, std::memory_order_relaxed); });
  (void)registered;
}

bool is_forked_child() noexcept { return forked.load(std::memory_order_relaxed); }

}  // namespace segue::detail
