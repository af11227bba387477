#include "segue/server/query/trace_tree.h"

#include <algorithm>
#include <cstdint>
#include <numeric>

namespace segue::server {
namespace {

constexpr std::size_t no_parent = static_cast<std::size_t>(-1);

/// Finds the spans of an id: positions ordered by id, then start time.
class SpanIndex {
 public:
  explicit SpanIndex(std::span<const SpanView> spans) : spans_(spans), order_(spans.size()) {
    std::iota(order_.begin(), order_.end(), std::size_t{0});
    std::stable_sort(order_.begin(), order_.end(), [&](std::size_t left, std::size_t right) {
      const SpanView& a = spans_[left];
      const SpanView& b = spans_[right];
      return a.span_id != b.span_id ? a.span_id < b.span_id : a.start_unix_nanos < b.start_unix_nanos;
    });
  }

  /// The parent of `child`: of several spans with that id the last one already running when the child
  /// began, as a server's span repeats its client's id in Zipkin's model; `no_parent` when there is none.
  std::size_t parent_of(const SpanView& child) const {
    if (!child.parent_span_id.is_valid() || child.parent_span_id == child.span_id) return no_parent;
    const auto by_id = [&](std::size_t position, const SpanId& id) { return spans_[position].span_id < id; };
    auto candidate = std::lower_bound(order_.begin(), order_.end(), child.parent_span_id, by_id);
    std::size_t best = no_parent;
    for (; candidate != order_.end() && spans_[*candidate].span_id == child.parent_span_id; ++candidate) {
      const bool ran = spans_[*candidate].start_unix_nanos <= child.start_unix_nanos;
      if (best != no_parent && !ran) break;
      best = *candidate;
    }
    return best;
  }

 private:
  std::span<const SpanView> spans_;
  std::vector<std::size_t> order_;
};

/// Cuts every loop among `parents` above its earliest span.
void cut_loops(std::span<const SpanView> spans, std::vector<std::size_t>& parents) {
  constexpr std::size_t unseen = no_parent;
  std::vector<std::size_t> seen_from(parents.size(), unseen);
  for (std::size_t start = 0; start < parents.size(); ++start) {
    std::size_t at = start;
    while (at != no_parent && seen_from[at] == unseen) {
      seen_from[at] = start;
      at = parents[at];
    }
    if (at == no_parent || seen_from[at] != start) continue;  // ended at a root or in what is known to be sound
    std::size_t earliest = at;
    for (std::size_t other = parents[at]; other != at; other = parents[other]) {
      if (spans[other].start_unix_nanos < spans[earliest].start_unix_nanos) earliest = other;
    }
    parents[earliest] = no_parent;
  }
}

}  // namespace

TraceTree assemble(std::span<const SpanView> spans) {
  const SpanIndex index(spans);
  std::vector<std::size_t> parents(spans.size());
  std::transform(spans.begin(), spans.end(), parents.begin(),
                 [&](const SpanView& span) { return index.parent_of(span); });
  cut_loops(spans, parents);

  std::vector<std::size_t> by_start(spans.size());
  std::iota(by_start.begin(), by_start.end(), std::size_t{0});
  std::stable_sort(by_start.begin(), by_start.end(), [&](std::size_t left, std::size_t right) {
    return spans[left].start_unix_nanos < spans[right].start_unix_nanos;
  });

  TraceTree tree{std::vector<TraceNode>(spans.size()), {}};
  for (const std::size_t span : by_start) {
    if (parents[span] == no_parent) {
      tree.nodes[span].is_orphan = spans[span].parent_span_id.is_valid();
      tree.roots.push_back(span);
    } else {
      tree.nodes[parents[span]].children.push_back(span);
    }
  }
  return tree;
}

void walk(const TraceTree& tree, const std::function<void(const TreePosition&)>& visit) {
  std::vector<TreePosition> pending;
  const auto push = [&](const std::vector<std::size_t>& siblings, std::size_t depth) {
    for (std::size_t i = siblings.size(); i-- > 0;) pending.push_back({siblings[i], depth, i + 1 == siblings.size()});
  };
  push(tree.roots, 0);
  while (!pending.empty()) {
    const TreePosition position = pending.back();
    pending.pop_back();
    visit(position);
    push(tree.nodes[position.span].children, position.depth + 1);
  }
}

}  // namespace segue::server
