#include "fork_registry.h"

#include <pthread.h>

#include <mutex>
#include <vector>

namespace segue::detail {
namespace {

// `mutex` comes before the listeners' locks: whoever holds one of these must not ask for it.
struct Registry {
  std::mutex mutex;
  std::vector<ForkListener*> listeners;
};

Registry& registry() {
  static auto* instance = new Registry;
  return *instance;
}

void before_fork() noexcept {
  registry().mutex.lock();
  for (ForkListener* listener : registry().listeners) listener->before_fork();
}

void after_fork_in_parent() noexcept {
  for (ForkListener* listener : registry().listeners) listener->after_fork_in_parent();
  registry().mutex.unlock();
}

void after_fork_in_child() noexcept {
  for (ForkListener* listener : registry().listeners) listener->after_fork_in_child();
  is_fresh_child.store(true, std::memory_order_relaxed);
  registry().mutex.unlock();
}

}  // namespace

constinit std::atomic<bool> is_fresh_child = false;

void add_fork_listener(ForkListener* listener) {
  const std::lock_guard lock(registry().mutex);
  static const int fork_hook = pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child);
  (void)fork_hook;
  registry().listeners.push_back(listener);
}

void remove_fork_listener(ForkListener* listener) noexcept {
  const std::lock_guard lock(registry().mutex);
  std::erase(registry().listeners, listener);
}

void tell_of_first_use() noexcept {
  const std::lock_guard lock(registry().mutex);
  if (!is_fresh_child.exchange(false, std::memory_order_relaxed)) return;
  for (ForkListener* listener : registry().listeners) listener->first_use_in_child();
}

}  // namespace segue::detail
