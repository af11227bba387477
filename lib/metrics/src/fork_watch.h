// Whether this process is the child of a fork: it has the parent's counts and locks, but not its threads.
#pragma once

namespace segue::detail {

/// Notices forks from now on.
void watch_forks() noexcept;

/// True in a child that was forked since.
bool is_forked_child() noexcept;

}  // namespace segue::detail
