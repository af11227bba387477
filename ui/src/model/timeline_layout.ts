// Where everything in a journey's timeline goes, in pixels. Lanes lie below one another; between them run
// channels, in which handoffs travel sideways and carry their labels, as many rows as the labels need.

import { confidenceText, outcomeText, type ResolvedHandoff, toneOf, type Tone } from "./handoffs";
import type { Lane, PlacedSpan } from "./lanes";
import { offsetFrom, parseInstant } from "./time";
import type { PlacedAxis } from "./time_axis";

export const barHeight = 14;
export const rowHeight = 18;
export const labelHeight = 20;
const channelRow = 26;
const emptyChannel = 6;
const lanePadding = 8;
const letterWidth = 6.2;
const labelPadding = 18;
const labelGap = 10;
const longestReason = 32;

export interface LaneBox {
  lane: Lane;
  top: number;
  height: number;
}

export interface Arrow {
  resolved: ResolvedHandoff;
  tone: Tone;
  /** Blocked or failed: the line stops in front of the target. */
  stopped: boolean;
  from: Point;
  channelY: number;
  to: Point;
  label: { text: string; left: number; top: number; width: number };
}

export interface Point {
  x: number;
  y: number;
}

export interface TimelineLayout {
  lanes: LaneBox[];
  arrows: Arrow[];
  height: number;
}

/** A handoff with its horizontal place; the vertical one depends on how many labels share a channel. */
interface Draft {
  resolved: ResolvedHandoff;
  source: number;
  target: number;
  channel: number;
  row: number;
  fromX: number;
  toX: number;
  text: string;
  labelLeft: number;
  labelWidth: number;
}

export function layoutTimeline(lanes: Lane[], handoffs: ResolvedHandoff[], axis: PlacedAxis, base: bigint): TimelineLayout {
  const indexOf = new Map(lanes.map((lane, index) => [lane.bot, index]));
  const drafts = handoffs.map((resolved) => draft(resolved, indexOf, axis, base));
  const channelRows = packChannels(drafts, lanes.length + 1);
  const boxes: LaneBox[] = [];
  const channelTops: number[] = [];
  let top = 0;
  for (let index = 0; index <= lanes.length; index++) {
    channelTops.push(top);
    top += channelHeight(channelRows[index]!);
    const lane = lanes[index];
    if (!lane) break;
    const height = lane.rows * rowHeight + 2 * lanePadding;
    boxes.push({ lane, top, height });
    top += height;
  }
  const rows = new Map(lanes.flatMap((lane) => lane.spans.map((placed) => [placed.timed, placed] as const)));
  return { lanes: boxes, arrows: drafts.map((item) => finish(item, boxes, channelTops, rows)), height: top };
}

export function barTop(box: LaneBox, placed: PlacedSpan): number {
  return box.top + lanePadding + placed.row * rowHeight + (rowHeight - barHeight) / 2;
}

function channelHeight(rows: number): number {
  return rows === 0 ? emptyChannel : rows * channelRow + emptyChannel;
}

function draft(resolved: ResolvedHandoff, indexOf: Map<string, number>, axis: PlacedAxis, base: bigint): Draft {
  const { handoff, pickedUp } = resolved;
  const source = indexOf.get(handoff.source_bot) ?? 0;
  const target = indexOf.get(handoff.target_bot) ?? 0;
  const fromX = axis.position(offsetFrom(base, parseInstant(handoff.end_ns)));
  const toX = pickedUp ? axis.position(pickedUp.start) : fromX;
  const { text, left: labelLeft, width: labelWidth } = placeLabel(labelTexts(resolved), fromX, toX, axis.width);
  return {
    resolved, source, target, row: 0, fromX, toX, text, labelLeft, labelWidth,
    channel: target > source ? target : target + 1,
  };
}

/** What a label may say, the most first: shorter ones are for where there is little room. */
function labelTexts({ handoff, blockedBy }: ResolvedHandoff): string[] {
  const reason = handoff.reason.length > longestReason ? `${handoff.reason.slice(0, longestReason - 1)}…` : handoff.reason;
  const outcome = outcomeText(handoff.outcome);
  const because = blockedBy ? `${outcome} by ${blockedBy}` : outcome;
  const confidence = confidenceText(handoff.confidence);
  return [[confidence, because, reason], [confidence, because], [confidence, outcome]].map((parts) =>
    parts.filter((part) => part !== "").join(" · "),
  );
}

interface PlacedLabel {
  text: string;
  left: number;
  width: number;
}

/** The longest text that fits on the line, or else right of it; the shortest goes left if even that does not fit. */
function placeLabel(texts: string[], fromX: number, toX: number, axisWidth: number): PlacedLabel {
  const lineLeft = Math.min(fromX, toX);
  const lineRight = Math.max(fromX, toX);
  const fit = (text: string, width: number): PlacedLabel | undefined => {
    if (lineRight - lineLeft >= width + 2 * labelGap) return { text, width, left: lineLeft + labelGap };
    if (lineRight + labelGap + width <= axisWidth) return { text, width, left: lineRight + labelGap };
    return undefined;
  };
  const labels = texts.map((text) => fit(text, widthOf(text)));
  const shortest = texts.at(-1) ?? "";
  const width = widthOf(shortest);
  return labels.find((label) => label !== undefined) ?? { text: shortest, width, left: Math.max(0, lineLeft - labelGap - width) };
}

function widthOf(text: string): number {
  return text.length * letterWidth + labelPadding;
}

/** Puts labels that would overlap on rows of their own; returns the rows of each channel. */
function packChannels(drafts: Draft[], channels: number): number[] {
  const rowEnds: number[][] = Array.from({ length: channels }, () => []);
  for (const item of [...drafts].sort((a, b) => leftOf(a) - leftOf(b))) {
    const ends = rowEnds[item.channel]!;
    const free = ends.findIndex((end) => end + labelGap <= leftOf(item));
    item.row = free >= 0 ? free : ends.length;
    ends[item.row] = Math.max(item.labelLeft + item.labelWidth, item.fromX, item.toX);
  }
  return rowEnds.map((ends) => ends.length);
}

function leftOf({ labelLeft, fromX, toX }: Draft): number {
  return Math.min(labelLeft, fromX, toX);
}

function finish(item: Draft, boxes: LaneBox[], channelTops: number[], rows: Map<unknown, PlacedSpan>): Arrow {
  const { resolved, source, target, channel, fromX, toX } = item;
  const tone = toneOf(resolved.handoff.outcome);
  const channelY = channelTops[channel]! + emptyChannel / 2 + item.row * channelRow + channelRow / 2;
  const leavesDownwards = channel > source;
  const arrivesDownwards = channel <= target;
  const stopped = tone === "bad";
  return {
    resolved, tone, stopped, channelY,
    from: { x: fromX, y: edge(boxes[source]!, rows.get(resolved.timed), leavesDownwards ? "bottom" : "top") },
    to: {
      x: toX,
      y: edge(boxes[target]!, stopped ? undefined : rows.get(resolved.pickedUp), arrivesDownwards ? "top" : "bottom"),
    },
    label: { text: item.text, left: item.labelLeft, top: channelY - labelHeight / 2, width: item.labelWidth },
  };
}

/** The side of a span's bar, or of the whole lane where there is no bar. */
function edge(box: LaneBox, placed: PlacedSpan | undefined, side: "top" | "bottom"): number {
  const top = placed ? barTop(box, placed) : box.top;
  const height = placed ? barHeight : box.height;
  return side === "top" ? top : top + height;
}
