#include "provider_registry.h"

#include <pthread.h>

#include <mutex>
#include <vector>

#include "provider_state.h"
#include "thread_state.h"

namespace segue::detail {
namespace {

// `mutex` also guards every provider's fork listener. It comes before the listeners' locks, and those before the
// providers': whoever holds one of them takes only later ones.
struct Registry {
  std::mutex mutex;
  std::vector<ProviderState*> providers;
};

Registry& registry() {
  static auto* instance = new Registry;
  return *instance;
}

void before_fork() noexcept {
  Registry& all = registry();
  all.mutex.lock();
  for (ProviderState* provider : all.providers) {
    if (provider->fork_listener != nullptr) provider->fork_listener->before_fork();
  }
  for (ProviderState* provider : all.providers) provider->mutex.lock();
}

void after_fork_in_parent() noexcept {
  Registry& all = registry();
  for (ProviderState* provider : all.providers) provider->mutex.unlock();
  for (ProviderState* provider : all.providers) {
    if (provider->fork_listener != nullptr) provider->fork_listener->after_fork_in_parent();
  }
  all.mutex.unlock();
}

void after_fork_in_child() noexcept {
  Registry& all = registry();
  abandon_parents_spans();
  for (ProviderState* provider : all.providers) {
    provider->become_child();
    provider->mutex.unlock();
    if (provider->fork_listener != nullptr) provider->fork_listener->after_fork_in_child();
  }
  all.mutex.unlock();
}

}  // namespace

void register_provider(ProviderState* state) {
  Registry& all = registry();
  const std::lock_guard lock(all.mutex);
  static const int fork_hook = pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child);
  (void)fork_hook;
  all.providers.push_back(state);
}

void set_fork_listener(ProviderState& state, ForkListener* listener) noexcept {
  const std::lock_guard lock(registry().mutex);
  state.fork_listener = listener;
}

void wake_in_child(ProviderState& state) {
  if (!state.is_fresh_child.load(std::memory_order_relaxed)) [[likely]]
    return;
  if (!state.is_fresh_child.exchange(false, std::memory_order_relaxed)) return;
  state.refresh_resource();  // the application's code: no lock held
  const std::lock_guard lock(registry().mutex);
  if (state.fork_listener != nullptr) state.fork_listener->first_use_in_child();
}

}  // namespace segue::detail
