#include "segue/workflow/detail/topology.h"

#include <algorithm>

namespace segue::detail {
namespace {

using EdgeKind = Topology::EdgeKind;

Error invalid(const Topology& topology, std::string message) {
  return Error{Errc::InvalidArgument, "graph '" + topology.bot + "': " + std::move(message)};
}

std::size_t index_of(const std::vector<std::string>& names, std::string_view name) {
  const auto found = std::find(names.begin(), names.end(), name);
  return found == names.end() ? Plan::none : static_cast<std::size_t>(found - names.begin());
}

Result<void> check_nodes(const Topology& topology) {
  if (topology.nodes.empty()) return invalid(topology, "it has no nodes");
  for (std::size_t i = 0; i < topology.nodes.size(); ++i) {
    const std::string& name = topology.nodes[i];
    if (name.empty() || name == start_name || name == end_name)
      return invalid(topology, "'" + name + "' cannot name a node");
    if (index_of(topology.nodes, name) != i) return invalid(topology, "there are two nodes '" + name + "'");
  }
  return {};
}

Result<void> add_edge(Plan& plan, const Topology& topology, const Topology::Edge& edge) {
  const std::size_t target = edge.to == end_name ? Plan::end : index_of(topology.nodes, edge.to);
  if (target == Plan::none) return invalid(topology, "an edge leads to '" + edge.to + "', which is no node");
  if (edge.from == start_name) {
    if (plan.first != Plan::none || edge.kind != EdgeKind::Plain)
      return invalid(topology, "START needs exactly one plain edge");
    plan.first = target;
    return {};
  }
  const std::size_t source = index_of(topology.nodes, edge.from);
  if (source == Plan::none) return invalid(topology, "an edge leaves '" + edge.from + "', which is no node");
  Plan::Step& step = plan.steps[source];
  if (edge.kind == EdgeKind::Parallel) return {};  // belongs to a fork, which is read on its own
  if (edge.kind == EdgeKind::Conditional) {
    step.targets.emplace_back(edge.label, target);
    return {};
  }
  if (step.next != Plan::none) return invalid(topology, "two edges leave '" + edge.from + "'; use conditional edges");
  step.next = target;
  return {};
}

Result<void> add_route(Plan& plan, const Topology& topology, std::size_t route) {
  const std::string& from = topology.routed[route];
  const std::size_t source = index_of(topology.nodes, from);
  if (source == Plan::none) return invalid(topology, "conditional edges leave '" + from + "', which is no node");
  if (plan.steps[source].route != Plan::none) return invalid(topology, "'" + from + "' has two routes");
  plan.steps[source].route = route;
  return {};
}

Result<void> add_fork(Plan& plan, const Topology& topology, const Topology::Fork& fork) {
  const std::size_t source = index_of(topology.nodes, fork.from);
  if (source == Plan::none) return invalid(topology, "parallel edges leave '" + fork.from + "', which is no node");
  if (plan.steps[source].fork != Plan::none) return invalid(topology, "'" + fork.from + "' forks twice");
  Plan::Fork planned{.branches = {}, .join = index_of(topology.nodes, fork.join)};
  if (planned.join == Plan::none)
    return invalid(topology, "the branches of '" + fork.from + "' join at '" + fork.join + "', which is no node");
  if (fork.branches.empty()) return invalid(topology, "'" + fork.from + "' forks into no branches");
  for (const std::string& branch : fork.branches) {
    const std::size_t index = index_of(topology.nodes, branch);
    if (index == Plan::none) return invalid(topology, "an edge leads to '" + branch + "', which is no node");
    if (index == planned.join || std::count(fork.branches.begin(), fork.branches.end(), branch) > 1)
      return invalid(topology, "the branch '" + branch + "' is also the join, or there twice");
    planned.branches.push_back(index);
  }
  plan.steps[source].fork = plan.forks.size();
  plan.forks.push_back(std::move(planned));
  return {};
}

/// Marks every node that can be reached from `node` without passing through `stop`; true if END can, too.
bool mark_reachable(const Plan& plan, std::size_t node, std::size_t stop, std::vector<bool>& reached) {
  std::vector<std::size_t> open = {node};
  bool reaches_end = false;
  while (!open.empty()) {
    const std::size_t at = open.back();
    open.pop_back();
    reaches_end = reaches_end || at == Plan::end;
    if (at >= plan.steps.size() || reached[at]) continue;
    reached[at] = true;
    if (at == stop) continue;
    const Plan::Step& step = plan.steps[at];
    open.push_back(step.next);
    for (const auto& [label, target] : step.targets) open.push_back(target);
    if (step.fork != Plan::none) {
      for (const std::size_t branch : plan.forks[step.fork].branches) open.push_back(branch);
    }
  }
  return reaches_end;
}

Result<void> check_ways(const Plan& plan, const Topology& topology) {
  if (plan.first == Plan::none) return invalid(topology, "no edge leaves START");
  std::vector<bool> reached(plan.steps.size());
  mark_reachable(plan, plan.first, Plan::none, reached);
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    const Plan::Step& step = plan.steps[i];
    const int ways =
        (step.next != Plan::none ? 1 : 0) + (step.route != Plan::none ? 1 : 0) + (step.fork != Plan::none ? 1 : 0);
    if (ways == 0) return invalid(topology, "no edge leaves '" + step.name + "'");
    if (ways > 1) return invalid(topology, "edges of different kinds leave '" + step.name + "'");
    if (step.route != Plan::none && step.targets.empty())
      return invalid(topology, "the conditional edges of '" + step.name + "' lead nowhere");
    if (!reached[i]) return invalid(topology, "'" + step.name + "' cannot be reached from START");
  }
  return {};
}

Result<void> check_forks(const Plan& plan, const Topology& topology) {
  for (const Plan::Fork& fork : plan.forks) {
    for (const std::size_t branch : fork.branches) {
      std::vector<bool> reached(plan.steps.size());
      const bool reaches_end = mark_reachable(plan, branch, fork.join, reached);
      if (reaches_end || !reached[fork.join]) {
        return invalid(topology, "the branch '" + plan.steps[branch].name + "' " +
                                     (reaches_end ? "can end without joining" : "never joins") + " at '" +
                                     plan.steps[fork.join].name + "'");
      }
    }
  }
  return {};
}

Result<void> fill(Plan& plan, const Topology& topology) {
  for (const std::string& name : topology.nodes) plan.steps.push_back({.name = name});
  for (std::size_t route = 0; route < topology.routed.size(); ++route) {
    if (auto added = add_route(plan, topology, route); !added) return added;
  }
  for (const Topology::Fork& fork : topology.forks) {
    if (auto added = add_fork(plan, topology, fork); !added) return added;
  }
  for (const Topology::Edge& edge : topology.edges) {
    if (auto added = add_edge(plan, topology, edge); !added) return added;
  }
  return {};
}

}  // namespace

