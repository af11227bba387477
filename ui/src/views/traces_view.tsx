import { listBots, listServices, listTraces } from "../api/client";
import type { TraceSummary } from "../api/types";
import { usePages, useRequest } from "../api/use_request";
import { BotPath, Hues } from "../components/bots";
import {
  BotFilters, ErrorsFilter, FilterBar, RangeFilter, SelectFilter, TextFilter, withAny,
} from "../components/filters";
import { Count, ListFrame } from "../components/list_frame";
import { Notice } from "../components/states";
import { Ago } from "../components/times";
import { useTitle } from "../components/use_title";
import { toQuery } from "../model/filters";
import { assignHues } from "../model/hues";
import { tracePath } from "../model/routes";
import { formatDuration, offsetFrom, parseInstant } from "../model/time";
import { Link } from "../router";

const columns = ["Trace", "Bots", "Duration", "Spans", "Errors", "Started"];

export function TracesView({ filters }: { filters: URLSearchParams }) {
  useTitle("Traces");
  const bots = useRequest("bots", listBots).data ?? [];
  const services = useRequest("services", listServices).data ?? [];
  const pages = usePages(filters.toString(), (page, signal) =>
    listTraces({ ...toQuery(filters, new Date()), ...(page && { page }) }, signal),
  );
  const hues = assignHues([...bots.map(({ bot }) => bot), ...(pages.data ?? []).flatMap((trace) => trace.bots)]);
  return (
    <Hues.Provider value={hues}>
      <ListFrame title="Traces" what="traces" pages={pages} columns={columns} layout="traces-layout"
        filters={
          <FilterBar label="Find traces">
            <TextFilter filters={filters} name="name" label="Span name" placeholder="lead_bot.analyze_intent" />
            <BotFilters filters={filters} bots={bots} />
            <SelectFilter filters={filters} name="service" label="Service" options={withAny("Any service", services)} />
            <TextFilter filters={filters} name="min_duration_ms" label="At least (ms)" type="number" placeholder="0" />
            <RangeFilter filters={filters} />
            <ErrorsFilter filters={filters} />
          </FilterBar>
        }
        empty={<Notice title="No trace matches"><p>Loosen a filter, or <Link href="/traces">show all traces</Link>.</p></Notice>}
        row={(trace) => <TraceRow key={trace.trace_id} trace={trace} />} />
    </Hues.Provider>
  );
}

function TraceRow({ trace }: { trace: TraceSummary }) {
  const duration = offsetFrom(parseInstant(trace.start_ns), parseInstant(trace.end_ns));
  return (
    <li class="row">
      <span class="trace-name">
        <Link class="row-link" href={tracePath(trace.trace_id)}>{trace.root_name || "(root not seen)"}</Link>
        <span class="muted mono trace-origin">
          {[trace.root_service, ...trace.contact_ids, trace.trace_id.slice(0, 8)].filter((part) => part !== "").join(" · ")}
        </span>
      </span>
      <BotPath bots={trace.bots} />
      <span class="number">{formatDuration(duration)}</span>
      <Count value={trace.spans} one="span" many="spans" />
      <Count value={trace.errors} one="error" many="errors" alarm />
      <span class="when"><Ago time={trace.start_ns} /></span>
    </li>
  );
}
