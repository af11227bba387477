// The span tree of one trace: indented names, durations, bars on a time axis with idle gaps collapsed.

import { useCallback, useMemo, useRef, useState } from "preact/hooks";
import { buildTree, visibleRows } from "../model/span_tree";
import { formatDuration, formatLong } from "../model/time";
import { findStretches, placeAxis, type PlacedAxis, ticksFor } from "../model/time_axis";
import { spanKey, type TimedSpan } from "../model/timed_span";
import { moveInTree } from "../model/tree_keys";
import { useHueClass } from "./bots";
import { SpanRow } from "./span_row";

const percentSizes = { width: 100, idleWidth: 9, minimumBusyWidth: 4, padding: 0 };
const headTicks = 4;
/** A tick label beyond this percentage would stick out. */
const lastLabel = 92;

interface WaterfallProps {
  label: string;
  /** Of one trace, by start. */
  spans: TimedSpan[];
  selectedKey: string;
  select: (key: string) => void;
}

export function Waterfall({ label, spans, selectedKey, select }: WaterfallProps) {
  const [collapsed, setCollapsed] = useState<ReadonlySet<string>>(new Set<string>());
  const [active, setActive] = useState(0);
  const tree = useRef<HTMLDivElement>(null);
  const roots = useMemo(() => buildTree(spans), [spans]);
  const axis = useMemo(() => placeAxis(findStretches(spans), percentSizes), [spans]);
  const rows = useMemo(() => visibleRows(roots, collapsed), [roots, collapsed]);
  const ticks = useMemo(() => placeTicks(axis), [axis]);
  const hueClass = useHueClass();

  const toggle = useCallback((spanId: string) => setCollapsed((old) => toggled(old, spanId)), []);
  const click = (event: MouseEvent) => {
    const target = event.target as Element;
    const index = Number(target.closest("[data-index]")?.getAttribute("data-index") ?? -1);
    const span = rows[index]?.timed.span;
    if (!span) return;
    setActive(index);
    if (target.closest("[data-toggle]")) toggle(span.span_id);
    else select(spanKey(span.trace_id, span.span_id));
  };
  const press = (event: KeyboardEvent) => {
    const action = moveInTree(rows, collapsed, active, event.key);
    if (!action) return;
    event.preventDefault();
    const { span } = rows[active]!.timed;
    if (action.kind === "toggle") toggle(span.span_id);
    if (action.kind === "choose") select(spanKey(span.trace_id, span.span_id));
    if (action.kind === "move") {
      setActive(action.to);
      (tree.current?.children[action.to] as HTMLElement | undefined)?.focus();
    }
  };

  return (
    <div class="waterfall" style={{ "--tick": `${ticks[1]?.left ?? 100}%` }}>
      <WaterfallHead axis={axis} ticks={ticks} />
      <div role="tree" aria-label={label} ref={tree} onClick={click} onKeyDown={press}>
        {rows.map((node, index) => {
          const { span, start, end } = node.timed;
          const left = (axis.position(start) / axis.width) * 100;
          return (
            <SpanRow key={span.span_id} node={node} index={index} hueClass={hueClass(span.bot)} left={left}
              width={(axis.position(end) / axis.width) * 100 - left} open={!collapsed.has(span.span_id)}
              selected={spanKey(span.trace_id, span.span_id) === selectedKey}
              focusable={index === Math.min(active, rows.length - 1)} />
          );
        })}
      </div>
    </div>
  );
}

function toggled(old: ReadonlySet<string>, spanId: string): ReadonlySet<string> {
  const next = new Set(old);
  if (!next.delete(spanId)) next.add(spanId);
  return next;
}

interface Tick {
  time: number;
  /** In percent of the axis. */
  left: number;
}

/** None where idle gaps are collapsed: a step to the right is not the same time everywhere. */
function placeTicks(axis: PlacedAxis): Tick[] {
  const [only, ...others] = axis.stretches;
  if (!only || others.length > 0) return [];
  const times = [0, ...ticksFor(only.end - only.start, headTicks)];
  return times.map((time) => ({ time, left: (axis.position(only.start + time) / axis.width) * 100 }));
}

function WaterfallHead({ axis, ticks }: { axis: PlacedAxis; ticks: Tick[] }) {
  return (
    <div class="waterfall-head" aria-hidden="true">
      <span>Span</span>
      <span class="number">Duration</span>
      <span class="track-scale">
        {ticks.filter(({ left }) => left <= lastLabel).map(({ time, left }) => (
          <span key={time} class="scale-mark" style={{ left: `${left}%` }}>{time === 0 ? "0" : formatDuration(time)}</span>
        ))}
        <IdleMarks axis={axis} />
      </span>
    </div>
  );
}

function IdleMarks({ axis }: { axis: PlacedAxis }) {
  return (
    <>
      {axis.stretches.filter(({ kind }) => kind === "idle").map(({ start, end, left, width }) => (
        <span key={start} class="scale-idle"
          style={{ left: `${(left / axis.width) * 100}%`, width: `${(width / axis.width) * 100}%` }}>
          {formatLong(end - start)} idle
        </span>
      ))}
    </>
  );
}
