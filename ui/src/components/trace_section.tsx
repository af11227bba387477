import type { TraceSummary } from "../api/types";
import { tracePath } from "../model/routes";
import { formatDuration } from "../model/time";
import type { TimedSpan } from "../model/timed_span";
import { Link } from "../router";
import { Count } from "./list_frame";
import { At } from "./times";
import { Waterfall } from "./waterfall";

interface TraceSectionProps {
  number: number;
  traceId: string;
  spans: TimedSpan[];
  summary: TraceSummary | undefined;
  /** How long nothing happened before this trace; empty when it followed at once. */
  idleBefore: string;
  selectedKey: string;
  select: (key: string) => void;
}

/** One trace of a journey: its heading and its span tree. */
export function TraceSection({ number, traceId, spans, summary, idleBefore, selectedKey, select }: TraceSectionProps) {
  const first = spans[0]!;
  const end = spans.reduce((latest, timed) => Math.max(latest, timed.end), first.end);
  const errors = spans.reduce((count, { span }) => count + (span.status.code === "error" ? 1 : 0), 0);
  const name = summary?.root_name || first.span.name;
  const id = `trace-${number}`;
  return (
    <>
      {idleBefore && <p class="idle-between"><span>{idleBefore} idle</span></p>}
      <section class="card trace-section" aria-labelledby={id}>
        <header class="trace-head">
          <h2 id={id}><span class="muted">Trace {number}</span> {name}</h2>
          <span class="trace-facts">
            <At time={first.span.start_ns} />
            <span class="number">{formatDuration(end - first.start)}</span>
            <Count value={spans.length} one="span" many="spans" />
            {errors > 0 && <Count value={errors} one="error" many="errors" alarm />}
            <Link class="mono" href={tracePath(traceId)} title={`Open trace ${traceId}`}>{traceId.slice(0, 8)}</Link>
          </span>
        </header>
        <Waterfall label={`Spans of trace ${number}`} spans={spans} selectedKey={selectedKey} select={select} />
      </section>
    </>
  );
}
