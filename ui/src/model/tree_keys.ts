// What the keys do in a span tree, as in any tree on the desktop.

import type { TreeNode } from "./span_tree";

export type TreeAction = { kind: "move"; to: number } | { kind: "toggle" } | { kind: "choose" };

/** Undefined for keys that mean nothing here. */
export function moveInTree(
  rows: TreeNode[],
  collapsed: ReadonlySet<string>,
  active: number,
  key: string,
): TreeAction | undefined {
  const node = rows[active];
  if (!node) return undefined;
  const open = node.children.length > 0 && !collapsed.has(node.timed.span.span_id);
  switch (key) {
    case "ArrowDown":
      return { kind: "move", to: Math.min(active + 1, rows.length - 1) };
    case "ArrowUp":
      return { kind: "move", to: Math.max(active - 1, 0) };
    case "Home":
      return { kind: "move", to: 0 };
    case "End":
      return { kind: "move", to: rows.length - 1 };
    case "ArrowRight":
      if (node.children.length === 0) return undefined;
      return open ? { kind: "move", to: active + 1 } : { kind: "toggle" };
    case "ArrowLeft":
      return open ? { kind: "toggle" } : { kind: "move", to: parentIndex(rows, active) };
    case "Enter":
    case " ":
      return { kind: "choose" };
    default:
      return undefined;
  }
}

function parentIndex(rows: TreeNode[], active: number): number {
  const depth = rows[active]!.depth;
  for (let index = active - 1; index >= 0; index--) {
    if (rows[index]!.depth < depth) return index;
  }
  return active;
}
