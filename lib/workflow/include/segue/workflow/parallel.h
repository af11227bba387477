// ParallelExecutor: where a graph's parallel branches run.
//
//   graph.compile({.executor = [&pool](std::function<void()> task) { pool.post(std::move(task)); }});
//   graph.compile({.executor = segue::thread_executor()});
//   graph.compile({});                                       // one after another on the calling thread
//
// The thread that runs the graph takes branches itself while it waits, so a busy or stopped pool delays a run but
// cannot block it, also not when the graph runs on the same pool. A task may be called at any time or never.
// Thread safety: an executor is called from every thread that runs the graph. Errors: one that throws is used no further in this run.
#pragma once

#include <cstddef>
#include <functional>

namespace segue {

/// Calls the task some time, on some thread.
using ParallelExecutor = std::function<void(std::function<void()> task)>;

/// A new thread for each task.
ParallelExecutor thread_executor();

namespace detail {

/// Runs `task(0)` ... `task(count - 1)`, here and wherever `executor` likes, and returns when all are done. `task` must not throw.
void run_all(const ParallelExecutor& executor, std::size_t count, const std::function<void(std::size_t)>& task);

}  // namespace detail
}  // namespace segue
