#include "segue/workflow/parallel.h"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

namespace segue {
namespace detail {
namespace {

/// The tasks of one `run_all`. Helpers that come too late find it empty, so it outlives the call; `task` does not.
class TaskGroup {
 public:
  TaskGroup(std::size_t count, const std::function<void(std::size_t)>& task)
      : task_(task), open_(count), left_(count) {}

  /// Takes tasks until none is left.
  void work() {
    while (const std::size_t number = take()) {
      task_(number - 1);
      const std::lock_guard lock(mutex_);
      if (--left_ == 0) all_done_.notify_all();
    }
  }

  void wait() {
    std::unique_lock lock(mutex_);
    all_done_.wait(lock, [this] { return left_ == 0; });
  }

 private:
  /// The number of a task from 1, or 0.
  std::size_t take() {
    const std::lock_guard lock(mutex_);
    return open_ == 0 ? 0 : open_--;
  }

  const std::function<void(std::size_t)>& task_;
  std::mutex mutex_;
  std::condition_variable all_done_;
  std::size_t open_;
  std::size_t left_;
};

}  // namespace

void run_all(const ParallelExecutor& executor, std::size_t count, const std::function<void(std::size_t)>& task) {
  if (!executor) {
    for (std::size_t i = 0; i < count; ++i) task(i);
    return;
  }
  const auto group = std::make_shared<TaskGroup>(count, task);
  try {
    for (std::size_t i = 1; i < count; ++i) executor([group] { group->work(); });
  } catch (...) {
    // No more helpers than there are already: this thread does the rest.
  }
  group->work();
  group->wait();
}

}  // namespace detail

ParallelExecutor thread_executor() {
  return [](std::function<void()> task) { std::thread(std::move(task)).detach(); };
}

}  // namespace segue
