import { describe, expect, it } from "vitest";
import { hasFilters, toQuery, withFilter } from "./filters";

const now = new Date("2025-05-14T12:00:00Z");
const from = (text: string) => new URLSearchParams(text);

describe("toQuery", () => {
  it("passes filters on and leaves out what is empty or not the API's", () => {
    expect(toQuery(from("contact=%20abc%20&bot=&errors=true&span=1"), now)).toEqual({ limit: "50", contact: "abc", errors: "true" });
  });

  it("turns a range into a start in nanoseconds", () => {
    expect(toQuery(from("range=1h"), now)["start"]).toBe("1747220400000000000");
  });

  it("takes both bounds of a custom range, in local time", () => {
    const query = toQuery(from("range=custom&from=2025-05-12T09:00&to=2025-05-13T09:00"), now);
    expect(query["start"]).toBe(`${new Date("2025-05-12T09:00").getTime()}000000`);
    expect(query["end"]).toBe(`${new Date("2025-05-13T09:00").getTime()}000000`);
  });

  it("ignores ranges and dates that mean nothing", () => {
    expect(toQuery(from("range=always"), now)).toEqual({ limit: "50" });
    expect(toQuery(from("range=custom&from=soon"), now)).toEqual({ limit: "50" });
  });
});

describe("withFilter", () => {
  it("removes an empty filter", () => {
    expect(withFilter(from("bot=lead_bot&errors=true"), "errors", "").toString()).toBe("bot=lead_bot");
  });

  it("drops the node with its bot, and the dates with the custom range", () => {
    expect(withFilter(from("bot=a&node=n"), "bot", "b").toString()).toBe("bot=b");
    expect(withFilter(from("range=custom&from=x&to=y"), "range", "1h").toString()).toBe("range=1h");
  });
});

it("an address has filters when one of them has a value", () => {
  expect(hasFilters(from("bot="))).toBe(false);
  expect(hasFilters(from("bot=&errors=true"))).toBe(true);
});
