import { confidenceText, handoffLabel, type ResolvedHandoff, toneOf } from "../model/handoffs";
import { formatLong, offsetFrom, parseInstant } from "../model/time";
import { spanKey } from "../model/timed_span";
import { BotPath, OutcomeBadge } from "./bots";
import { At } from "./times";

/** Every handoff in words, oldest first; choosing one shows its span. */
export function HandoffList({ handoffs, base, select }: {
  handoffs: ResolvedHandoff[];
  base: bigint;
  select: (key: string) => void;
}) {
  return (
    <ul class="handoffs" aria-label="Handoffs">
      {handoffs.map((resolved) => {
        const { handoff } = resolved;
        const key = spanKey(handoff.trace_id, handoff.span_id);
        return (
          <li key={key}>
            <button type="button" class="handoff" aria-label={handoffLabel(handoff)} onClick={() => select(key)}>
              <BotPath bots={[handoff.source_bot, handoff.target_bot]} />
              <OutcomeBadge outcome={handoff.outcome} />
              <span class="number">{confidenceText(handoff.confidence) || "–"}</span>
              <span class="handoff-reason">{reasonText(resolved)}</span>
              <span class="muted">{sequelText(resolved, base)}</span>
              <span class="when"><At time={handoff.start_ns} /></span>
            </button>
          </li>
        );
      })}
    </ul>
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
