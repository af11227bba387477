import { describe, expect, it } from "vitest";
import { buildTree, visibleRows } from "./span_tree";
import { makeTimed } from "./test_spans";
import { moveInTree } from "./tree_keys";

const tree = buildTree([
  makeTimed(0, 9, { span_id: "root" }),
  makeTimed(1, 8, { span_id: "child", parent_span_id: "root" }),
  makeTimed(2, 3, { span_id: "leaf", parent_span_id: "child" }),
]);
const open: ReadonlySet<string> = new Set();
const rows = visibleRows(tree, open);

describe("moveInTree", () => {
  it.each([
    ["ArrowDown", 0, { kind: "move", to: 1 }],
    ["ArrowDown", 2, { kind: "move", to: 2 }],
    ["ArrowUp", 0, { kind: "move", to: 0 }],
    ["Home", 2, { kind: "move", to: 0 }],
    ["End", 0, { kind: "move", to: 2 }],
    ["ArrowRight", 0, { kind: "move", to: 1 }],
    ["ArrowLeft", 0, { kind: "toggle" }],
    ["ArrowLeft", 2, { kind: "move", to: 1 }],
    ["Enter", 1, { kind: "choose" }],
    ["ArrowRight", 2, undefined],
    ["x", 1, undefined],
  ])("%s on row %d", (key, active, action) => {
    expect(moveInTree(rows, open, active, key)).toEqual(action);
  });

  it("opens a closed row with the right arrow", () => {
    const closed = new Set(["child"]);
    expect(moveInTree(visibleRows(tree, closed), closed, 1, "ArrowRight")).toEqual({ kind: "toggle" });
  });
});
