import { describe, expect, it } from "vitest";
import { formatDuration, formatExact, formatLong, formatRelative, offsetFrom, parseInstant } from "./time";

const milliseconds = 1e6;
const seconds = 1e9;
const hours = 3600 * seconds;

describe("a span's duration", () => {
  it.each([
    [350 * milliseconds, "350ms"],
    [12.3 * milliseconds, "12ms"],
    [9.94 * milliseconds, "9.9ms"],
    [0.1 * milliseconds, "0.1ms"],
    [0.08 * milliseconds, "80µs"],
    [0, "0µs"],
    [-5, "0µs"],
    [1408 * milliseconds, "1408ms"],
    [10 * seconds, "10.0s"],
    [75.26 * seconds, "75.3s"],
  ])("of %d ns reads %s, as in the text tree", (nanoseconds, text) => {
    expect(formatDuration(nanoseconds)).toBe(text);
  });
});

describe("a long stretch", () => {
  it.each([
    [51 * hours, "2 d 3 h"],
    [48 * hours, "2 d"],
    [14 * 60 * seconds, "14 min"],
    [458 * seconds, "7 min 38 s"],
    [32.9 * seconds, "32 s"],
    [0.35 * seconds, "350ms"],
  ])("of %d ns reads %s", (nanoseconds, text) => {
    expect(formatLong(nanoseconds)).toBe(text);
  });
});

describe("an instant", () => {
  it("keeps all nine digits", () => {
    expect(formatExact(parseInstant("1747041242118000007"))).toBe("2025-05-12T09:14:02.118000007Z");
  });

  it("is measured exactly over days", () => {
    expect(offsetFrom(parseInstant("1747041242118000000"), parseInstant("1747214042118000001"))).toBe(172_800_000_000_001);
  });

  it.each(["", "-5", "1e9", "12.5", "<b>", "123456789012345678901234567890"])("is 0 when the text is %j", (text) => {
    expect(parseInstant(text)).toBe(0n);
  });

  it("tells its age, and takes the future for now", () => {
    const now = new Date("2025-05-14T12:00:00Z");
    expect(formatRelative(parseInstant("1747041242000000000"), now)).toBe("2 d ago");
    expect(formatRelative(parseInstant("1747223900000000000"), now)).toBe("1 min ago");
    expect(formatRelative(parseInstant("1848000000000000000"), now)).toBe("just now");
  });
});
