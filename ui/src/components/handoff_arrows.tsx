import type { ComponentChildren } from "preact";
import { handoffLabel } from "../model/handoffs";
import { spanKey } from "../model/timed_span";
import { type Arrow, labelHeight } from "../model/timeline_layout";

const cornerRadius = 6;
const headSize = 5;

/** Handoffs as arrows, with all labels above all lines. */
export function HandoffArrows({ arrows }: { arrows: Arrow[] }) {
  return (
    <>
      {arrows.map((arrow, index) => <Line key={index} arrow={arrow} />)}
      {arrows.map((arrow, index) => <Label key={index} arrow={arrow} />)}
    </>
  );
}

/** What both parts of an arrow carry: its colours, its span, its name on hover. */
function Part({ arrow: { tone, resolved: { handoff } }, children }: { arrow: Arrow; children: ComponentChildren }) {
  return (
    <g class={`arrow tone-${tone}`} data-key={spanKey(handoff.trace_id, handoff.span_id)}>
      <title>{handoffLabel(handoff) + (handoff.reason && `: ${handoff.reason}`)}</title>
      {children}
    </g>
  );
}

/** From the end of the handoff's bar through the channel to where the target bot picked it up, or was kept from it. */
function Line({ arrow }: { arrow: Arrow }) {
  return (
    <Part arrow={arrow}>
      <path class="arrow-line" d={linePath(arrow)} />
      <circle class="arrow-start" cx={arrow.from.x} cy={arrow.from.y} r={3} />
      {arrow.stopped ? <Cross arrow={arrow} /> : <Head arrow={arrow} />}
    </Part>
  );
}

function Label({ arrow }: { arrow: Arrow }) {
  const { text, left, top, width } = arrow.label;
  return (
    <Part arrow={arrow}>
      <rect class="arrow-label" x={left} y={top} width={width} height={labelHeight} rx={labelHeight / 2} />
      <text x={left + width / 2} y={top + labelHeight / 2 + 4} text-anchor="middle">{text}</text>
    </Part>
  );
}

function linePath({ from, channelY, to }: Arrow): string {
  const radius = Math.min(cornerRadius, Math.abs(to.x - from.x) / 2);
  if (radius < 1) return `M${from.x} ${from.y}V${to.y}`;
  const sideways = Math.sign(to.x - from.x) * radius;
  const into = Math.sign(channelY - from.y) * radius;
  const out = Math.sign(to.y - channelY) * radius;
  return [
    `M${from.x} ${from.y}V${channelY - into}`,
    `Q${from.x} ${channelY} ${from.x + sideways} ${channelY}`,
    `H${to.x - sideways}`,
    `Q${to.x} ${channelY} ${to.x} ${channelY + out}V${to.y}`,
  ].join("");
}

function Head({ arrow: { to, channelY } }: { arrow: Arrow }) {
  const back = to.y >= channelY ? -headSize * 1.5 : headSize * 1.5;
  return <path class="arrow-head" d={`M${to.x} ${to.y}l${-headSize} ${back}h${2 * headSize}z`} />;
}

function Cross({ arrow: { to } }: { arrow: Arrow }) {
  const { x, y } = to;
  return (
    <g class="arrow-cross">
      <circle cx={x} cy={y} r={7} />
      <path d={`M${x - 3} ${y - 3}l6 6m0 -6l-6 6`} />
    </g>
  );
}
