// Place: how far one path of a run has come, with the paths inside it, and its text form in a checkpoint. For graph.h only.
//
//   1 >split:1:0:8fd2c1(>score:2:1:77ab09,@qualify:2:0:8fd2c1(>ask:1:2:c04e11))
//
// "split" has run and its branches are on their way: one is behind "score", the other inside the subgraph at "qualify", there
// behind "ask". The text is a version, a space and a path:
//   path = mark node ":" step ":" state [":" execution ids joined by "+"] ["(" path {"," path} ")"]
//   mark = "@" before the node (without a name: at the graph's first), ">" behind it. A "\" stands before ":" and "\" in names.
// A state is a number: 0 is the checkpoint's `state`, 1 the first of its `inner_states`. Execution ids are hexadecimal.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "segue/base/result.h"
#include "segue/workflow/detail/topology.h"

namespace segue::detail {

/// Of the type that whoever runs the graph knows; places share states.
using StatePointer = std::shared_ptr<const void>;

struct Place {
  enum class Mark : std::uint8_t { Before, Behind };
  /// Deeper ones are refused.
  static constexpr std::size_t max_depth = 256;

  Mark mark = Mark::Before;
  std::string node = {};  ///< Empty: the graph's first.
  std::uint32_t step = 1;
  std::vector<std::uint64_t> previous = {};  ///< Behind a node its own execution.
  StatePointer state = nullptr;
  std::vector<Place> inside =
      {};  ///< Before a subgraph its one path; behind a fork the branches' paths, in their order.
};

/// Appends to `states` those that are not there yet.
std::string format_place(const Place& place, std::vector<StatePointer>& states);

/// InvalidArgument for what is no position, or names a state that is not in `states`.
Result<Place> parse_place(std::string_view text, const std::vector<StatePointer>& states);

/// InvalidArgument says what in `place` cannot be a place in this graph.
Result<void> check_place(const Place& place, const Topology& topology, const Plan& plan);

}  // namespace segue::detail
