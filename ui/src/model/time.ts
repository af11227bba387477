// Times and durations. The wire carries Unix nanoseconds as decimal strings; here an instant is a bigint
// and everything measured from a base (an offset, a duration) is a number of nanoseconds, exact up to 104 days.

const second = 1e9;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** The instant a wire time names; 0 for anything that is not a decimal number, so one bad span can't break a page. */
export function parseInstant(text: string): bigint {
  return /^\d{1,20}$/.test(text) ? BigInt(text) : 0n;
}

/** Nanoseconds from `base` to `instant`. */
export function offsetFrom(base: bigint, instant: bigint): number {
  return Number(instant - base);
}

export function toDate(instant: bigint): Date {
  return new Date(Number(instant / 1_000_000n));
}

/** The duration of one span, by the same rules as the text tree: "350ms", "4.2ms", "80µs", "12.4s". */
export function formatDuration(nanoseconds: number): string {
  const milliseconds = Math.max(0, nanoseconds) / 1e6;
  if (milliseconds >= 10_000) return `${(milliseconds / 1000).toFixed(1)}s`;
  if (milliseconds >= 10) return `${Math.round(milliseconds)}ms`;
  if (milliseconds >= 0.1) return `${milliseconds.toFixed(1)}ms`;
  return `${Math.round(milliseconds * 1000)}µs`;
}

/** A stretch of minutes or days in at most two units: "2 d 3 h", "14 min", "32 s"; below a second as a span's. */
export function formatLong(nanoseconds: number): string {
  if (nanoseconds < second) return formatDuration(nanoseconds);
  const units: Array<[number, string]> = [[day, "d"], [hour, "h"], [minute, "min"], [second, "s"]];
  const first = units.findIndex(([size]) => nanoseconds >= size);
  const [large, largeName] = units[first]!;
  const whole = Math.floor(nanoseconds / large);
  const next = units[first + 1];
  const rest = next ? Math.floor((nanoseconds % large) / next[0]) : 0;
  return rest > 0 && next ? `${whole} ${largeName} ${rest} ${next[1]}` : `${whole} ${largeName}`;
}

/** "just now", "5 min ago", "3 d ago"; instants in the future (clocks differ) count as now. */
export function formatRelative(instant: bigint, now: Date): string {
  const age = (now.getTime() - Number(instant / 1_000_000n)) * 1e6;
  for (const [size, name] of [[365 * day, "y"], [day, "d"], [hour, "h"], [minute, "min"]] as const) {
    if (age >= size) return `${Math.floor(age / size)} ${name} ago`;
  }
  return "just now";
}

const dateTime = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
const withSeconds = new Intl.DateTimeFormat("en-GB", {
  day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit",
});

/** Local date and time to the minute: "12 May, 09:14". */
export function formatMinute(instant: bigint): string {
  return dateTime.format(toDate(instant));
}

/** Local date and time with the year: "12 May 2025, 09:14:02". */
export function formatLocal(instant: bigint): string {
  return withSeconds.format(toDate(instant));
}

/** UTC with all nine digits, for copying and hovering: "2025-05-12T09:14:02.118000000Z". */
export function formatExact(instant: bigint): string {
  const date = toDate(instant);
  if (Number.isNaN(date.getTime())) return `${instant} ns`;
  const fraction = (instant % 1_000_000_000n).toString().padStart(9, "0");
  return `${date.toISOString().slice(0, 19)}.${fraction}Z`;
}
