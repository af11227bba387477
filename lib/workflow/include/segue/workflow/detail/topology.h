// The parts of graph.h that know neither the state's type nor spans: names, checks, routes, Mermaid. For graph.h only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "segue/base/result.h"

namespace segue::detail {

inline constexpr std::string_view start_name = "__start__";
inline constexpr std::string_view end_name = "__end__";

struct Topology {
  enum class EdgeKind : std::uint8_t { Plain, Conditional, Parallel };
  struct Edge {
    std::string from;
    std::string to;
    std::string label = {};  ///< Of a conditional edge.
    EdgeKind kind = EdgeKind::Plain;
  };
  struct Fork {
    std::string from;
    std::vector<std::string> branches;
    std::string join;
  };
  struct Subgraph {
    std::string node;
    std::shared_ptr<const Topology> topology;
  };
  std::string bot;
  std::string name = {};  ///< The workflow's, known once it is compiled.
  std::vector<std::string> nodes = {};
  std::vector<Edge> edges = {};
  std::vector<std::string> routed = {};  ///< The node that each route function belongs to.
  std::vector<Fork> forks = {};
  std::vector<Subgraph> subgraphs = {};
};

/// A checked graph by index: where each node leads.
struct Plan {
  static constexpr std::size_t none = SIZE_MAX;
  static constexpr std::size_t end = SIZE_MAX - 1;

  struct Step {
    std::string name = {};
    std::size_t next = none;   ///< Of a plain edge.
    std::size_t route = none;  ///< Index of the route function, where edges are conditional.
    std::size_t fork = none;   ///< Index in `forks`, where branches start.
    std::vector<std::pair<std::string, std::size_t>> targets = {};
  };
  struct Fork {
    std::vector<std::size_t> branches = {};
    std::size_t join = none;
  };
  std::size_t first = none;
  std::vector<Step> steps = {};
  std::vector<Fork> forks = {};

  /// The node that `label` leads to from `node`; FailedPrecondition if no edge has that label.
  Result<std::size_t> follow(std::size_t node, const std::string& label) const;

  /// The index of a node; InvalidArgument if there is none of that name.
  Result<std::size_t> find(std::string_view name) const;

  /// Whether a branch of `fork` may come through `node` before it joins.
  bool is_on_branch(const Fork& fork, std::size_t branch, std::size_t node) const;
};

/// InvalidArgument says what is wrong with the graph.
Result<Plan> plan_of(const Topology& topology, std::uint32_t recursion_limit);

std::string to_mermaid(const Topology& topology);
Error recursion_error(std::uint32_t limit);

}  // namespace segue::detail
