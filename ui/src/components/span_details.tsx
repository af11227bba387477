// Everything known about one span, beside the page or, on a narrow screen, over it.

import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { SpanLink } from "../api/types";
import { outcomeOf } from "../model/handoffs";
import { journeyPath, tracePath } from "../model/routes";
import { formatDuration, offsetFrom, parseInstant } from "../model/time";
import type { TimedSpan } from "../model/timed_span";
import { Link } from "../router";
import { AttributeTable } from "./attribute_table";
import { BotChip, OutcomeBadge } from "./bots";
import { CopyButton } from "./copy_button";
import { CloseIcon, ErrorIcon, LinkIcon } from "./icons";
import { Name } from "./name";
import { At } from "./times";

interface SpanDetailsProps {
  timed: TimedSpan;
  /** Spans on this page that link to this one. */
  linkedFrom: TimedSpan[];
  close: () => void;
  /** Shows a linked span: on this page if it is here, else on its trace's page. */
  follow: (traceId: string, spanId: string) => void;
}

export function SpanDetails({ timed, linkedFrom, close, follow }: SpanDetailsProps) {
  const { span, start, end } = timed;
  const heading = useRef<HTMLHeadingElement>(null);
  useEscape(close);
  useFocusWhileOpen(heading);
  return (
    <div class="details" role="dialog" aria-modal="false" aria-label={`Span details: ${span.name}`}>
      <header class="details-head">
        <h2 ref={heading} tabIndex={-1}><Name text={span.name} /></h2>
        <button type="button" class="icon-button" aria-label="Close details" onClick={close}><CloseIcon /></button>
      </header>
      <div class="details-body">
        {span.status.code === "error" && (
          <p class="error-line"><ErrorIcon /> {span.status.message || "This span failed without saying why."}</p>
        )}
        <Facts timed={timed} duration={formatDuration(end - start)} />
        <Section title="Attributes" count={span.attributes.length}><AttributeTable attributes={span.attributes} /></Section>
        <Events timed={timed} />
        <Links title="Links" links={span.links} follow={follow} />
        <Links title="Linked from" links={linkedFrom.map(({ span: { trace_id, span_id, name } }) => ({ trace_id, span_id, name }))}
          follow={follow} />
        <Section title="Resource" count={span.resource.length}><AttributeTable attributes={span.resource} /></Section>
      </div>
    </div>
  );
}

// Both at once with the dialog, not after the next painting: a key pressed in between would be lost.

function useEscape(close: () => void): void {
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent) => event.key === "Escape" && close();
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [close]);
}

/** Moves focus to `target` while it is shown, and back to where it was afterwards. */
function useFocusWhileOpen(target: { current: HTMLElement | null }): void {
  useLayoutEffect(() => {
    const before = document.activeElement;
    target.current?.focus({ preventScroll: true });
    return () => before instanceof HTMLElement && before.isConnected && before.focus({ preventScroll: true });
  }, []);
}

function Facts({ timed, duration }: { timed: TimedSpan; duration: string }) {
  const { span } = timed;
  const outcome = outcomeOf(span);
  const scope = [span.scope.name, span.scope.version].filter((part) => part !== "").join(" ");
  return (
    <dl class="facts">
      <Fact name="Duration">{duration}</Fact>
      <Fact name="Started"><At time={span.start_ns} /></Fact>
      <Fact name="Status">{span.status.code}</Fact>
      {outcome !== undefined && <Fact name="Outcome"><OutcomeBadge outcome={outcome} /></Fact>}
      {span.bot && <Fact name="Bot"><BotChip bot={span.bot} /></Fact>}
      {span.node && <Fact name="Node">{span.node}</Fact>}
      <Fact name="Kind">{[span.kind, span.role].filter((part) => part !== "").join(", ")}</Fact>
      <Fact name="Service">{span.service}</Fact>
      {scope && <Fact name="Scope">{scope}</Fact>}
      {span.contact_id && (
        <Fact name="Contact"><Link href={journeyPath(span.contact_id)}>{span.contact_id}</Link></Fact>
      )}
      <Fact name="Trace">
        <Link class="mono" href={tracePath(span.trace_id, span.span_id)}>{span.trace_id}</Link>
        <CopyButton text={span.trace_id} what="trace id" />
      </Fact>
      <Fact name="Span"><span class="mono">{span.span_id}</span><CopyButton text={span.span_id} what="span id" /></Fact>
      {span.parent_span_id && <Fact name="Parent"><span class="mono">{span.parent_span_id}</span></Fact>}
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return <div><dt>{name}</dt><dd>{children}</dd></div>;
}

function Section({ title, count, children }: { title: string; count: number; children: ComponentChildren }) {
  if (count === 0) return null;
  return (
    <section class="details-section">
      <h3>{title} <span class="muted">{count}</span></h3>
      {children}
    </section>
  );
}

function Events({ timed: { span } }: { timed: TimedSpan }) {
  return (
    <Section title="Events" count={span.events.length}>
      {span.events.map((event, index) => (
        <div class={`event${event.name === "exception" ? " failed" : ""}`} key={index}>
          <div class="event-head">
            <span>{event.name}</span>
            <span class="number">+{formatDuration(offsetFrom(parseInstant(span.start_ns), parseInstant(event.time_ns)))}</span>
          </div>
          <AttributeTable attributes={event.attributes} />
        </div>
      ))}
    </Section>
  );
}

type NamedLink = Pick<SpanLink, "trace_id" | "span_id"> & { name?: string; attributes?: SpanLink["attributes"] };

function Links({ title, links, follow }: { title: string; links: NamedLink[]; follow: SpanDetailsProps["follow"] }) {
  return (
    <Section title={title} count={links.length}>
      {links.map(({ trace_id, span_id, name, attributes }, index) => (
        <div class="span-link" key={index}>
          <button type="button" class="link-button" onClick={() => follow(trace_id, span_id)}>
            <LinkIcon /> {name ?? `Span ${span_id}`}
            <span class="muted mono"> in trace {trace_id.slice(0, 8)}</span>
          </button>
          <AttributeTable attributes={attributes ?? []} />
        </div>
      ))}
    </Section>
  );
}
