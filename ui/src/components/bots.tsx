// Bots as coloured chips, and how one handed over to the next.

import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Outcome } from "../api/types";
import { countOutcomes, outcomeText, toneOf, type Tone } from "../model/handoffs";
import type { Handoff } from "../api/types";
import { ArrowIcon, BlockedIcon, CheckIcon, WaitIcon } from "./icons";

/** The page's colours by bot; a view that knows its bots provides them. */
export const Hues = createContext<ReadonlyMap<string, number>>(new Map());

/** The class that gives an element its bot's colours; services have none. */
export function useHueClass(): (bot: string) => string {
  const hues = useContext(Hues);
  return (bot) => {
    const hue = hues.get(bot);
    return hue === undefined ? "hue-none" : `hue-${hue}`;
  };
}

export function BotChip({ bot }: { bot: string }) {
  const hueClass = useHueClass();
  return <span class={`bot-chip ${hueClass(bot)}`}>{bot}</span>;
}

/** Bots in the order they took part, with arrows between them. */
export function BotPath({ bots }: { bots: string[] }) {
  if (bots.length === 0) return <span class="muted">no bot</span>;
  return (
    <span class="bot-path">
      {bots.map((bot, index) => (
        <span class="bot-step" key={index}>
          {index > 0 && <><ArrowIcon /><span class="visually-hidden"> to </span></>}
          <BotChip bot={bot} />
        </span>
      ))}
    </span>
  );
}

const toneIcons: Record<Tone, () => preact.JSX.Element> = {
  good: CheckIcon,
  waiting: WaitIcon,
  bad: BlockedIcon,
  unknown: WaitIcon,
};

export function OutcomeBadge({ outcome, count }: { outcome: Outcome; count?: number }) {
  const tone = toneOf(outcome);
  const ToneIcon = toneIcons[tone];
  return (
    <span class={`badge tone-${tone}`}>
      <ToneIcon />
      {count !== undefined && `${count} `}
      {outcomeText(outcome)}
    </span>
  );
}

/** "1 executed, 2 blocked" as badges. */
export function OutcomeCounts({ handoffs }: { handoffs: Handoff[] }) {
  if (handoffs.length === 0) return <span class="muted">none</span>;
  return (
    <span class="badges">
      {countOutcomes(handoffs).map(({ outcome, count }) => (
        <OutcomeBadge key={outcome} outcome={outcome} count={count} />
      ))}
    </span>
  );
}
