// The journey at a glance: a lane per bot, turns side by side with the idle time between them collapsed,
// handoffs as arrows from lane to lane. For the pointer; keyboard and screen readers get the same
// from the handoff list and the span trees below it.

import { useMemo, useRef } from "preact/hooks";
import type { ResolvedHandoff } from "../model/handoffs";
import { type Lane, type PlacedSpan, servicesLane } from "../model/lanes";
import { formatDuration, formatLong, formatMinute } from "../model/time";
import { findStretches, placeAxis, type PlacedAxis, type PlacedStretch, ticksFor } from "../model/time_axis";
import { spanKey, type Timeline } from "../model/timed_span";
import { barHeight, barTop, type LaneBox, layoutTimeline, rowHeight } from "../model/timeline_layout";
import { useHueClass } from "./bots";
import { HandoffArrows } from "./handoff_arrows";
import { memo } from "./memo";
import { Name } from "./name";
import { useWidth } from "./use_width";

const headHeight = 44;
const footHeight = 22;
const axisSizes = { idleWidth: 84, minimumBusyWidth: 170, padding: 14 };
const ticksEvery = 90;
const narrowestText = 44;
const narrowestBar = 2;
const letterWidth = 6;

interface JourneyTimelineProps {
  timeline: Timeline;
  lanes: Lane[];
  handoffs: ResolvedHandoff[];
  selectedKey: string;
  select: (key: string) => void;
}

export function JourneyTimeline({ timeline, lanes, handoffs, selectedKey, select }: JourneyTimelineProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const width = useWidth(scroller);
  const stretches = useMemo(() => findStretches(timeline.spans), [timeline]);
  const axis = useMemo(() => placeAxis(stretches, { ...axisSizes, width }), [stretches, width]);
  const layout = useMemo(() => layoutTimeline(lanes, handoffs, axis, timeline.base), [lanes, handoffs, axis, timeline]);
  const height = headHeight + layout.height + footHeight;
  return (
    <div class="timeline">
      <LaneNames boxes={layout.lanes} height={height} />
      <div class="timeline-scroll" ref={scroller} tabIndex={0} role="group" aria-label="Timeline, one lane per bot">
        {width > 0 && (
          <svg width={axis.width} height={height} aria-hidden="true" onClick={(event) => selectTarget(event, select)}>
            <IdleHatch />
            {layout.lanes.map((box) => (
              <rect key={box.lane.bot} class="lane-back" x={0} y={headHeight + box.top} width={axis.width} height={box.height} />
            ))}
            {axis.stretches.map((stretch) => (
              <StretchFrame key={stretch.start} stretch={stretch} base={timeline.base} axis={axis} height={height} />
            ))}
            <g transform={`translate(0 ${headHeight})`}>
              {layout.lanes.map((box) => <LaneBars key={box.lane.bot} box={box} axis={axis} />)}
              <SelectionFrame boxes={layout.lanes} axis={axis} selectedKey={selectedKey} />
              <HandoffArrows arrows={layout.arrows} />
            </g>
          </svg>
        )}
      </div>
    </div>
  );
}

/** One listener for all bars and arrows, which name their span in `data-key`. */
function selectTarget(event: MouseEvent, select: (key: string) => void): void {
  const key = event.target instanceof Element ? event.target.closest("[data-key]")?.getAttribute("data-key") : null;
  if (key) select(key);
}

function LaneNames({ boxes, height }: { boxes: LaneBox[]; height: number }) {
  const hueClass = useHueClass();
  return (
    <div class="lane-names" style={{ height: `${height}px` }}>
      {boxes.map(({ lane, top, height: laneHeight }) => (
        <div key={lane.bot} class={`lane-name ${hueClass(lane.bot)}`} style={{ top: `${headHeight + top}px`, height: `${laneHeight}px` }}>
          <span><Name text={lane.bot === servicesLane ? "HTTP & services" : lane.bot} /></span>
        </div>
      ))}
    </div>
  );
}

