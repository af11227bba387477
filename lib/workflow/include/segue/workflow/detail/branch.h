// Where the paths of a run are, and how parallel ones end. For graph.h only.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <vector>

#include "segue/base/result.h"
#include "segue/workflow/detail/place.h"

namespace segue::detail {

/// Where a path is: at a node, in its superstep, and behind which executions.
struct Position {
  std::size_t node = Plan::none;
  std::uint32_t step = 1;
  std::vector<std::uint64_t> previous = {};
  bool has_run = false;    ///< The node; what comes next is to leave it.
  Place* place = nullptr;  ///< What the progress knows of this, where somebody wants to know.
};

/// How one parallel branch ended: a state, an error or an exception.
template <class State>
struct Branch {
  Position at;
  std::optional<Result<State>> result = {};
  std::exception_ptr exception = nullptr;

  bool has_failed() const { return exception != nullptr || !result || !*result; }

  /// What a failed one says.
  std::string failure() const {
    if (!exception) return result->error().message;
    try {
      std::rethrow_exception(exception);
    } catch (const std::exception& thrown) {
      return thrown.what();
    } catch (...) {
      return "an exception that is no std::exception";
    }
  }
};

/// Notes that branch `number` has failed; the first one decides the run.
inline void note_failure(std::size_t number, std::atomic<std::size_t>& first_failed) {
  std::size_t nobody = Plan::none;
  first_failed.compare_exchange_strong(nobody, number);
}

/// Those that have not come to an end failed with `stopped`, which is why.
template <class State>
void fail_unfinished(std::vector<Branch<State>>& branches, const std::exception_ptr& stopped,
                     std::atomic<std::size_t>& first_failed) {
  for (std::size_t number = 0; number < branches.size(); ++number) {
    Branch<State>& branch = branches[number];
    if (branch.result || branch.exception) continue;
    branch.exception = stopped;
    if (!stopped) branch.result = Error{Errc::FailedPrecondition, "set_await_all: a branch was not awaited"};
    note_failure(number, first_failed);
  }
}

}  // namespace segue::detail
