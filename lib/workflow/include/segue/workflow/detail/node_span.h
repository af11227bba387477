// How a node's span begins: shared by wrapped nodes and graphs. For node.h and graph.h only.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "segue/workflow/state_fields.h"
#include "segue/workflow/workflow_span.h"

namespace segue::detail {

/// What a graph knows about one run of one node; zero and empty where there is no graph.
struct NodeRun {
  std::uint32_t step = 0;     ///< Superstep, from 1.
  std::uint32_t attempt = 0;  ///< From 1, where there may be several.
  std::uint64_t execution_id = 0;
  std::span<const std::uint64_t> previous_ids = {};
};

#if defined(SEGUE_NO_TRACING)
inline WorkflowSpan start_node_span(std::string_view, std::string_view, const StateFields&,
                                    const NodeRun& = {}) noexcept {
  return {};
}
#else
/// The node's span, with what `fields` and `run` say.
WorkflowSpan start_node_span(std::string_view bot, std::string_view node, const StateFields& fields,
                             const NodeRun& run = {}) noexcept;
#endif

/// The fields of `state`, looked at only if somebody records them.
template <class State>
StateFields fields_to_record(const State& state) {
  return is_tracing_enabled() ? state_fields(state) : StateFields{};
}

}  // namespace segue::detail
