import type { Outcome } from "../api/types";
import { outcomeOf } from "../model/handoffs";
import { isFailed, type TreeNode } from "../model/span_tree";
import { formatDuration } from "../model/time";
import { OutcomeBadge } from "./bots";
import { CaretIcon, ErrorIcon } from "./icons";
import { memo } from "./memo";

interface SpanRowProps {
  node: TreeNode;
  index: number;
  hueClass: string;
  /** Where the bar is, in percent of the trace. */
  left: number;
  width: number;
  open: boolean;
  selected: boolean;
  focusable: boolean;
}

const deepestIndent = 24;

/** One line of a span tree; there can be thousands. */
export const SpanRow = memo(({ node, index, hueClass, left, width, open, selected, focusable }: SpanRowProps) => {
  const { span, start, end } = node.timed;
  const duration = formatDuration(end - start);
  const failed = isFailed(node.timed);
  const hasChildren = node.children.length > 0;
  return (
    <div role="treeitem" class={`span-row ${hueClass}${failed ? " failed" : ""}`} data-index={index}
      tabIndex={focusable ? 0 : -1} aria-level={node.depth + 1} aria-selected={selected}
      aria-expanded={hasChildren ? open : undefined}
      aria-label={`${span.name}, ${duration}${failed ? `, error ${span.status.message}` : ""}`}>
      <span class="span-name" style={{ "--depth": Math.min(node.depth, deepestIndent) }}>
        <span class="caret" data-toggle={hasChildren ? "" : undefined}>{hasChildren && <CaretIcon />}</span>
        <i class="lane-dot" />
        <span class="span-title" title={span.name}>{span.name}</span>
        <SpanRemarks node={node} open={open} outcome={outcomeOf(span)} />
      </span>
      <span class="number">{duration}</span>
      <span class="track"><span class="track-bar" style={{ left: `${left}%`, width: `${width}%` }} /></span>
    </div>
  );
});

function SpanRemarks({ node, open, outcome }: { node: TreeNode; open: boolean; outcome: Outcome | undefined }) {
  const { span } = node.timed;
  return (
    <>
      {outcome !== undefined && <OutcomeBadge outcome={outcome} />}
      {isFailed(node.timed) && <span class="remark alarm"><ErrorIcon /> {span.status.message || "error"}</span>}
      {!open && node.descendants > 0 && (
        <span class={`remark ${node.failedBelow ? "alarm" : "muted"}`}>+{node.descendants}{node.failedBelow && " with errors"}</span>
      )}
      {node.parentMissing && <span class="remark muted" title="Its parent span has not arrived">parent missing</span>}
    </>
  );
}
