// ContextNode: one entry of a thread's stack of current contexts. For Segue's own modules.
//
// Nodes live in spans, scopes and coroutine cells and are linked through `previous`; nothing is allocated.
#pragma once

#include "segue/model/span_context.h"
#include "segue/propagation/baggage.h"

namespace segue::detail {

struct SpanSlot;

struct ContextNode {
  SpanContext context;
  Baggage baggage;
  ContextNode* previous = nullptr;
  SpanSlot* span = nullptr;  ///< The recording span it stands for, or null for a foreign or unsampled one.
};

extern constinit thread_local ContextNode* current_node;

inline void push_node(ContextNode& node) noexcept {
  node.previous = current_node;
  current_node = &node;
}

/// Removes `node` wherever it stands in this thread's stack; it is the top unless scopes ended out of order.
void pop_node(ContextNode& node) noexcept;

}  // namespace segue::detail
