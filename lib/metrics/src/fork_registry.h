// The meters and readers of this process, and what becomes of them when it forks.
//
// Thread safety: any thread. Errors: none.
#pragma once

#include <atomic>

#include "segue/trace/fork_listener.h"

namespace segue::detail {

/// Takes part in every fork from now on. Locks are taken in the order in which listeners were added.
void add_fork_listener(ForkListener* listener);

/// Returns when no fork is using it.
void remove_fork_listener(ForkListener* listener) noexcept;

/// In the child of a fork, until it counts something.
extern std::atomic<bool> is_fresh_child;

void tell_of_first_use() noexcept;

/// Called before anything is counted.
inline void wake_in_child() noexcept {
  if (is_fresh_child.load(std::memory_order_relaxed)) [[unlikely]]
    tell_of_first_use();
}

}  // namespace segue::detail
