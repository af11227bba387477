// The rungs of the ladder that decide what part a span plays.
//
// Each function answers one question about a span from its `Words`; recognition.cpp asks them in order. Views point
// into the span. Thread safety: pure functions. Errors: none.
#pragma once

#include <optional>
#include <string_view>

#include "segue/model/span_view.h"
#include "segue/server/recognise/recognition.h"
#include "vocabulary.h"

namespace segue::server::detail {

/// The handoff this span is, from whichever vocabulary declares one. A tool that merely has a name like
/// "transfer_to_sales" is no handoff: only what is declared counts.
std::optional<HandoffView> find_handoff(const SpanView& span, const Words& words) noexcept;

/// The node this span itself is; empty for children that only inherited a node's metadata.
std::string_view find_node(const SpanView& span, const Words& words) noexcept;

bool is_workflow(const SpanView& span, const Words& words) noexcept;
bool is_agent(const Words& words) noexcept;

/// Llm, Tool, Retrieval, Http, Database, Messaging, Rpc or Internal.
Role find_leaf_role(const Words& words) noexcept;

}  // namespace segue::server::detail
