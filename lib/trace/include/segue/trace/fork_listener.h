// ForkListener: what a back end does when its process forks.
//
//   provider.queue().set_fork_listener(&listener);   // null, before it is destroyed
//
// The child of a fork has one thread, the one that called fork(). What the parent's threads recorded and had open stays
// the parent's: the child exports none of it, and its counts begin at zero. What the child itself records needs a
// back-end thread and connections of its own; those it gets when its first span starts, so that children that
// exec at once, or never record, pay nothing.
// Thread safety: the first three are called by the forking thread, `first_use_in_child` by whichever is first.
#pragma once

namespace segue {

class ForkListener {
 public:
  /// Takes the locks that the child must not find held by threads it does not have.
  virtual void before_fork() noexcept = 0;
  virtual void after_fork_in_parent() noexcept = 0;
  /// Releases them, and lets go of the parent's threads, connections and files without touching them.
  virtual void after_fork_in_child() noexcept = 0;
  /// When the first span starts; of metrics, when the first value is counted.
  virtual void first_use_in_child() noexcept = 0;

 protected:
  ~ForkListener() = default;
};

}  // namespace segue
