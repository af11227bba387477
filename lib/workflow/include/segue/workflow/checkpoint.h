// Checkpoints: a run's state after each node, so that it can go on later, elsewhere.
//
//   auto state = workflow.run(first, [&](const segue::Checkpoint<LeadState>& checkpoint) -> segue::Result<void> {
//     return database.save(conversation_id, checkpoint.step, checkpoint.node, to_json(checkpoint.state), checkpoint.traceparent);
//   });
//   ...
//   auto rest = workflow.resume(database.load(conversation_id));   // goes on behind checkpoint.node
//
// Saved after each node but not inside parallel branches: their fork is resumed as a whole. A subgraph counts as one node.
// The resumed run's root span links to the earlier one with workflow.link.type=resume.
// Thread safety: the function is called on the thread that runs the graph. Errors: what it returns ends the run with that error.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "segue/base/result.h"

namespace segue {

template <class State>
struct Checkpoint {
  std::uint32_t step = 0;  ///< The superstep of `node`, from 1.
  std::string node = {};   ///< The node that has just finished.
  State state = {};        ///< As it left it.
  /// The run's root span, 55 characters; empty without tracing.
  std::string traceparent = {};
  /// What the next node names as its predecessor; 0 without tracing.
  std::uint64_t execution_id = 0;
};

template <class State>
using Checkpointer = std::function<Result<void>(const Checkpoint<State>& checkpoint)>;

}  // namespace segue
