import { describe, expect, it } from "vitest";
import { findStretches, placeAxis, ticksFor } from "./time_axis";

const second = 1e9;
const day = 86_400 * second;

describe("findStretches", () => {
  it("finds the turns of a journey and the idle days between them", () => {
    const stretches = findStretches([
      { start: 2 * day, end: 2 * day + second },
      { start: 0, end: 0.4 * second },
      { start: 0.1 * second, end: 0.3 * second },
    ]);
    expect(stretches).toEqual([
      { kind: "busy", start: 0, end: 0.4 * second },
      { kind: "idle", start: 0.4 * second, end: 2 * day },
      { kind: "busy", start: 2 * day, end: 2 * day + second },
    ]);
  });

  it("keeps a pause that is short beside the work around it", () => {
    const intervals = [{ start: 0, end: 60 * second }, { start: 80 * second, end: 90 * second }];
    expect(findStretches(intervals)).toEqual([{ kind: "busy", start: 0, end: 90 * second }]);
  });

  it("keeps a pause of up to a second between short spans", () => {
    expect(findStretches([{ start: 0, end: 5 }, { start: second, end: second + 5 }])).toHaveLength(1);
  });

  it("does not change what it is given", () => {
    const intervals = [{ start: 0, end: 5 }, { start: 6, end: 9 }];
    findStretches(intervals);
    expect(intervals).toEqual([{ start: 0, end: 5 }, { start: 6, end: 9 }]);
  });

  it("of nothing is nothing", () => {
    expect(findStretches([])).toEqual([]);
  });
});

describe("placeAxis", () => {
  const stretches = findStretches([
    { start: 0, end: second },
    { start: day, end: day + 3 * second },
  ]);
  const axis = placeAxis(stretches, { width: 1000, idleWidth: 80, minimumBusyWidth: 60, padding: 10 });

  it("fills the width, with the idle gap at its fixed width and the rest in proportion", () => {
    expect(axis.width).toBe(1000);
    expect(axis.stretches.map(({ width }) => width)).toEqual([60 + 200, 80, 60 + 600]);
    expect(axis.stretches.map(({ left }) => left)).toEqual([0, 260, 340]);
  });

  it("places times within their stretch", () => {
    expect(axis.position(0)).toBe(10);
    expect(axis.position(0.5 * second)).toBe(130);
    expect(axis.position(second)).toBe(250);
    expect(axis.position(day)).toBe(350);
    expect(axis.position(day + 3 * second)).toBe(990);
  });

  it("never goes backwards", () => {
    const times = Array.from({ length: 400 }, (_, index) => (index / 399) * (day + 3 * second));
    const positions = times.map(axis.position);
    expect(positions).toEqual([...positions].sort((a, b) => a - b));
  });

  it("keeps times outside on its ends", () => {
    expect(axis.position(-second)).toBe(10);
    expect(axis.position(9 * day)).toBe(990);
  });

  it("grows beyond the width rather than squeeze turns", () => {
    expect(placeAxis(stretches, { width: 100, idleWidth: 80, minimumBusyWidth: 60, padding: 10 }).width).toBe(200);
  });

  it("shows a journey of one instant", () => {
    const instant = placeAxis(findStretches([{ start: 5, end: 5 }]), { width: 100, idleWidth: 8, minimumBusyWidth: 4, padding: 0 });
    expect(instant.width).toBe(100);
    expect(instant.position(5)).toBe(0);
  });
});

describe("ticksFor", () => {
  it.each([
    [412, 4, [200, 400]],
    [1000, 5, [200, 400, 600, 800]],
    [90, 2, [50]],
  ])("cuts %d into at most %d parts at round offsets", (duration, most, ticks) => {
    expect(ticksFor(duration, most)).toEqual(ticks);
  });

  it("has none for an instant", () => {
    expect(ticksFor(0, 4)).toEqual([]);
  });
});
