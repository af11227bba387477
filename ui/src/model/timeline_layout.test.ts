import { describe, expect, it } from "vitest";
import type { Handoff } from "../api/types";
import { resolveHandoffs } from "./handoffs";
import { buildLanes } from "./lanes";
import { makeHandoff, makeTimed } from "./test_spans";
import { findStretches, placeAxis } from "./time_axis";
import type { TimedSpan } from "./timed_span";
import { layoutTimeline } from "./timeline_layout";

const sizes = { width: 1000, idleWidth: 80, minimumBusyWidth: 100, padding: 10 };
const lead = makeTimed(0, 400, { span_id: "lead", bot: "lead_bot" });
const handed = makeTimed(400, 500, { span_id: "handoff", bot: "lead_bot" });
const buyer = makeTimed(600, 1000, { span_id: "buyer", bot: "buyer_bot" });

function layout(handoffs: Handoff[], spans: TimedSpan[] = [lead, handed, buyer]) {
  const lanes = buildLanes(["lead_bot", "buyer_bot"], handoffs, spans);
  const axis = placeAxis(findStretches(spans), sizes);
  return { axis, ...layoutTimeline(lanes, resolveHandoffs(handoffs, spans), axis, 0n) };
}

describe("layoutTimeline", () => {
  it("puts lanes below one another without overlap", () => {
    const { lanes, height } = layout([makeHandoff({ end_ns: "500" })]);
    lanes.slice(1).forEach((box, index) => expect(box.top).toBeGreaterThanOrEqual(lanes[index]!.top + lanes[index]!.height));
    expect(height).toBeGreaterThanOrEqual(lanes.at(-1)!.top + lanes.at(-1)!.height);
  });

  it("draws a handoff from its end to where the target picked it up", () => {
    const { arrows, axis, lanes } = layout([makeHandoff({ end_ns: "500" })]);
    const [arrow] = arrows;
    expect(arrow?.from.x).toBe(axis.position(500));
    expect(arrow?.to.x).toBe(axis.position(600));
    expect(arrow?.stopped).toBe(false);
    const [, source, target] = lanes;
    expect(arrow?.from.y).toBeLessThan(source!.top + source!.height);
    expect(arrow?.channelY).toBeGreaterThan(source!.top + source!.height);
    expect(arrow?.channelY).toBeLessThan(target!.top);
    expect(arrow?.to.y).toBeGreaterThanOrEqual(target!.top);
  });

  it("stops a blocked handoff at the target's lane", () => {
    const { arrows, lanes } = layout([makeHandoff({ end_ns: "500", outcome: "blocked" })]);
    expect(arrows[0]?.stopped).toBe(true);
    expect(arrows[0]?.to).toEqual({ x: arrows[0]?.from.x, y: lanes[2]?.top });
  });

  it("draws the way back upwards, arriving at the lower edge", () => {
    const back = makeHandoff({ source_bot: "buyer_bot", target_bot: "lead_bot", end_ns: "1000", outcome: "blocked" });
    const { arrows, lanes } = layout([back]);
    expect(arrows[0]?.to.y).toBe(lanes[1]!.top + lanes[1]!.height);
    expect(arrows[0]?.channelY).toBeLessThan(lanes[2]!.top);
  });

  it("never lets labels of one channel overlap, and keeps them on the axis", () => {
    const handoffs = Array.from({ length: 12 }, (_, index) => makeHandoff({ span_id: `h${index}`, end_ns: `${index * 90}` }));
    const { arrows, axis } = layout(handoffs);
    const labels = arrows.map(({ label }) => label);
    for (const one of labels) {
      expect(one.left).toBeGreaterThanOrEqual(0);
      expect(one.left + one.width).toBeLessThanOrEqual(axis.width);
      for (const other of labels) {
        const apart = one === other || one.top !== other.top || one.left + one.width <= other.left || other.left + other.width <= one.left;
        expect(apart).toBe(true);
      }
    }
  });

  it("says less where there is little room", () => {
    const { arrows } = layout([makeHandoff({ end_ns: "500" }), makeHandoff({ end_ns: "950", outcome: "failed" })]);
    expect(arrows[0]?.label.text).toBe("0.90 · executed · buyer_intent_detected");
    expect(arrows[1]?.label.text).toBe("0.90 · failed");
  });
});
