import { useCallback, useMemo } from "preact/hooks";
import { getJourney } from "../api/client";
import type { Journey } from "../api/types";
import { useRequest } from "../api/use_request";
import { Hues } from "../components/bots";
import { HandoffList } from "../components/handoff_list";
import { JourneyHeader } from "../components/journey_header";
import { JourneyTimeline } from "../components/journey_timeline";
import { SpanSelection } from "../components/span_selection";
import { Failure, Loading, Notice } from "../components/states";
import { TraceSection } from "../components/trace_section";
import { useTitle } from "../components/use_title";
import { resolveHandoffs } from "../model/handoffs";
import { assignHues } from "../model/hues";
import { buildLanes, servicesLane } from "../model/lanes";
import { groupByTrace } from "../model/summary";
import { buildTimeline } from "../model/timed_span";
import { formatLong } from "../model/time";
import { Link, replaceQuery } from "../router";

export function JourneyView({ contact, selectedKey }: { contact: string; selectedKey: string }) {
  useTitle(contact);
  const { data, error, reload } = useRequest(contact, (signal) => getJourney(contact, signal));
  if (error?.code === "not_found") return <NoJourney contact={contact} />;
  if (error) return <div class="page"><Failure error={error} retry={reload} /></div>;
  if (!data) return <div class="page"><Loading what="journey" /></div>;
  return <JourneyPage journey={data} selectedKey={selectedKey} reload={reload} />;
}

function NoJourney({ contact }: { contact: string }) {
  return (
    <div class="page">
      <Notice title="No journey for this contact">
        <p>The store has no spans of <span class="mono">{contact}</span>, or not any more. <Link href="/">All journeys</Link></p>
      </Notice>
    </div>
  );
}

function JourneyPage({ journey, selectedKey, reload }: { journey: Journey; selectedKey: string; reload: () => void }) {
  const timeline = useMemo(() => buildTimeline(journey.span_list), [journey]);
  const lanes = useMemo(() => buildLanes(journey.bots, journey.handoffs, timeline.spans), [journey, timeline]);
  const handoffs = useMemo(() => resolveHandoffs(journey.handoffs, timeline.spans), [journey, timeline]);
  const summaries = useMemo(() => new Map(journey.trace_list.map((trace) => [trace.trace_id, trace])), [journey]);
  const traces = useMemo(() => groupByTrace(timeline.spans), [timeline]);
  const hues = useMemo(() => assignHues(lanes.map(({ bot }) => bot).filter((bot) => bot !== servicesLane)), [lanes]);
  const select = useCallback((key: string) => replaceQuery(new URLSearchParams(key && { span: key })), []);
  return (
    <Hues.Provider value={hues}>
      <SpanSelection spans={timeline.spans} selectedKey={selectedKey} select={select}>
        <JourneyHeader journey={journey} spans={timeline.spans} select={select} reload={reload} />
        {journey.truncated && (
          <p class="caution" role="note">This journey is longer than can be shown at once: some of its traces are missing here.</p>
        )}
        <section class="card" aria-label="Timeline">
          <JourneyTimeline timeline={timeline} lanes={lanes} handoffs={handoffs} selectedKey={selectedKey} select={select} />
        </section>
        {handoffs.length > 0 && (
          <section class="card" aria-labelledby="handoffs-title">
            <h2 class="card-title" id="handoffs-title">Handoffs</h2>
            <HandoffList handoffs={handoffs} base={timeline.base} select={select} />
          </section>
        )}
        {traces.map(({ traceId, spans, idleBefore }, index) => (
          <TraceSection key={traceId} number={index + 1} traceId={traceId} spans={spans}
            summary={summaries.get(traceId)}
            idleBefore={idleBefore > 0 ? formatLong(idleBefore) : ""}
            selectedKey={selectedKey.startsWith(`${traceId}/`) ? selectedKey : ""} select={select} />
        ))}
      </SpanSelection>
    </Hues.Provider>
  );
}