function IdleHatch() {
  return (
    <defs>
      <pattern id="idle-hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <line class="idle-line" x1="0" y1="0" x2="0" y2="6" />
      </pattern>
    </defs>
  );
}

interface StretchProps {
  stretch: PlacedStretch;
  base: bigint;
  axis: PlacedAxis;
  height: number;
}

function StretchFrame(props: StretchProps) {
  return props.stretch.kind === "idle" ? <IdleStretch {...props} /> : <BusyStretch {...props} />;
}

function IdleStretch({ stretch: { left, width, start, end }, height }: StretchProps) {
  const middle = left + width / 2;
  return (
    <g class="idle">
      <rect x={left} y={0} width={width} height={height} fill="url(#idle-hatch)" />
      <text x={middle} y={19} text-anchor="middle">{formatLong(end - start)}</text>
      <text x={middle} y={34} text-anchor="middle">idle</text>
    </g>
  );
}

function BusyStretch({ stretch, base, axis, height }: StretchProps) {
  const { left, width, start, end } = stretch;
  const bottom = height - footHeight;
  return (
    <g class="turn">
      <text class="turn-time" x={left + axisSizes.padding} y={19}>{formatMinute(base + BigInt(Math.round(start)))}</text>
      <text class="turn-duration" x={left + axisSizes.padding} y={34}>{formatDuration(end - start)}</text>
      {[0, ...ticksFor(end - start, Math.floor(width / ticksEvery))].map((tick) => {
        const x = axis.position(start + tick);
        return (
          <g key={tick} class="tick">
            <line x1={x} x2={x} y1={headHeight} y2={bottom} />
            <text x={x} y={height - 7} text-anchor={tick === 0 ? "start" : "middle"}>{tick === 0 ? "0" : formatDuration(tick)}</text>
          </g>
        );
      })}
    </g>
  );
}

/** The bars of a lane: many, and independent of what is chosen. */
const LaneBars = memo(({ box, axis }: { box: LaneBox; axis: PlacedAxis }) => {
  const hueClass = useHueClass();
  return (
    <g class={`bars ${hueClass(box.lane.bot)}`}>
      {box.lane.spans.map((placed) => {
        const { span, start, end } = placed.timed;
        const { x, y, width } = barOf(placed, box, axis);
        return (
          <g key={keyOf(placed)} class={span.status.code === "error" ? "bar failed" : "bar"} data-key={keyOf(placed)}>
            <title>{`${span.name} (${formatDuration(end - start)})`}</title>
            <rect x={x} y={y} width={width} height={barHeight} rx={2.5} />
            {width >= narrowestText && (
              <text x={x + 5} y={y + rowHeight / 2 + 1.5}>{fit(span.node || span.name, width - 8)}</text>
            )}
          </g>
        );
      })}
    </g>
  );
});

function SelectionFrame({ boxes, axis, selectedKey }: { boxes: LaneBox[]; axis: PlacedAxis; selectedKey: string }) {
  if (selectedKey === "") return null;
  for (const box of boxes) {
    const placed = box.lane.spans.find((candidate) => keyOf(candidate) === selectedKey);
    if (placed) return <rect class="selection-frame" {...barOf(placed, box, axis)} height={barHeight} rx={2.5} />;
  }
  return null;
}

function barOf(placed: PlacedSpan, box: LaneBox, axis: PlacedAxis) {
  const x = axis.position(placed.timed.start);
  return { x, y: barTop(box, placed), width: Math.max(narrowestBar, axis.position(placed.timed.end) - x) };
}

function keyOf({ timed: { span } }: PlacedSpan): string {
  return spanKey(span.trace_id, span.span_id);
}

function fit(text: string, width: number): string {
  const letters = Math.floor(width / letterWidth);
  return text.length <= letters ? text : `${text.slice(0, Math.max(1, letters - 1))}…`;
}
