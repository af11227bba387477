// Which lane of the journey's timeline a span is drawn in, and how the spans of a lane share its rows.

import type { Handoff } from "../api/types";
import { spanKey, type TimedSpan } from "./timed_span";

/** The lane of HTTP and service spans: everything that is no bot's own. */
export const servicesLane = "";

export interface PlacedSpan {
  timed: TimedSpan;
  row: number;
}

export interface Lane {
  /** The bot, or `servicesLane`. */
  bot: string;
  rows: number;
  spans: PlacedSpan[];
}

const mostRows = 6;

/** Lanes top to bottom: services, then the bots in the order they took part, then bots only ever named as a target. */
export function buildLanes(bots: string[], handoffs: Handoff[], spans: TimedSpan[]): Lane[] {
  const byBot = new Map<string, TimedSpan[]>([[servicesLane, []]]);
  const named = [...bots, ...handoffs.flatMap(({ source_bot, target_bot }) => [source_bot, target_bot])];
  for (const bot of named) {
    if (!byBot.has(bot)) byBot.set(bot, []);
  }
  const sources = new Map(handoffs.map(({ trace_id, span_id, source_bot }) => [spanKey(trace_id, span_id), source_bot]));
  for (const timed of spans) {
    const { trace_id, span_id, bot } = timed.span;
    const lane = sources.get(spanKey(trace_id, span_id)) ?? bot;
    const members = byBot.get(lane);
    if (members) members.push(timed);
    else byBot.set(lane, [timed]);
  }
  return [...byBot].map(([bot, members]) => ({ bot, ...packRows(members) }));
}

/** First free row wins; from the last row on, spans overlap instead of making the lane ever taller. */
function packRows(spans: TimedSpan[]): { rows: number; spans: PlacedSpan[] } {
  const rowEnds: number[] = [];
  const placed = spans.map((timed) => {
    const free = rowEnds.findIndex((end) => end <= timed.start);
    const row = free >= 0 ? free : Math.min(rowEnds.length, mostRows - 1);
    rowEnds[row] = Math.max(rowEnds[row] ?? 0, timed.end);
    return { timed, row };
  });
  return { rows: Math.max(1, rowEnds.length), spans: placed };
}
