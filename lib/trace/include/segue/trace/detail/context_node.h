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

extern constinit thread_local ContextNode* current_node [[gnu::tls_model("initial-exec")]];  // as random_state

inline void push_node(ContextNode& node) noexcept {
  node.previous = current_node;
  current_node = &node;
}

/// The case of scopes that end out of order.
void pop_inner_node(ContextNode& node) noexcept;

/// Removes `node` wherever it stands in this thread's stack.
inline void pop_node(ContextNode& node) noexcept {
  if (current_node == &node) [[likely]] {
    current_node = node.previous;
  } else {
    pop_inner_node(node);
  }
}

}  // namespace segue::detail
