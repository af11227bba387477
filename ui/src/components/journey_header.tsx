import type { Journey } from "../api/types";
import { failedHandoffs, slowestNode } from "../model/summary";
import { formatDuration, formatLong, offsetFrom, parseInstant } from "../model/time";
import { spanKey, type TimedSpan } from "../model/timed_span";
import { BotPath } from "./bots";
import { Name } from "./name";
import { PageHeader, Stat } from "./page_header";
import { At } from "./times";

interface JourneyHeaderProps {
  journey: Journey;
  spans: TimedSpan[];
  select: (key: string) => void;
  reload: () => void;
}

export function JourneyHeader({ journey, spans, select, reload }: JourneyHeaderProps) {
  const length = offsetFrom(parseInstant(journey.first_ns), parseInstant(journey.last_ns));
  const slowest = slowestNode(spans);
  const failed = failedHandoffs(journey);
  return (
    <PageHeader back={{ href: "/", label: "Journeys" }} title={journey.contact_id} id={journey.contact_id} idName="contact id" reload={reload}>
      <p class="subject-line">
        <BotPath bots={journey.bots} />
        <span class="muted"><At time={journey.first_ns} /> – <At time={journey.last_ns} /></span>
      </p>
      <dl class="stats">
        <Stat name="Duration">{formatLong(length)}</Stat>
        <Stat name="Traces">{journey.traces}</Stat>
        <Stat name="Spans">{journey.spans}</Stat>
        <Stat name="Errors" alarm={journey.errors > 0}>{journey.errors}</Stat>
        <Stat name="Failed handoffs" alarm={failed > 0}>{failed} <span class="muted">of {journey.handoffs.length}</span></Stat>
        {slowest && (
          <Stat name="Slowest node" wide>
            <button type="button" class="link-button" onClick={() => select(spanKey(slowest.timed.span.trace_id, slowest.timed.span.span_id))}>
              <Name text={slowest.timed.span.name} />
            </button>{" "}
            <span class="muted">{formatDuration(slowest.duration)}</span>
          </Stat>
        )}
      </dl>
    </PageHeader>
  );
}
