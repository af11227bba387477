import { describe, expect, it } from "vitest";
import { valueText } from "./attributes";
import { assignHues, hueCount } from "./hues";
import { journeyPath, matchRoute, tracePath } from "./routes";

describe("an address", () => {
  it.each(["plain", "with/slash", "ü ?&#%", "<script>"])("of contact %j leads back to it", (contact) => {
    expect(matchRoute(journeyPath(contact))).toEqual({ view: "journey", contact });
  });

  it("shows each of the pages", () => {
    expect(matchRoute("/")).toEqual({ view: "journeys" });
    expect(matchRoute("/traces")).toEqual({ view: "traces" });
    expect(matchRoute(tracePath("0af7"))).toEqual({ view: "trace", traceId: "0af7" });
    expect(matchRoute("/nothing/here/at/all")).toEqual({ view: "not_found" });
  });

  it("that is not well-formed is not found", () => {
    expect(matchRoute("/journeys/%E0%A4%A")).toEqual({ view: "not_found" });
  });
});

describe("assignHues", () => {
  it("gives the demo's bots three different hues, whoever else is there", () => {
    const bots = ["lead_bot", "buyer_bot", "seller_bot"];
    expect(new Set(assignHues(bots).values()).size).toBe(3);
    expect(assignHues(["seller_bot"]).get("seller_bot")).toBe(assignHues(bots).get("seller_bot"));
  });

  it("uses every hue before any twice, and always one that exists", () => {
    const names = Array.from({ length: 20 }, (_, index) => `bot_${index}`);
    expect(new Set(assignHues(names.slice(0, hueCount)).values()).size).toBe(hueCount);
    for (const hue of assignHues(names).values()) expect(hue).toBeLessThan(hueCount);
  });
});

describe("valueText", () => {
  it("writes out every type", () => {
    expect(valueText({ type: "int", value: "9007199254740993" })).toBe("9007199254740993");
    expect(valueText({ type: "double", value: 1.5 })).toBe("1.5");
    expect(valueText({ type: "bool", value: false })).toBe("false");
    expect(valueText({ type: "empty", value: null })).toBe("");
  });

  it("writes out what arrays and maps hold", () => {
    const nested = { type: "map" as const, value: [{ key: "tags", type: "array" as const, value: [{ type: "string" as const, value: "a" }, { type: "int" as const, value: "2" }] }] };
    expect(valueText(nested)).toBe("{tags: [a, 2]}");
  });
});
