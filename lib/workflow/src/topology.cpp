#include "segue/workflow/detail/topology.h"

#include <algorithm>

#include "segue/model/attributes.h"
#include "segue/workflow/node.h"

namespace segue::detail {
namespace {

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
    if (plan.first != Plan::none || !edge.label.empty()) return invalid(topology, "START needs exactly one plain edge");
    plan.first = target;
    return {};
  }
  const std::size_t source = index_of(topology.nodes, edge.from);
  if (source == Plan::none) return invalid(topology, "an edge leaves '" + edge.from + "', which is no node");
  Plan::Step& step = plan.steps[source];
  if (step.route != Plan::none) {
    step.targets.emplace_back(edge.label, target);
    return {};
  }
  if (step.next != Plan::none) return invalid(topology, "two edges leave '" + edge.from + "'; use conditional edges");
  step.next = target;
  return {};
}

void mark_reachable(const Plan& plan, std::size_t node, std::vector<bool>& reached) {
  std::vector<std::size_t> open = {node};
  while (!open.empty()) {
    const std::size_t at = open.back();
    open.pop_back();
    if (at >= plan.steps.size() || reached[at]) continue;
    reached[at] = true;
    open.push_back(plan.steps[at].next);
    for (const auto& [label, target] : plan.steps[at].targets) open.push_back(target);
  }
}

Result<void> check_ways(const Plan& plan, const Topology& topology) {
  if (plan.first == Plan::none) return invalid(topology, "no edge leaves START");
  std::vector<bool> reached(plan.steps.size());
  mark_reachable(plan, plan.first, reached);
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    const Plan::Step& step = plan.steps[i];
    if (step.next == Plan::none && step.targets.empty()) return invalid(topology, "no edge leaves '" + step.name + "'");
    if (!reached[i]) return invalid(topology, "'" + step.name + "' cannot be reached from START");
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

Result<Plan> plan_of(const Topology& topology, std::uint32_t recursion_limit) {
  if (recursion_limit == 0) return invalid(topology, "its recursion limit is 0");
  if (auto checked = check_nodes(topology); !checked) return checked.error();
  Plan plan;
  plan.steps.resize(topology.nodes.size());
  for (std::size_t i = 0; i < plan.steps.size(); ++i) plan.steps[i].name = topology.nodes[i];
  for (std::size_t route = 0; route < topology.routed.size(); ++route) {
    const std::size_t source = index_of(topology.nodes, topology.routed[route]);
    if (source == Plan::none)
      return invalid(topology, "conditional edges leave '" + topology.routed[route] + "', which is no node");
    if (plan.steps[source].route != Plan::none)
      return invalid(topology, "'" + topology.routed[route] + "' has two routes");
    plan.steps[source].route = route;
  }
  for (const Topology::Edge& edge : topology.edges) {
    if (auto added = add_edge(plan, topology, edge); !added) return added.error();
  }
  if (auto checked = check_ways(plan, topology); !checked) return checked.error();
  return plan;
}

std::string to_mermaid(const Topology& topology) {
  std::string text = "flowchart TD\n";
  for (const Topology::Edge& edge : topology.edges) {
    const auto shown = [](const std::string& name) {
      return name == start_name ? std::string("START([start])") : name == end_name ? std::string("END_([end])") : name;
    };
    text += "  " + shown(edge.from) + (edge.label.empty() ? " --> " : " -- " + edge.label + " --> ") + shown(edge.to) +
            "\n";
  }
  return text;
}

Error recursion_error(std::uint32_t limit) {
  return Error{Errc::LimitExceeded, "the workflow did not end within " + std::to_string(limit) + " nodes"};
}

Announcement::Announcement(const Topology& topology, std::string name)
    : name_(std::move(name)), nodes_(topology.nodes) {
  for (const Topology::Edge& edge : topology.edges) edges_.push_back(edge.from + " -> " + edge.to);
}

template <class Sink>
void Announcement::write(Sink&& sink) const {
  const std::vector<std::string_view> nodes(nodes_.begin(), nodes_.end());
  const std::vector<std::string_view> edges(edges_.begin(), edges_.end());
  sink(Attribute{attributes::workflow_name, name_});
  sink(Attribute{attributes::workflow_nodes, nodes});
  sink(Attribute{attributes::workflow_edges, edges});
}

void Announcement::announce(WorkflowSpan& root) const noexcept {
  if (root.is_recording()) write([&root](const Attribute& attribute) { root.set(attribute); });
}

void Announcement::announce_on_current_span() const noexcept {
  CurrentSpan current;
  if (current.is_recording()) write([&current](const Attribute& attribute) { current.set(attribute); });
}

RootScope::RootScope(bool has_own_span, std::string_view bot, std::string_view name, const StateFields& fields,
                     const Announcement& announcement) noexcept {
  if (!has_own_span) {
    announcement.announce_on_current_span();
    return;
  }
  span_.emplace(start_node_span(bot, name, fields));
  announcement.announce(*span_);
}

Error RootScope::failed(Error error) noexcept {
  if (span_) span_->fail(error.message);
  return error;
}

void RootScope::failed(const std::exception& exception) noexcept {
  if (span_) span_->fail(exception);
}

}  // namespace segue::detail
