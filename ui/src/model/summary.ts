// The facts in a journey's header that the server does not send.

import type { Journey } from "../api/types";
import { toneOf } from "./handoffs";
import { spanKey, type TimedSpan } from "./timed_span";

export interface SlowestNode {
  timed: TimedSpan;
  duration: number;
}

/**
 * The workflow node that took longest by itself, that is without the nodes inside it: a bot's outermost node
 * contains all others and would win every time.
 */
export function slowestNode(spans: TimedSpan[]): SlowestNode | undefined {
  const nodes = spans.filter(({ span }) => span.node !== "");
  const own = new Map(nodes.map((timed) => [idOf(timed), timed.end - timed.start]));
  for (const { span, start, end } of nodes) {
    const parent = spanKey(span.trace_id, span.parent_span_id);
    const rest = own.get(parent);
    if (rest !== undefined) own.set(parent, rest - (end - start));
  }
  let slowest: SlowestNode | undefined;
  let longest = -Infinity;
  for (const timed of nodes) {
    const duration = own.get(idOf(timed))!;
    if (duration <= longest) continue;
    longest = duration;
    slowest = { timed, duration: timed.end - timed.start };
  }
  return slowest;
}

function idOf({ span }: TimedSpan): string {
  return spanKey(span.trace_id, span.span_id);
}

export function failedHandoffs(journey: Pick<Journey, "handoffs">): number {
  return journey.handoffs.filter(({ outcome }) => toneOf(outcome) === "bad").length;
}

export interface TraceGroup {
  traceId: string;
  /** By start. */
  spans: TimedSpan[];
  /** Nanoseconds since the latest end of all earlier traces; negative or 0 when they overlap. */
  idleBefore: number;
}

/** The journey's traces by start, each with its spans. `spans` must be sorted by start. */
export function groupByTrace(spans: TimedSpan[]): TraceGroup[] {
  const groups = new Map<string, TraceGroup>();
  let latestEnd: number | undefined;
  for (const timed of spans) {
    const { trace_id } = timed.span;
    const group = groups.get(trace_id);
    if (group) group.spans.push(timed);
    else groups.set(trace_id, { traceId: trace_id, spans: [timed], idleBefore: timed.start - (latestEnd ?? timed.start) });
    latestEnd = Math.max(latestEnd ?? timed.end, timed.end);
  }
  return [...groups.values()];
}
