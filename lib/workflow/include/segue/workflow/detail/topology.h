// The parts of graph.h that do not depend on the state's type: names, checks, routes, announcement. For graph.h only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "segue/base/result.h"
#include "segue/workflow/state_fields.h"
#include "segue/workflow/workflow_span.h"

namespace segue::detail {

inline constexpr std::string_view start_name = "__start__";
inline constexpr std::string_view end_name = "__end__";

struct Topology {
  struct Edge {
    std::string from;
    std::string to;
    std::string label;  ///< Of a conditional edge.
  };
  std::string bot;
  std::vector<std::string> nodes = {};
  std::vector<Edge> edges = {};
  std::vector<std::string> routed = {};  ///< The node that each route function belongs to.
};

/// A checked graph by index: where each node leads.
struct Plan {
  static constexpr std::size_t none = SIZE_MAX;
  static constexpr std::size_t end = SIZE_MAX - 1;

  struct Step {
    std::size_t next = none;   ///< Of an unconditional edge.
    std::size_t route = none;  ///< Index of the route function, where edges are conditional.
    std::vector<std::pair<std::string, std::size_t>> targets = {};
    std::string name = {};
  };
  std::size_t first = none;
  std::vector<Step> steps = {};

  /// The node that `label` leads to from `node`; FailedPrecondition if no edge has that label.
  Result<std::size_t> follow(std::size_t node, const std::string& label) const;
};

/// InvalidArgument says what is wrong with the graph.
Result<Plan> plan_of(const Topology& topology, std::uint32_t recursion_limit);

std::string to_mermaid(const Topology& topology);
Error recursion_error(std::uint32_t limit);

#if defined(SEGUE_NO_TRACING)
class Announcement {
 public:
  Announcement(const Topology&, const std::string&) {}
};

class RootScope {
 public:
  RootScope(bool, std::string_view, std::string_view, const StateFields&, const Announcement&) noexcept {}
  Error failed(Error error) noexcept { return error; }
  void failed(const std::exception&) noexcept {}
};
#else
/// What a run announces on its root span: the workflow's name, its nodes, its edges as "a -> b".
class Announcement {
 public:
  Announcement(const Topology& topology, std::string name);
  void announce(WorkflowSpan& root) const noexcept;
  void announce_on_current_span() const noexcept;

 private:
  template <class Sink>
  void write(Sink&& sink) const;

  std::string name_;
  std::vector<std::string> nodes_;
  std::vector<std::string> edges_;
};

/// The root span of one run, or the stand-in for it where nodes hang under the enclosing span.
class RootScope {
 public:
  RootScope(bool has_own_span, std::string_view bot, std::string_view name, const StateFields& fields,
            const Announcement& announcement) noexcept;

  Error failed(Error error) noexcept;
  void failed(const std::exception& exception) noexcept;

 private:
  std::optional<WorkflowSpan> span_;
};
#endif

/// What `run` gives: Result<State>, or the node's coroutine type of that.
template <class State, class Outcome>
struct RunResultOf;
template <class State>
struct RunResultOf<State, State> {
  using type = Result<State>;
};
template <class State, template <class, class...> class Awaitable, class... Rest>
struct RunResultOf<State, Awaitable<State, Rest...>> {
  using type = Awaitable<Result<State>, Rest...>;
};
template <class State, class Outcome>
using RunResult = typename RunResultOf<State, Outcome>::type;

}  // namespace segue::detail
