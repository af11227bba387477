// Addresses of pages: what a path shows, and the path that shows something.

export type Route =
  | { view: "journeys" }
  | { view: "journey"; contact: string }
  | { view: "traces" }
  | { view: "trace"; traceId: string }
  | { view: "not_found" };

export function matchRoute(path: string): Route {
  const parts = path.split("/").filter((part) => part !== "").map(decode);
  const [first, second] = parts;
  if (parts.length === 0 || (parts.length === 1 && first === "journeys")) return { view: "journeys" };
  if (parts.length === 1 && first === "traces") return { view: "traces" };
  if (parts.length === 2 && first === "journeys" && second) return { view: "journey", contact: second };
  if (parts.length === 2 && first === "traces" && second) return { view: "trace", traceId: second };
  return { view: "not_found" };
}

export function journeyPath(contact: string): string {
  return `/journeys/${encodeURIComponent(contact)}`;
}

export function tracePath(traceId: string, spanId?: string): string {
  const path = `/traces/${encodeURIComponent(traceId)}`;
  return spanId ? `${path}?span=${encodeURIComponent(spanId)}` : path;
}

function decode(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
