import { useCallback, useMemo } from "preact/hooks";
import { getTrace } from "../api/client";
import type { Trace } from "../api/types";
import { useRequest } from "../api/use_request";
import { BotPath, Hues } from "../components/bots";
import { PageHeader, Stat } from "../components/page_header";
import { SpanSelection } from "../components/span_selection";
import { Failure, Loading } from "../components/states";
import { At } from "../components/times";
import { useTitle } from "../components/use_title";
import { Waterfall } from "../components/waterfall";
import { assignHues } from "../model/hues";
import { journeyPath } from "../model/routes";
import { formatDuration, offsetFrom, parseInstant } from "../model/time";
import { buildTimeline, spanKey } from "../model/timed_span";
import { Link, replaceQuery } from "../router";

export function TraceView({ traceId, selectedId }: { traceId: string; selectedId: string }) {
  useTitle(`Trace ${traceId.slice(0, 8)}`);
  const { data, error, reload } = useRequest(traceId, (signal) => getTrace(traceId, signal));
  if (error) return <div class="page"><Failure error={error} retry={reload} /></div>;
  if (!data) return <div class="page"><Loading what="trace" /></div>;
  return <TracePage trace={data} selectedId={selectedId} reload={reload} />;
}

function TracePage({ trace, selectedId, reload }: { trace: Trace; selectedId: string; reload: () => void }) {
  const { summary } = trace;
  const timeline = useMemo(() => buildTimeline(trace.span_list), [trace]);
  const hues = useMemo(() => assignHues(timeline.spans.map(({ span }) => span.bot).filter((bot) => bot !== "")), [timeline]);
  const select = useCallback((key: string) => {
    replaceQuery(new URLSearchParams(key && { span: key.slice(key.indexOf("/") + 1) }));
  }, []);
  const selectedKey = selectedId && spanKey(summary.trace_id, selectedId);
  return (
    <Hues.Provider value={hues}>
      <SpanSelection spans={timeline.spans} selectedKey={selectedKey} select={select}>
        <TraceHeader trace={trace} reload={reload} />
        <section class="card" aria-label="Spans">
          <Waterfall label="Spans of the trace" spans={timeline.spans} selectedKey={selectedKey} select={select} />
        </section>
      </SpanSelection>
    </Hues.Provider>
  );
}

function TraceHeader({ trace: { summary }, reload }: { trace: Trace; reload: () => void }) {
  const duration = offsetFrom(parseInstant(summary.start_ns), parseInstant(summary.end_ns));
  return (
    <PageHeader back={{ href: "/traces", label: "Traces" }} title={summary.root_name || "(root not seen)"} id={summary.trace_id}
      idName="trace id" reload={reload}>
      <p class="subject-line">
        <BotPath bots={summary.bots} />
        <span class="muted mono">{summary.trace_id}</span>
      </p>
      <dl class="stats">
        <Stat name="Duration">{formatDuration(duration)}</Stat>
        <Stat name="Spans">{summary.spans}</Stat>
        <Stat name="Errors" alarm={summary.errors > 0}>{summary.errors}</Stat>
        <Stat name="Service">{summary.root_service}</Stat>
        <Stat name="Started" wide><At time={summary.start_ns} /></Stat>
        {summary.contact_ids.length > 0 && (
          <Stat name="Journey" wide>
            {summary.contact_ids.map((contact) => <Link key={contact} href={journeyPath(contact)}>{contact}</Link>)}
          </Stat>
        )}
      </dl>
    </PageHeader>
  );
}
