// A state that remembers which nodes it came through, and nodes for it.
#pragma once

#include <gmock/gmock.h>

#include <string>
#include <utility>
#include <vector>

#include "segue/workflow/graph.h"
#include "traced_fixture.h"

namespace segue {

struct State {
  std::string contact_id = {};
  bool handoff = false;
  std::vector<std::string> path = {};
};

inline auto step(std::string name) {
  return [name = std::move(name)](State state) {
    state.path.push_back(name);
    return state;
  };
}

/// What every branch added behind what they all began with.
inline State append_paths(State before, const std::vector<State>& branches) {
  const std::size_t common = before.path.size();
  for (const State& branch : branches) {
    for (std::size_t i = common; i < branch.path.size(); ++i) before.path.push_back(branch.path[i]);
  }
  return before;
}

using Graphs = Traced;

}  // namespace segue
