import { useState } from "preact/hooks";
import type { TraceSummary } from "../api/types";
import { tracePath } from "../model/routes";
import { isFailed } from "../model/span_tree";
import { formatDuration } from "../model/time";
import type { TimedSpan } from "../model/timed_span";
import { Link } from "../router";
import { CaretIcon } from "./icons";
import { Count } from "./list_frame";
import { memo } from "./memo";
import { At } from "./times";
import { Waterfall } from "./waterfall";

interface TraceSectionProps {
  number: number;
  traceId: string;
  spans: TimedSpan[];
  summary: TraceSummary | undefined;
  /** How long nothing happened before this trace; empty when it followed at once. */
  idleBefore: string;
  /** The chosen span if it is in this trace, else empty. */
  selectedKey: string;
  select: (key: string) => void;
}

/** Sections beyond this many are laid out only when scrolled to. */
const drawnAhead = 12;

/** One trace of a journey: its heading and, unless folded away, its span tree. */
export const TraceSection = memo(({ number, traceId, spans, summary, idleBefore, selectedKey, select }: TraceSectionProps) => {
  const [open, setOpen] = useState(true);
  const name = summary?.root_name || spans[0]!.span.name;
  const id = `trace-${number}`;
  return (
    <>
      {idleBefore && <p class="idle-between"><span>{idleBefore} idle</span></p>}
      <section class={`card trace-section${number > drawnAhead ? " off-screen" : ""}`} aria-labelledby={id}
        style={{ "--rows": spans.length }}>
        <header class="trace-head">
          <h2 id={id}>
            <button type="button" class="fold" aria-expanded={open} onClick={() => setOpen(!open)}>
              <span class="caret"><CaretIcon /></span>
              <span class="muted">Trace {number}</span> {name}
            </button>
          </h2>
          <TraceFacts traceId={traceId} spans={spans} />
        </header>
        {open && <Waterfall label={`Spans of trace ${number}`} spans={spans} selectedKey={selectedKey} select={select} />}
      </section>
    </>
  );
});

function TraceFacts({ traceId, spans }: Pick<TraceSectionProps, "traceId" | "spans">) {
  const first = spans[0]!;
  const end = spans.reduce((latest, timed) => Math.max(latest, timed.end), first.end);
  const errors = spans.filter(isFailed).length;
  return (
    <span class="trace-facts">
      <At time={first.span.start_ns} />
      <span class="number">{formatDuration(end - first.start)}</span>
      <Count value={spans.length} one="span" many="spans" />
      {errors > 0 && <Count value={errors} one="error" many="errors" alarm />}
      <Link class="mono" href={tracePath(traceId)} title={`Open trace ${traceId}`}>{traceId.slice(0, 8)}</Link>
    </span>
  );
}
