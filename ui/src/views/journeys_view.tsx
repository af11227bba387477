import { useEffect } from "preact/hooks";
import { listBots, listJourneys } from "../api/client";
import type { JourneySummary } from "../api/types";
import { usePages, useRequest } from "../api/use_request";
import { BotPath, Hues, OutcomeCounts } from "../components/bots";
import { BotFilters, ErrorsFilter, FilterBar, RangeFilter, TextFilter } from "../components/filters";
import { Count, ListFrame } from "../components/list_frame";
import { Notice } from "../components/states";
import { Ago } from "../components/times";
import { useTitle } from "../components/use_title";
import { hasFilters, toQuery } from "../model/filters";
import { assignHues } from "../model/hues";
import { journeyPath } from "../model/routes";
import { Link } from "../router";

const columns = ["Contact", "Bots", "Handoffs", "Traces", "Spans", "Errors", "Last activity"];

export function JourneysView({ filters }: { filters: URLSearchParams }) {
  useTitle("Journeys");
  const bots = useRequest("bots", listBots).data ?? [];
  const pages = usePages(filters.toString(), (page, signal) =>
    listJourneys({ ...toQuery(filters, new Date()), ...(page && { page }) }, signal),
  );
  const hues = assignHues([...bots.map(({ bot }) => bot), ...(pages.data ?? []).flatMap((journey) => journey.bots)]);
  return (
    <Hues.Provider value={hues}>
      <ListFrame title="Journeys" what="journeys" pages={pages} columns={columns} layout="journeys-layout"
        filters={
          <FilterBar label="Find journeys">
            <TextFilter filters={filters} name="contact" label="Contact" placeholder="Contact id or part of it" />
            <BotFilters filters={filters} bots={bots} />
            <RangeFilter filters={filters} />
            <ErrorsFilter filters={filters} />
          </FilterBar>
        }
        empty={hasFilters(filters) ? <NoMatch /> : <FirstSteps lookAgain={pages.reload} />}
        row={(journey) => <JourneyRow key={journey.contact_id} journey={journey} />} />
    </Hues.Provider>
  );
}

function JourneyRow({ journey }: { journey: JourneySummary }) {
  return (
    <li class="row">
      <Link class="row-link" href={journeyPath(journey.contact_id)}>{journey.contact_id}</Link>
      <BotPath bots={journey.bots} />
      <OutcomeCounts handoffs={journey.handoffs} />
      <Count value={journey.traces} one="trace" many="traces" />
      <Count value={journey.spans} one="span" many="spans" />
      <Count value={journey.errors} one="error" many="errors" alarm />
      <span class="when"><Ago time={journey.last_ns} /></span>
    </li>
  );
}

function NoMatch() {
  return (
    <Notice title="No journey matches">
      <p>Loosen a filter, or <Link href="/">show all journeys</Link>.</p>
    </Notice>
  );
}

const lookAgainMs = 4000;

/** For a newcomer with an empty store: how the first spans get here. The page fills by itself once they do. */
function FirstSteps({ lookAgain }: { lookAgain: () => void }) {
  useEffect(() => {
    const timer = setInterval(lookAgain, lookAgainMs);
    return () => clearInterval(timer);
  }, [lookAgain]);
  return (
    <Notice title="No journeys yet">
      <p>Segue is ready. A journey appears here as soon as spans with a contact arrive.</p>
      <dl class="steps">
        <dt>See it work</dt>
        <dd>
          <pre><code>./dev demo</code></pre>
          Plays conversations through the Jorge bots and traces them into this server.
        </dd>
        <dt>Send your own</dt>
        <dd>
          <pre><code>OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318</code></pre>
          Any OpenTelemetry program, in any language: OTLP over HTTP on port 4318, over gRPC on 4317.
        </dd>
      </dl>
      <p class="muted">This page looks again every few seconds.</p>
    </Notice>
  );
}
