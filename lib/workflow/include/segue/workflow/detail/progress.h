// Progress: how far a run has come on all its paths, saved after each node. For graph.h only.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "segue/workflow/checkpoint.h"
#include "segue/workflow/detail/place.h"

namespace segue::detail {

template <class State>
const State& state_in(const StatePointer& state) {
  return *static_cast<const State*>(state.get());
}

/// Shared by a run, its branches and its subgraphs. A path changes its own place only, and through the functions here; what a
/// resumed run finds in a place it may read without them.
template <class State>
class Progress {
 public:
  /// Of a run that begins. Without a checkpointer nothing is saved.
  Progress(Checkpointer<State> checkpointer, const State& state) : checkpointer_(std::move(checkpointer)) {
    root_.state = std::make_shared<const State>(state);
    last_ = root_;
    last_.node = start_name;
    last_.step = 0;
  }

  /// Of a run that goes on at `root` behind what `last` says.
  Progress(Checkpointer<State> checkpointer, Place last, Place root)
      : checkpointer_(std::move(checkpointer)), last_(std::move(last)), root_(std::move(root)) {}

  Place& root() { return root_; }
  bool saves() const { return checkpointer_ != nullptr; }
  void set_traceparent(std::string traceparent) { traceparent_ = std::move(traceparent); }

  /// A path has come behind a node.
  Result<void> finish(Place& place, Place reached) {
    const std::lock_guard lock(mutex_);
    place = std::move(reached);
    if (&place == &root_) last_ = place;
    return checkpointer_(checkpoint());
  }

  /// A path enters a subgraph.
  void enter(Place& place, Place entered) {
    const std::lock_guard lock(mutex_);
    place = std::move(entered);
  }

  /// A path forks.
  void fork(Place& place, std::vector<Place> branches) {
    const std::lock_guard lock(mutex_);
    place.inside = std::move(branches);
  }

 private:
  Checkpoint<State> checkpoint() const {
    Checkpoint<State> checkpoint{.step = last_.step,
                                 .node = last_.node,
                                 .state = state_in<State>(last_.state),
                                 .traceparent = traceparent_,
                                 .execution_id = last_.previous.empty() ? 0 : last_.previous.front()};
    if (root_.inside.empty()) return checkpoint;
    std::vector<StatePointer> states = {last_.state};
    checkpoint.position = format_place(root_, states);
    for (std::size_t i = 1; i < states.size(); ++i) checkpoint.inner_states.push_back(state_in<State>(states[i]));
    return checkpoint;
  }

  Checkpointer<State> checkpointer_;
  std::string traceparent_;
  std::mutex mutex_;
  Place last_;  ///< The last node of the run itself that has finished, if any.
  Place root_;
};

/// A path of a run, as it reports where it is; empty where nobody wants to know.
template <class State>
struct Path {
  std::shared_ptr<Progress<State>> progress = nullptr;
  Place* place = nullptr;

  State state() const { return state_in<State>(place->state); }
};

/// What a resumed run starts from, or why it cannot.
template <class State>
Result<Path<State>> path_from(Checkpoint<State> checkpoint, Checkpointer<State> checkpointer, const Topology& topology,
                              const Plan& plan) {
  std::vector<StatePointer> states = {std::make_shared<const State>(std::move(checkpoint.state))};
  for (State& state : checkpoint.inner_states) states.push_back(std::make_shared<const State>(std::move(state)));
  Place last{Place::Mark::Behind, std::move(checkpoint.node), checkpoint.step, {}, states.front()};
  if (checkpoint.execution_id != 0) last.previous = {checkpoint.execution_id};
  Place root = last;
  if (last.node == start_name) root = {.state = states.front()};
  if (!checkpoint.position.empty()) {
    auto parsed = parse_place(checkpoint.position, states);
    if (!parsed) return parsed.error();
    root = *std::move(parsed);
  }
  if (auto checked = check_place(root, topology, plan); !checked) return checked.error();
  auto progress = std::make_shared<Progress<State>>(std::move(checkpointer), std::move(last), std::move(root));
  Place* place = &progress->root();
  return Path<State>{std::move(progress), place};
}

}  // namespace segue::detail
