// trace_workflow_node: wraps a node of any workflow runtime so that each run of it is a span.
//
//   auto analyze = segue::trace_workflow_node("lead_bot", "analyze_intent", &LeadBot::analyze_intent);
//   LeadState next = analyze(bot, state);          // or: co_await analyze(bot, state)
//
// Works on functions, lambdas, member functions and coroutines; the wrapper takes and gives what the node does, and throws
// what it throws. The state, the node's first argument, gives contact id, step and temperature (see state_fields.h) before the node
// runs. A coroutine's span ends when the coroutine does. Thread safety: that of the node. Errors: none of its own.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include "segue/workflow/state_fields.h"
#include "segue/workflow/workflow_span.h"

namespace segue {
namespace detail {

#if defined(SEGUE_NO_TRACING)
inline WorkflowSpan start_node_span(std::string_view, std::string_view, const StateFields&) noexcept { return {}; }
#else
/// The node's span, with what `fields` say.
WorkflowSpan start_node_span(std::string_view bot, std::string_view node, const StateFields& fields) noexcept;
#endif

/// Opens the node's span; looks at the state only if somebody records it.
template <class... Arguments>
WorkflowSpan open_node(std::string_view bot, std::string_view node, const Arguments&... arguments) {
  if constexpr (sizeof...(Arguments) > 0) {
    if (is_tracing_enabled()) return start_node_span(bot, node, state_fields(std::get<0>(std::tie(arguments...))));
  }
  return start_node_span(bot, node, {});
}

/// For member functions the object comes first and the state second.
template <bool is_member, class First, class... Rest>
WorkflowSpan open_node_of(std::string_view bot, std::string_view node, const First& first, const Rest&... rest) {
  if constexpr (is_member) {
    return open_node(bot, node, rest...);
  } else {
    return open_node(bot, node, first, rest...);
  }
}

}  // namespace detail

template <class Node>
class TracedNode {
 public:
  TracedNode(std::string_view bot, std::string_view name, Node node) : bot_(bot), name_(name), node_(std::move(node)) {}

  const std::string& bot() const noexcept { return bot_; }
  const std::string& name() const noexcept { return name_; }

  template <class... Arguments>
    requires std::invocable<const Node&, Arguments...>
  std::invoke_result_t<const Node&, Arguments...> operator()(Arguments&&... arguments) const {
    using Return = std::invoke_result_t<const Node&, Arguments...>;
    if constexpr (detail::Coroutine<Return>) {
      return run_coroutine<Return, Arguments...>(*this, std::forward<Arguments>(arguments)...);
    } else {
      WorkflowSpan span = open(arguments...);
      try {
        return std::invoke(node_, std::forward<Arguments>(arguments)...);
      } catch (const std::exception& exception) {
        span.fail(exception);
        throw;
      }
    }
  }

 private:
  // The coroutine owns the wrapper and every argument given as a temporary: both may be gone before it ends.
  template <class Return, class... Arguments>
  static Return run_coroutine(TracedNode self, Arguments... arguments) {
    WorkflowSpan span = self.open(arguments...);
    try {
      co_return co_await std::invoke(self.node_, std::forward<Arguments>(arguments)...);
    } catch (const std::exception& exception) {
      span.fail(exception);
      throw;
    }
  }

  template <class... Arguments>
  WorkflowSpan open(const Arguments&... arguments) const {
    if constexpr (sizeof...(Arguments) == 0) {
      return detail::open_node(bot_, name_);
    } else {
      return detail::open_node_of<std::is_member_function_pointer_v<Node>>(bot_, name_, arguments...);
    }
  }

  std::string bot_;
  std::string name_;
  Node node_;
};

/// Wraps `node`; the wrapper may be copied, stored and called from any thread the node may be called from.
template <class Node>
TracedNode<std::decay_t<Node>> trace_workflow_node(std::string_view bot, std::string_view name, Node&& node) {
  return {bot, name, std::forward<Node>(node)};
}

}  // namespace segue
