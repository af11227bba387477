// The shapes of /api/v1, exactly as the server writes them; fields keep their wire names.
// Times are decimal strings of Unix nanoseconds: they don't fit a number, see model/time.ts.

export type Outcome = "executed" | "deferred" | "blocked" | "failed" | "";

export interface Handoff {
  source_bot: string;
  target_bot: string;
  contact_id: string;
  confidence: number | null;
  reason: string;
  outcome: Outcome;
  trace_id: string;
  span_id: string;
  start_ns: string;
  end_ns: string;
}

export interface JourneySummary {
  contact_id: string;
  conversation_ids: string[];
  first_ns: string;
  last_ns: string;
  traces: number;
  spans: number;
  errors: number;
  bots: string[];
  handoffs: Handoff[];
}

export interface TraceSummary {
  trace_id: string;
  root_name: string;
  root_service: string;
  start_ns: string;
  end_ns: string;
  spans: number;
  errors: number;
  bots: string[];
  contact_ids: string[];
}

export type AttributeType = "string" | "bool" | "int" | "double" | "bytes" | "array" | "map" | "empty";

/** A value without a key, as found inside arrays. */
export interface TypedValue {
  type: AttributeType;
  value: string | boolean | number | null | Array<TypedValue | Attribute>;
}

export interface Attribute extends TypedValue {
  key: string;
}

export interface SpanEvent {
  time_ns: string;
  name: string;
  attributes: Attribute[];
}

export interface SpanLink {
  trace_id: string;
  span_id: string;
  attributes: Attribute[];
}

export interface Span {
  trace_id: string;
  span_id: string;
  /** Empty for a root. */
  parent_span_id: string;
  name: string;
  kind: string;
  start_ns: string;
  end_ns: string;
  status: { code: "unset" | "ok" | "error"; message: string };
  service: string;
  scope: { name: string; version: string };
  role: string;
  bot: string;
  node: string;
  contact_id: string;
  attributes: Attribute[];
  events: SpanEvent[];
  links: SpanLink[];
  resource: Attribute[];
}

export interface Journey extends JourneySummary {
  trace_list: TraceSummary[];
  span_list: Span[];
  /** The journey is longer than the server shows at once; absent means no. */
  truncated?: boolean;
}

export interface Trace {
  summary: TraceSummary;
  span_list: Span[];
}

export interface Bot {
  bot: string;
  nodes: string[];
}

export interface Page<Item> {
  items: Item[];
  next_page: string | null;
}
