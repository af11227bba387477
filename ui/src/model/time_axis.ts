// A time axis without the waiting: busy stretches keep their proportions, long idle gaps between them
// shrink to a fixed width. A journey of 2 seconds of work over 3 days stays readable.

export interface Interval {
  start: number;
  end: number;
}

export interface Stretch extends Interval {
  kind: "busy" | "idle";
}

/** A stretch with its place on the screen. */
export interface PlacedStretch extends Stretch {
  left: number;
  width: number;
}

export interface PlacedAxis {
  stretches: PlacedStretch[];
  width: number;
  /** Where a time is drawn; times outside the axis land on its ends. */
  position: (time: number) => number;
}

export interface AxisSizes {
  /** Width to fill; the axis grows beyond it when the minimum widths need more. */
  width: number;
  idleWidth: number;
  minimumBusyWidth: number;
  /** Left free at both ends of every busy stretch. */
  padding: number;
}

const shortestIdle = 1e9;

/**
 * Alternating busy and idle stretches. A gap counts as idle when nothing runs for more than a second
 * and for more than half of the longest busy time, so a slow trace is not cut up by its own pauses.
 */
export function findStretches(intervals: Interval[]): Stretch[] {
  const busy = mergeOverlapping(intervals);
  const longest = busy.reduce((most, { start, end }) => Math.max(most, end - start), 0);
  const threshold = Math.max(shortestIdle, longest / 2);
  const stretches: Stretch[] = [];
  for (const { start, end } of busy) {
    const last = stretches.at(-1);
    if (last && start - last.end <= threshold) {
      last.end = end;
      continue;
    }
    if (last) stretches.push({ kind: "idle", start: last.end, end: start });
    stretches.push({ kind: "busy", start, end });
  }
  return stretches;
}

function mergeOverlapping(intervals: Interval[]): Interval[] {
  const sorted = [...intervals].sort((a, b) => a.start - b.start);
  const merged: Interval[] = [];
  for (const { start, end } of sorted) {
    const last = merged.at(-1);
    if (last && start <= last.end) last.end = Math.max(last.end, end);
    else merged.push({ start, end });
  }
  return merged;
}

/** Gives every stretch a place: minimum widths first, what is left over in proportion to busy time. */
export function placeAxis(stretches: Stretch[], sizes: AxisSizes): PlacedAxis {
  const busy = stretches.filter(({ kind }) => kind === "busy");
  const busyTime = busy.reduce((sum, { start, end }) => sum + (end - start), 0);
  const least = busy.length * sizes.minimumBusyWidth + (stretches.length - busy.length) * sizes.idleWidth;
  const spare = Math.max(0, sizes.width - least);
  let left = 0;
  const placed = stretches.map((stretch) => {
    const share = busyTime > 0 ? (stretch.end - stretch.start) / busyTime : 1 / busy.length;
    const width = stretch.kind === "idle" ? sizes.idleWidth : sizes.minimumBusyWidth + spare * share;
    const result = { ...stretch, left, width };
    left += width;
    return result;
  });
  return { stretches: placed, width: left, position: (time) => positionOn(placed, sizes.padding, time) };
}

function positionOn(placed: PlacedStretch[], padding: number, time: number): number {
  let low = 0;
  let high = placed.length - 1;
  if (high < 0) return 0;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (placed[middle]!.end < time) low = middle + 1;
    else high = middle;
  }
  // Where idle time ends and work begins belongs to the work.
  if (placed[low]!.kind === "idle" && placed[low]!.end === time && low + 1 < placed.length) low++;
  const { kind, start, end, left, width } = placed[low]!;
  const inset = kind === "busy" ? padding : 0;
  const share = end > start ? Math.min(1, Math.max(0, (time - start) / (end - start))) : 0;
  return left + inset + share * (width - 2 * inset);
}

/** Round offsets (1, 2 or 5 times a power of ten) that cut a duration into at most `most` parts; 0 excluded. */
export function ticksFor(duration: number, most: number): number[] {
  if (duration <= 0 || most < 1) return [];
  const rough = duration / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  const ticks: number[] = [];
  for (let tick = step; tick < duration; tick += step) ticks.push(tick);
  return ticks;
}
