// The spans of one trace as a forest. Iterative throughout: traces come from outside, and one of 20,000
// levels, or one whose parents form a ring, must not break the page.

import type { TimedSpan } from "./timed_span";

export interface TreeNode {
  timed: TimedSpan;
  depth: number;
  children: TreeNode[];
  /** Its parent is named but not among the spans: it has not arrived, or was lost. */
  parentMissing: boolean;
  /** How many nodes are below this one, and whether one of them failed. */
  descendants: number;
  failedBelow: boolean;
}

/** The roots of the forest by start; children by start. `spans` must be sorted by start and of one trace. */
export function buildTree(spans: TimedSpan[]): TreeNode[] {
  const nodes = spans.map(newNode);
  const byId = new Map(nodes.map((node) => [node.timed.span.span_id, node]));
  const roots: TreeNode[] = [];
  for (const node of nodes) {
    const parentId = node.timed.span.parent_span_id;
    const parent = parentId === "" ? undefined : byId.get(parentId);
    if (parent && parent !== node) parent.children.push(node);
    else roots.push(node);
    node.parentMissing = parentId !== "" && !parent;
  }
  const reached = settle(roots);
  for (const node of nodes) {
    if (!reached.has(node)) roots.push(...cutRing(node, byId, reached));
  }
  return roots;
}

function newNode(timed: TimedSpan): TreeNode {
  return { timed, depth: 0, children: [], parentMissing: false, descendants: 0, failedBelow: false };
}

/** Sets depths going down and sums going up; returns every node it came by. */
function settle(roots: TreeNode[]): Set<TreeNode> {
  const order = [...roots];
  for (let index = 0; index < order.length; index++) {
    const node = order[index]!;
    for (const child of node.children) {
      child.depth = node.depth + 1;
      order.push(child);
    }
  }
  for (const node of order.reverse()) {
    for (const child of node.children) {
      node.descendants += 1 + child.descendants;
      node.failedBelow ||= child.failedBelow || isFailed(child.timed);
    }
  }
  return new Set(order);
}

/** Makes a root of one member of a ring of parents, so that its spans are shown. */
function cutRing(node: TreeNode, byId: Map<string, TreeNode>, reached: Set<TreeNode>): TreeNode[] {
  const onWay = new Set<TreeNode>();
  let root = node;
  while (!onWay.has(root)) {
    onWay.add(root);
    root = byId.get(root.timed.span.parent_span_id)!;
  }
  const parent = byId.get(root.timed.span.parent_span_id)!;
  parent.children = parent.children.filter((child) => child !== root);
  for (const settled of settle([root])) reached.add(settled);
  return [root];
}

/** The rows to show, top to bottom: every node whose ancestors are all open. */
export function visibleRows(roots: TreeNode[], collapsed: ReadonlySet<string>): TreeNode[] {
  const rows: TreeNode[] = [];
  const stack = [...roots].reverse();
  for (let node = stack.pop(); node; node = stack.pop()) {
    rows.push(node);
    if (collapsed.has(node.timed.span.span_id)) continue;
    for (let index = node.children.length - 1; index >= 0; index--) stack.push(node.children[index]!);
  }
  return rows;
}

export function isFailed(timed: TimedSpan): boolean {
  return timed.span.status.code === "error";
}
