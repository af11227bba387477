// Spans with their times as numbers relative to one base, which is what everything that draws works with.

import type { Span } from "../api/types";
import { offsetFrom, parseInstant } from "./time";

export interface TimedSpan {
  span: Span;
  /** Nanoseconds since the base. */
  start: number;
  end: number;
}

export interface Timeline {
  base: bigint;
  /** By start; among equal starts the longer first, so a parent precedes its child. */
  spans: TimedSpan[];
}

export function buildTimeline(spans: Span[]): Timeline {
  const starts = spans.map((span) => parseInstant(span.start_ns));
  const base = starts.reduce((least, start) => (start < least ? start : least), starts[0] ?? 0n);
  const timed = spans.map((span, index) => {
    const start = offsetFrom(base, starts[index]!);
    // A span that ends before it starts (a clock was set back) is drawn as an instant.
    return { span, start, end: Math.max(start, offsetFrom(base, parseInstant(span.end_ns))) };
  });
  timed.sort((a, b) => a.start - b.start || b.end - a.end);
  return { base, spans: timed };
}

/** Span ids are only unique within a trace. */
export function spanKey(traceId: string, spanId: string): string {
  return `${traceId}/${spanId}`;
}

export function indexByKey(spans: TimedSpan[]): Map<string, TimedSpan> {
  return new Map(spans.map((timed) => [spanKey(timed.span.trace_id, timed.span.span_id), timed]));
}