Result<std::size_t> Plan::follow(std::size_t node, const std::string& label) const {
  for (const auto& [name, target] : steps[node].targets) {
    if (name == label) return target;
  }
  return Error{Errc::FailedPrecondition, "no edge '" + label + "' leaves '" + steps[node].name + "'"};
}

Result<std::size_t> Plan::find(std::string_view name) const {
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (steps[i].name == name) return i;
  }
  return Error{Errc::InvalidArgument, "the graph has no node '" + std::string(name) + "'"};
}

bool Plan::is_on_branch(const Fork& fork, std::size_t branch, std::size_t node) const {
  std::vector<bool> reached(steps.size());
  mark_reachable(*this, fork.branches[branch], fork.join, reached);
  return node != fork.join && reached[node];
}

Result<Plan> plan_of(const Topology& topology, std::uint32_t recursion_limit) {
  if (recursion_limit == 0) return invalid(topology, "its recursion limit is 0");
  if (auto checked = check_nodes(topology); !checked) return checked.error();
  Plan plan;
  if (auto filled = fill(plan, topology); !filled) return filled.error();
  if (auto checked = check_ways(plan, topology); !checked) return checked.error();
  if (auto checked = check_forks(plan, topology); !checked) return checked.error();
  return plan;
}

Error recursion_error(std::uint32_t limit) {
  return Error{Errc::LimitExceeded, "the workflow did not end within " + std::to_string(limit) + " nodes"};
}

}  // namespace segue::detail
