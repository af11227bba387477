// keep_for_good: what a forked child has of its parent's threads. They do not exist in the child, so the objects that own
// them can neither be stopped nor destroyed.
//
//   detail::keep_for_good(std::move(worker_));
//
// Thread safety: one thread at a time; for the one that a child of a fork begins with. Errors: none.
#pragma once

#include <memory>
#include <utility>
#include <vector>

namespace segue::detail {

/// Keeps it reachable until the process ends, so that a leak checker sees it as what it is.
inline void keep_for_good(std::shared_ptr<void> inherited) {
  static auto* all = new std::vector<std::shared_ptr<void>>;
  all->push_back(std::move(inherited));
}

}  // namespace segue::detail
