// The providers of this process, reachable until it ends, and what becomes of them when it forks.
#pragma once

#include "segue/trace/fork_listener.h"

namespace segue::detail {

struct ProviderState;

/// Takes part in every fork from now on.
void register_provider(ProviderState* state);

/// Null: none. Returns when no fork is using the one before.
void set_fork_listener(ProviderState& state, ForkListener* listener) noexcept;

/// Makes a provider work in the child of a fork, if that has not been done. Called when a thread is new to it.
void wake_in_child(ProviderState& state);

}  // namespace segue::detail
