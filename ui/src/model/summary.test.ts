import { describe, expect, it } from "vitest";
import journey from "../../../tests/fixtures/api/journey.json";
import type { Journey } from "../api/types";
import { failedHandoffs, groupByTrace, slowestNode } from "./summary";
import { buildTimeline } from "./timed_span";
import { makeSpan } from "./test_spans";

const fixture = journey as unknown as Journey;
const { spans } = buildTimeline(fixture.span_list);

describe("the fixture's journey", () => {
  it("was slowest in the node that waited for the model, not in the node around it", () => {
    expect(slowestNode(spans)?.timed.span.name).toBe("buyer_bot.generate_buyer_response");
    expect(slowestNode(spans)?.duration).toBe(1408e6);
  });

  it("has one failed handoff", () => {
    expect(failedHandoffs(fixture)).toBe(1);
  });

  it("has three traces in order, with the waiting between them", () => {
    const groups = groupByTrace(spans);
    expect(groups.map(({ traceId }) => traceId)).toEqual(fixture.trace_list.map(({ trace_id }) => trace_id));
    expect(groups.map((group) => group.spans.length)).toEqual(fixture.trace_list.map((trace) => trace.spans));
    expect(groups[0]?.idleBefore).toBe(0);
    expect(groups[2]?.idleBefore).toBeGreaterThan(2 * 86_400e9);
  });
});

describe("buildTimeline", () => {
  it("orders spans by start, a parent before the child that starts with it", () => {
    const timeline = buildTimeline([
      makeSpan({ span_id: "child", start_ns: "1747041242118000000", end_ns: "1747041242118000005" }),
      makeSpan({ span_id: "parent", start_ns: "1747041242118000000", end_ns: "1747041242118000009" }),
    ]);
    expect(timeline.spans.map(({ span }) => span.span_id)).toEqual(["parent", "child"]);
    expect(timeline.spans[0]).toMatchObject({ start: 0, end: 9 });
  });

  it("draws a span that ends before it starts as an instant", () => {
    expect(buildTimeline([makeSpan({ start_ns: "10", end_ns: "5" })]).spans[0]).toMatchObject({ start: 0, end: 0 });
  });

  it("of nothing is empty", () => {
    expect(buildTimeline([])).toEqual({ base: 0n, spans: [] });
    expect(slowestNode([])).toBeUndefined();
  });
});
