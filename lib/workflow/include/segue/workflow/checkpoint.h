// Checkpoints: a run's state after each node, so that it can go on later, elsewhere.
//
//   auto state = workflow.run(first, [&](const segue::Checkpoint<LeadState>& checkpoint) -> segue::Result<void> {
//     return database.save(conversation_id, to_row(checkpoint));
//   });
//   ...
//   auto rest = workflow.resume(from_row(database.load(conversation_id)));   // repeats no node that had finished
//
// Nodes in subgraphs and in parallel branches are saved as well. `node` and `state` then still say what the run's own last node
// was and left, and `position` with `inner_states` how far the subgraph or the branches behind it are. Whoever keeps only the
// former resumes behind `node`, and repeats the subgraph or the branches as a whole.
// The resumed run's root span links to the earlier one with workflow.link.type=resume.
// Thread safety: the function is called on the threads that run nodes, one call at a time. Errors: what it returns fails the path
// that called it. `resume` answers InvalidArgument for a checkpoint that is damaged or of another graph, before any node runs.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "segue/base/result.h"

namespace segue {

template <class State>
struct Checkpoint {
  std::uint32_t step = 0;  ///< The superstep of `node`, from 1.
  /// The last node of the run itself that has finished; "__start__", if none has.
  std::string node = {};
  State state = {};  ///< As it left it.
  /// The run's root span, 55 characters; empty without tracing.
  std::string traceparent = {};
  /// What the next node names as its predecessor; 0 without tracing.
  std::uint64_t execution_id = 0;
  /// Where the run is inside a subgraph or parallel branches behind `node`, as text (detail/place.h); empty: nowhere inside.
  std::string position = {};
  /// The states that `position` refers to, besides `state`.
  std::vector<State> inner_states = {};
};

template <class State>
using Checkpointer = std::function<Result<void>(const Checkpoint<State>& checkpoint)>;

}  // namespace segue
