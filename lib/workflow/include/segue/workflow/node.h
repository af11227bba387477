// trace_workflow_node: wraps a node of any workflow runtime so that each run of it is a span.
//
//   auto analyze = segue::trace_workflow_node("lead_bot", "analyze_intent", &LeadBot::analyze_intent);
//   LeadState next = analyze(bot, state);          // or: co_await analyze(bot, state)
//
// Works on functions, lambdas, member functions and coroutines; the wrapper takes and gives what the node does, and throws
// what it throws. The state, the node's first argument, gives contact id, step and temperature (see state_fields.h) before the node
// runs. A coroutine's span ends when the coroutine does. Thread safety: that of the node. Errors: none of its own.
#pragma once

#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "segue/workflow/detail/node_span.h"
#include "segue/workflow/detail/traced_callable.h"

namespace segue {
namespace detail {

/// Opens the span of a node whose first argument is the state, or, for a member function, the object.
template <bool is_member>
struct NodeOpener {
  std::string bot;
  std::string name;

  WorkflowSpan open() const { return start_node_span(bot, name, {}); }

  template <class First, class... Rest>
  WorkflowSpan open(const First& first, const Rest&... rest) const {
    if constexpr (is_member) {
      return NodeOpener<false>::open_as(bot, name, rest...);
    } else {
      return open_as(bot, name, first, rest...);
    }
  }

  template <class State, class... Rest>
  static WorkflowSpan open_as(std::string_view bot, std::string_view name, const State& state, const Rest&...) {
    return start_node_span(bot, name, fields_to_record(state));
  }
  static WorkflowSpan open_as(std::string_view bot, std::string_view name) { return start_node_span(bot, name, {}); }
};

}  // namespace detail

template <class Node>
using TracedNode = detail::TracedCallable<detail::NodeOpener<std::is_member_function_pointer_v<Node>>, Node>;

/// Wraps `node`; the wrapper may be copied, stored and called from any thread the node may be called from.
template <class Node>
TracedNode<std::decay_t<Node>> trace_workflow_node(std::string_view bot, std::string_view name, Node&& node) {
  return {{std::string(bot), std::string(name)}, std::forward<Node>(node)};
}

}  // namespace segue
