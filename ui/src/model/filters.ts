// The filters of the list pages. They live in the page's address, so a search can be bookmarked and sent around.

export const ranges = [
  { value: "", label: "Any time", seconds: 0 },
  { value: "1h", label: "Last hour", seconds: 3600 },
  { value: "24h", label: "Last 24 hours", seconds: 86_400 },
  { value: "7d", label: "Last 7 days", seconds: 7 * 86_400 },
  { value: "30d", label: "Last 30 days", seconds: 30 * 86_400 },
] as const;

/** The range value that takes its bounds from the `from` and `to` filters. */
export const customRange = "custom";

/** Filters the API takes under the same name. */
const passedOn = ["contact", "bot", "node", "service", "name", "min_duration_ms"];

const pageSize = "50";

/** The request that answers a page address; `now` anchors the relative ranges. */
export function toQuery(filters: URLSearchParams, now: Date): Record<string, string> {
  const query: Record<string, string> = { limit: pageSize };
  for (const key of passedOn) {
    const value = filters.get(key)?.trim();
    if (value) query[key] = value;
  }
  if (filters.get("errors") === "true") query["errors"] = "true";
  return { ...query, ...bounds(filters, now) };
}

function bounds(filters: URLSearchParams, now: Date): Record<string, string> {
  const range = filters.get("range") ?? "";
  if (range === customRange) {
    const start = localToNanoseconds(filters.get("from"));
    const end = localToNanoseconds(filters.get("to"));
    return { ...(start && { start }), ...(end && { end }) };
  }
  const seconds = ranges.find(({ value }) => value === range)?.seconds ?? 0;
  return seconds > 0 ? { start: toNanoseconds(now.getTime() - seconds * 1000) } : {};
}

/** `text` as <input type="datetime-local"> gives it. */
function localToNanoseconds(text: string | null): string | undefined {
  const milliseconds = text ? new Date(text).getTime() : Number.NaN;
  return Number.isNaN(milliseconds) || milliseconds < 0 ? undefined : toNanoseconds(milliseconds);
}

function toNanoseconds(milliseconds: number): string {
  return `${BigInt(Math.round(milliseconds)) * 1_000_000n}`;
}

/** The address after one filter changed; an empty value removes it, and a node goes with its bot. */
export function withFilter(filters: URLSearchParams, key: string, value: string): URLSearchParams {
  const changed = new URLSearchParams(filters);
  if (value === "") changed.delete(key);
  else changed.set(key, value);
  if (key === "bot") changed.delete("node");
  if (key === "range" && value !== customRange) {
    changed.delete("from");
    changed.delete("to");
  }
  return changed;
}

export function hasFilters(filters: URLSearchParams): boolean {
  return [...filters.values()].some((value) => value !== "");
}
