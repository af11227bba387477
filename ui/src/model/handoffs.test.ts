import { describe, expect, it } from "vitest";
import journey from "../../../tests/fixtures/api/journey.json";
import type { Journey } from "../api/types";
import { countOutcomes, handoffLabel, outcomeOf, resolveHandoffs, toneOf } from "./handoffs";
import { makeHandoff, makeSpan, makeTimed } from "./test_spans";
import { buildTimeline } from "./timed_span";

const fixture = journey as unknown as Journey;

describe("a handoff's label", () => {
  it("says who, to whom, how it went and how sure it was", () => {
    expect(handoffLabel(makeHandoff())).toBe("Handoff lead_bot to buyer_bot, executed, confidence 0.90");
  });

  it("leaves out what is not known", () => {
    expect(handoffLabel(makeHandoff({ outcome: "", confidence: null }))).toBe("Handoff lead_bot to buyer_bot, outcome unknown");
  });
});

describe("an outcome", () => {
  it("looks bad when the handoff was blocked or failed", () => {
    expect((["executed", "deferred", "blocked", "failed", ""] as const).map(toneOf)).toEqual(["good", "waiting", "bad", "bad", "unknown"]);
  });

  it("is read from a handoff's own span only, and only if it is one of the known ones", () => {
    const attributes = (value: string) => [{ key: "handoff.outcome", type: "string" as const, value }];
    expect(outcomeOf(makeSpan({ role: "handoff", attributes: attributes("failed") }))).toBe("failed");
    expect(outcomeOf(makeSpan({ role: "handoff", attributes: attributes("great") }))).toBe("");
    expect(outcomeOf(makeSpan({ role: "node", attributes: attributes("failed") }))).toBeUndefined();
  });

  it("is counted in order of appearance", () => {
    const handoffs = [makeHandoff({ outcome: "blocked" }), makeHandoff(), makeHandoff({ outcome: "blocked" })];
    expect(countOutcomes(handoffs)).toEqual([{ outcome: "blocked", count: 2 }, { outcome: "executed", count: 1 }]);
  });
});

describe("resolveHandoffs", () => {
  it("finds who picked up the fixture's handoffs, and why one was blocked", () => {
    const [executed, blocked] = resolveHandoffs(fixture.handoffs, buildTimeline(fixture.span_list).spans);
    expect(executed?.pickedUp?.span.name).toBe("buyer_bot.process_buyer_conversation");
    expect(executed?.pickedUp?.span.trace_id).toBe(executed?.handoff.trace_id);
    expect(blocked?.pickedUp).toBeUndefined();
    expect(blocked?.blockedBy).toBe("circular");
  });

  it("takes the target's first span after the handoff, days later if need be", () => {
    const spans = [
      makeTimed(0, 1, { span_id: "early", bot: "buyer_bot" }),
      makeTimed(5, 6, { span_id: "handoff", bot: "lead_bot" }),
      makeTimed(2e14, 3e14, { span_id: "late", bot: "buyer_bot", trace_id: "other" }),
    ];
    expect(resolveHandoffs([makeHandoff()], spans)[0]?.pickedUp?.span.span_id).toBe("late");
  });

  it("knows that a target never spoke", () => {
    const spans = [makeTimed(5, 6, { span_id: "handoff", bot: "lead_bot" })];
    const [resolved] = resolveHandoffs([makeHandoff()], spans);
    expect(resolved?.timed).toBe(spans[0]);
    expect(resolved?.pickedUp).toBeUndefined();
  });
});
