// A page with spans and, when one is chosen, its details beside them. Which one is part of the address.

import type { ComponentChildren } from "preact";
import { useCallback, useMemo } from "preact/hooks";
import { tracePath } from "../model/routes";
import { indexByKey, spanKey, type TimedSpan } from "../model/timed_span";
import { navigate } from "../router";
import { SpanDetails } from "./span_details";

interface SpanSelectionProps {
  spans: TimedSpan[];
  selectedKey: string;
  /** Called with a span's key, or "" for none. */
  select: (key: string) => void;
  children: ComponentChildren;
}

export function SpanSelection({ spans, selectedKey, select, children }: SpanSelectionProps) {
  const index = useMemo(() => indexByKey(spans), [spans]);
  const backLinks = useMemo(() => findBackLinks(spans), [spans]);
  const close = useCallback(() => select(""), [select]);
  const timed = index.get(selectedKey);
  const follow = (traceId: string, spanId: string) => {
    const key = spanKey(traceId, spanId);
    if (index.has(key)) select(key);
    else navigate(tracePath(traceId, spanId));
  };
  return (
    <div class={`with-details${timed ? " open" : ""}`}>
      <div class="page">{children}</div>
      {timed && <SpanDetails timed={timed} linkedFrom={backLinks.get(selectedKey) ?? []} close={close} follow={follow} />}
    </div>
  );
}

function findBackLinks(spans: TimedSpan[]): Map<string, TimedSpan[]> {
  const backLinks = new Map<string, TimedSpan[]>();
  for (const timed of spans) {
    for (const { trace_id, span_id } of timed.span.links) {
      const key = spanKey(trace_id, span_id);
      const found = backLinks.get(key);
      if (found) found.push(timed);
      else backLinks.set(key, [timed]);
    }
  }
  return backLinks;
}
