// Builders for unit tests: a span, or its timed form, from the few fields a test is about.

import type { Handoff, Span } from "../api/types";
import type { TimedSpan } from "./timed_span";

export function makeSpan(fields: Partial<Span> = {}): Span {
  return {
    trace_id: "trace", span_id: "span", parent_span_id: "", name: "name", kind: "internal", start_ns: "0", end_ns: "0",
    status: { code: "unset", message: "" }, service: "jorge", scope: { name: "", version: "" }, role: "", bot: "", node: "",
    contact_id: "", attributes: [], events: [], links: [], resource: [], ...fields,
  };
}

export function makeTimed(start: number, end: number, fields: Partial<Span> = {}): TimedSpan {
  return { span: makeSpan(fields), start, end };
}

export function makeHandoff(fields: Partial<Handoff> = {}): Handoff {
  return {
    source_bot: "lead_bot", target_bot: "buyer_bot", contact_id: "contact", confidence: 0.9, reason: "buyer_intent_detected",
    outcome: "executed", trace_id: "trace", span_id: "handoff", start_ns: "0", end_ns: "0", ...fields,
  };
}
