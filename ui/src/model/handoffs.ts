// What a handoff means to a reader: how it went, what it is called, who picked it up and when.

import type { Handoff, Outcome, Span } from "../api/types";
import { spanKey, type TimedSpan } from "./timed_span";

/** How an outcome looks. A handoff without an outcome ended before it could tell. */
export type Tone = "good" | "waiting" | "bad" | "unknown";

export function toneOf(outcome: Outcome): Tone {
  switch (outcome) {
    case "executed":
      return "good";
    case "deferred":
      return "waiting";
    case "blocked":
    case "failed":
      return "bad";
    default:
      return "unknown";
  }
}

export function outcomeText(outcome: Outcome): string {
  return outcome === "" ? "outcome unknown" : outcome;
}

export function confidenceText(confidence: number | null): string {
  return typeof confidence === "number" ? confidence.toFixed(2) : "";
}

/** The handoff in a sentence, for screen readers: "Handoff lead_bot to buyer_bot, executed, confidence 0.90". */
export function handoffLabel(handoff: Handoff): string {
  const confidence = confidenceText(handoff.confidence);
  const parts = [`Handoff ${handoff.source_bot} to ${handoff.target_bot}`, outcomeText(handoff.outcome)];
  if (confidence !== "") parts.push(`confidence ${confidence}`);
  return parts.join(", ");
}

const outcomes = new Set<string>(["executed", "deferred", "blocked", "failed"]);

/** The outcome a handoff's own span states; undefined for every other span. */
export function outcomeOf(span: Span): Outcome | undefined {
  if (span.role !== "handoff") return undefined;
  const text = textAttribute(span, "handoff.outcome");
  return outcomes.has(text) ? (text as Outcome) : "";
}

export interface OutcomeCount {
  outcome: Outcome;
  count: number;
}

/** Counts by outcome, in the order of first appearance. */
export function countOutcomes(handoffs: Handoff[]): OutcomeCount[] {
  const counts = new Map<Outcome, number>();
  for (const { outcome } of handoffs) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  return [...counts].map(([outcome, count]) => ({ outcome, count }));
}

export interface ResolvedHandoff {
  handoff: Handoff;
  /** The handoff's own span; undefined when it is not among the journey's spans. */
  timed: TimedSpan | undefined;
  /** Why it was blocked, in the span's own words; empty if it does not say. */
  blockedBy: string;
  /** The target bot's first span after an executed or deferred handoff. None: the target never spoke. */
  pickedUp: TimedSpan | undefined;
}

/** `spans` must be sorted by start, which makes the search below a binary one per handoff. */
export function resolveHandoffs(handoffs: Handoff[], spans: TimedSpan[]): ResolvedHandoff[] {
  const targets = new Set(handoffs.map(({ target_bot }) => target_bot));
  const byBot = new Map<string, TimedSpan[]>([...targets].map((bot) => [bot, []]));
  const handoffKeys = new Set(handoffs.map(({ trace_id, span_id }) => spanKey(trace_id, span_id)));
  const byKey = new Map<string, TimedSpan>();
  for (const timed of spans) {
    const key = spanKey(timed.span.trace_id, timed.span.span_id);
    if (handoffKeys.has(key)) byKey.set(key, timed);
    else byBot.get(timed.span.bot)?.push(timed);
  }
  return handoffs.map((handoff) => {
    const timed = byKey.get(spanKey(handoff.trace_id, handoff.span_id));
    const accepted = toneOf(handoff.outcome) !== "bad";
    const pickedUp = timed && accepted ? firstFrom(byBot.get(handoff.target_bot)!, timed.start) : undefined;
    return { handoff, timed, blockedBy: timed ? textAttribute(timed.span, "handoff.blocked_by") : "", pickedUp };
  });
}

function firstFrom(sorted: TimedSpan[], time: number): TimedSpan | undefined {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]!.start < time) low = middle + 1;
    else high = middle;
  }
  return sorted[low];
}

function textAttribute(span: Span, key: string): string {
  const value = span.attributes.find((attribute) => attribute.key === key)?.value;
  return typeof value === "string" ? value : "";
}
