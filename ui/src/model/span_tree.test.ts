import { describe, expect, it } from "vitest";
import { buildTree, type TreeNode, visibleRows } from "./span_tree";
import { makeTimed } from "./test_spans";
import type { TimedSpan } from "./timed_span";

const none: ReadonlySet<string> = new Set();

function span(id: string, parent: string, start: number): TimedSpan {
  return makeTimed(start, start + 10, { span_id: id, parent_span_id: parent });
}

function outline(rows: TreeNode[]): string[] {
  return rows.map(({ timed, depth }) => "  ".repeat(depth) + timed.span.span_id);
}

describe("buildTree", () => {
  it("nests spans under their parents, siblings by start", () => {
    const tree = buildTree([span("root", "", 0), span("first", "root", 1), span("inner", "first", 2), span("second", "root", 3)]);
    expect(outline(visibleRows(tree, none))).toEqual(["root", "  first", "    inner", "  second"]);
  });

  it("finds a parent that starts after its child, as with a clock that is off", () => {
    const tree = buildTree([span("child", "root", 0), span("root", "", 5)]);
    expect(outline(visibleRows(tree, none))).toEqual(["root", "  child"]);
  });

  it("shows a span whose parent has not arrived as a root, and says so", () => {
    const [root] = buildTree([span("orphan", "elsewhere", 0)]);
    expect(root?.parentMissing).toBe(true);
    expect(root?.depth).toBe(0);
  });

  it("counts what is below and whether something failed there", () => {
    const failed = makeTimed(2, 3, { span_id: "inner", parent_span_id: "outer", status: { code: "error", message: "no" } });
    const [root] = buildTree([span("root", "", 0), span("outer", "root", 1), failed]);
    expect(root?.descendants).toBe(2);
    expect(root?.failedBelow).toBe(true);
    expect(root?.children[0]?.children[0]?.failedBelow).toBe(false);
  });

  it("shows every span once when parents form rings, alone or with branches", () => {
    const spans = [
      span("self", "self", 0), span("a", "c", 1), span("b", "a", 2), span("c", "b", 3), span("branch", "b", 4), span("leaf", "branch", 5),
    ];
    const shown = visibleRows(buildTree(spans), none).map(({ timed }) => timed.span.span_id);
    expect(shown.sort()).toEqual(["a", "b", "branch", "c", "leaf", "self"]);
  });

  it("takes a chain of 20,000 spans", () => {
    const chain = Array.from({ length: 20_000 }, (_, index) => span(`${index}`, index === 0 ? "" : `${index - 1}`, index));
    const rows = visibleRows(buildTree(chain), none);
    expect(rows).toHaveLength(20_000);
    expect(rows.at(-1)?.depth).toBe(19_999);
    expect(rows[0]?.descendants).toBe(19_999);
  });
});

describe("visibleRows", () => {
  it("leaves out what is inside a collapsed node", () => {
    const tree = buildTree([span("root", "", 0), span("closed", "root", 1), span("inner", "closed", 2), span("open", "root", 3)]);
    expect(outline(visibleRows(tree, new Set(["closed"])))).toEqual(["root", "  closed", "  open"]);
  });
});
