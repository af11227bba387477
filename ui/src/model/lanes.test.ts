import { describe, expect, it } from "vitest";
import { buildLanes, servicesLane } from "./lanes";
import { makeHandoff, makeTimed } from "./test_spans";

describe("buildLanes", () => {
  it("has services first, then bots in order, then bots only ever named as a target", () => {
    const lanes = buildLanes(["lead_bot", "buyer_bot"], [makeHandoff({ target_bot: "seller_bot", outcome: "blocked" })], []);
    expect(lanes.map(({ bot }) => bot)).toEqual([servicesLane, "lead_bot", "buyer_bot", "seller_bot"]);
  });

  it("puts spans without a bot with the services, and a handoff with its source", () => {
    const spans = [
      makeTimed(0, 9, { span_id: "webhook" }),
      makeTimed(1, 2, { span_id: "node", bot: "lead_bot" }),
      makeTimed(3, 4, { span_id: "handoff" }),
    ];
    const lanes = buildLanes(["lead_bot"], [makeHandoff()], spans);
    const idsIn = (index: number) => lanes[index]?.spans.map(({ timed }) => timed.span.span_id);
    expect(idsIn(0)).toEqual(["webhook"]);
    expect(idsIn(1)).toEqual(["node", "handoff"]);
  });

  it("gives overlapping spans rows of their own and lets others share", () => {
    const spans = [makeTimed(0, 10), makeTimed(1, 4), makeTimed(4, 8), makeTimed(5, 6), makeTimed(10, 12)];
    const [services] = buildLanes([], [], spans);
    expect(services?.spans.map(({ row }) => row)).toEqual([0, 1, 1, 2, 0]);
    expect(services?.rows).toBe(3);
  });

  it("does not grow a lane without end", () => {
    const [services] = buildLanes([], [], Array.from({ length: 500 }, (_, index) => makeTimed(index, 1000)));
    expect(services?.rows).toBe(6);
    expect(services?.spans).toHaveLength(500);
  });

  it("is not confused by bots called like object members", () => {
    const lanes = buildLanes(["__proto__", "constructor"], [], [makeTimed(0, 1, { bot: "__proto__" })]);
    expect(lanes.map(({ bot, spans }) => [bot, spans.length])).toEqual([["", 0], ["__proto__", 1], ["constructor", 0]]);
  });
});
