// TraceTree: the spans of one trace as a forest, whatever state they arrived in.
//
//   const TraceTree tree = assemble(list.spans);
//   for (const std::size_t root : tree.roots) draw(list.spans[root], tree.nodes[root].children);
//
// Real traces are damaged: parents were sampled away or are still on their way, ids repeat, clocks
// and programs lie. Every span given is in the forest exactly once: a span whose parent is missing
// becomes a root marked as orphan, and a loop is cut above its earliest span. Where two spans share
// an id, a child belongs to the one that was running when it began.
// Thread safety: pure functions. Errors: none; n spans take O(n log n), and no recursion is used.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "segue/model/span_view.h"

namespace segue::server {

struct TraceNode {
  std::vector<std::size_t> children;  ///< By start time; equal times stay in the order given.
  bool is_orphan = false;             ///< It names a parent that is not here.
};

struct TraceTree {
  std::vector<TraceNode> nodes;    ///< Node i stands for span i of the spans given.
  std::vector<std::size_t> roots;  ///< By start time; equal times stay in the order given.
};

/// All `spans` are of one trace; the tree holds positions in it, no views.
TraceTree assemble(std::span<const SpanView> spans);

/// Where a walk of the tree stands: a span, its depth (roots have 0), and whether it is the last of its siblings.
struct TreePosition {
  std::size_t span = 0;
  std::size_t depth = 0;
  bool is_last = false;
};

/// Calls `visit` for every span, parents before children, siblings in their order.
void walk(const TraceTree& tree, const std::function<void(const TreePosition&)>& visit);

}  // namespace segue::server
