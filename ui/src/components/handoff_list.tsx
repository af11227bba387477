import { useState } from "preact/hooks";
import { confidenceText, handoffLabel, type ResolvedHandoff, toneOf } from "../model/handoffs";
import { formatLong, offsetFrom, parseInstant } from "../model/time";
import { spanKey } from "../model/timed_span";
import { BotPath, OutcomeBadge } from "./bots";
import { At } from "./times";

/** Enough for most journeys; the others need room for their spans first. */
const shownAtFirst = 8;

interface HandoffListProps {
  handoffs: ResolvedHandoff[];
  base: bigint;
  select: (key: string) => void;
}

/** Every handoff in words, oldest first; choosing one shows its span. */
export function HandoffList({ handoffs, base, select }: HandoffListProps) {
  const [all, setAll] = useState(handoffs.length <= shownAtFirst);
  return (
    <div class="handoffs">
      <ul aria-label="Handoffs">
        {(all ? handoffs : handoffs.slice(0, shownAtFirst)).map((resolved) => (
          <HandoffRow key={keyOf(resolved)} resolved={resolved} base={base} select={select} />
        ))}
      </ul>
      {!all && (
        <button type="button" class="button load-more" onClick={() => setAll(true)}>Show all {handoffs.length} handoffs</button>
      )}
    </div>
  );
}

function keyOf({ handoff }: ResolvedHandoff): string {
  return spanKey(handoff.trace_id, handoff.span_id);
}

function HandoffRow({ resolved, base, select }: Omit<HandoffListProps, "handoffs"> & { resolved: ResolvedHandoff }) {
  const { handoff } = resolved;
  return (
    <li>
      <button type="button" class="handoff" aria-label={handoffLabel(handoff)} onClick={() => select(keyOf(resolved))}>
        <BotPath bots={[handoff.source_bot, handoff.target_bot]} />
        <OutcomeBadge outcome={handoff.outcome} />
        <span class="number">{confidenceText(handoff.confidence) || "–"}</span>
        <span class="handoff-reason">{reasonText(resolved)}</span>
        <span class="muted">{sequelText(resolved, base)}</span>
        <span class="when"><At time={handoff.start_ns} /></span>
      </button>
    </li>
  );
}

function reasonText({ handoff, blockedBy }: ResolvedHandoff): string {
  return [handoff.reason, blockedBy && `blocked by ${blockedBy}`].filter((part) => part !== "").join(", ");
}

/** A wait below this, in nanoseconds, is not worth telling. */
const noWait = 1e9;

/** What came of it: a handoff nobody picked up is a lost contact, and must say so. */
function sequelText({ handoff, timed, pickedUp }: ResolvedHandoff, base: bigint): string {
  if (toneOf(handoff.outcome) === "bad") return `stayed with ${handoff.source_bot}`;
  if (!timed) return "";
  if (!pickedUp) return `${handoff.target_bot} has not spoken yet`;
  const wait = pickedUp.start - offsetFrom(base, parseInstant(handoff.end_ns));
  return wait < noWait ? "picked up at once" : `picked up after ${formatLong(wait)}`;
}
