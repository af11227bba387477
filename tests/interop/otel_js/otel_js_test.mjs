// OpenTelemetry's own JavaScript SDK and exporters send spans to the real program, which must know them again.
//
//   node otel_js_test.mjs <path of segue>
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { SpanKind, SpanStatusCode, TraceFlags, context, trace } from "@opentelemetry/api";
import { OTLPTraceExporter as JsonExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { OTLPTraceExporter as ProtobufExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BasicTracerProvider, BatchSpanProcessor } from "@opentelemetry/sdk-trace-base";

import { startSegueServer } from "./segue_server.mjs";

const program = process.argv[2];
const startTime = [1_700_000_000, 123_456_789];
const endTime = [1_700_000_001, 987_654_321];
const linked = { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331", traceFlags: TraceFlags.SAMPLED };

let server;
before(async () => {
  server = await startSegueServer(program);
});
after(async () => {
  assert.equal(await server.stop(), 0);
});

async function fetchJson(path) {
  const response = await fetch(server.apiUrl + path);
  assert.equal(response.status, 200, path);
  return response.json();
}

/** Sends a node span with a failed child, as a bot written in JavaScript would; returns what it sent. */
async function sendSpans(Exporter, compression, contact) {
  const failures = [];
  const exporter = new Exporter({ url: `${server.otlpUrl}/v1/traces`, compression });
  const send = exporter.export.bind(exporter);
  exporter.export = (spans, done) =>
    send(spans, (result) => {
      if (result.error) failures.push(result.error);
      done(result);
    });
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({ "service.name": "js_bots", "service.version": "1.2.3" }),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
  const tracer = provider.getTracer("interop", "0.9");

  const node = tracer.startSpan("lead_bot.analyze_intent", {
    kind: SpanKind.SERVER,
    startTime,
    attributes: {
      "workflow.bot_type": "lead",
      "workflow.node_name": "analyze_intent",
      "workflow.contact_id": contact,
      "text": "Grüße, 世界",
      "flag": true,
      "whole": 42,
      "negative": -7,
      "fraction": 0.25,
      "texts": ["a", "b"],
      "numbers": [1, 2],
    },
    links: [{ context: linked, attributes: { "workflow.link.type": "handoff" } }],
  });
  node.addEvent("thinking", { step: 1 }, startTime);
  const call = tracer.startSpan("chat", { kind: SpanKind.CLIENT, startTime }, trace.setSpan(context.active(), node));
  call.recordException(new RangeError("too many tokens"), endTime);
  call.setStatus({ code: SpanStatusCode.ERROR, message: "too many tokens" });
  call.end(endTime);
  node.end(endTime);
  await provider.shutdown();
  assert.deepEqual(failures, []);
  return { traceId: node.spanContext().traceId, nodeId: node.spanContext().spanId, callId: call.spanContext().spanId };
}

function attributesOf(item) {
  return Object.fromEntries(item.attributes.map(({ key, type, value }) => [key, { type, value }]));
}

function checkNode(span, sent, contact) {
  assert.equal(span.name, "lead_bot.analyze_intent");
  assert.equal(span.kind, "server");
  assert.equal(span.span_id, sent.nodeId);
  assert.equal(span.parent_span_id, "");
  assert.equal(span.start_ns, "1700000000123456789");
  assert.equal(span.end_ns, "1700000001987654321");
  assert.equal(span.service, "js_bots");
  assert.deepEqual(span.scope, { name: "interop", version: "0.9" });
  assert.equal(span.bot, "lead_bot");
  assert.equal(span.node, "analyze_intent");
  assert.equal(span.contact_id, contact);
  const attributes = attributesOf(span);
  assert.deepEqual(attributes.text, { type: "string", value: "Grüße, 世界" });
  assert.deepEqual(attributes.flag, { type: "bool", value: true });
  assert.deepEqual(attributes.whole, { type: "int", value: "42" });
  assert.deepEqual(attributes.negative, { type: "int", value: "-7" });
  assert.deepEqual(attributes.fraction, { type: "double", value: 0.25 });
  assert.deepEqual(attributes.texts.value.map(({ type, value }) => [type, value]), [["string", "a"], ["string", "b"]]);
  assert.deepEqual(attributes.numbers.value.map(({ type, value }) => [type, value]), [["int", "1"], ["int", "2"]]);
  assert.equal(span.events.length, 1);
  assert.equal(span.events[0].name, "thinking");
  assert.equal(span.events[0].time_ns, "1700000000123456789");
  assert.deepEqual(attributesOf(span.events[0]).step, { type: "int", value: "1" });
  assert.equal(span.links.length, 1);
  assert.equal(span.links[0].trace_id, linked.traceId);
  assert.equal(span.links[0].span_id, linked.spanId);
  assert.equal(attributesOf(span.links[0])["workflow.link.type"].value, "handoff");
  assert.ok(span.resource.some(({ key, value }) => key === "service.version" && value === "1.2.3"));
}

function checkCall(span, sent) {
  assert.equal(span.name, "chat");
  assert.equal(span.kind, "client");
  assert.equal(span.span_id, sent.callId);
  assert.equal(span.parent_span_id, sent.nodeId);
  assert.deepEqual(span.status, { code: "error", message: "too many tokens" });
  assert.equal(span.events[0].name, "exception");
  assert.equal(attributesOf(span.events[0])["exception.type"].value, "RangeError");
}

const ways = [
  ["protobuf", ProtobufExporter, "none"],
  ["protobuf, gzipped", ProtobufExporter, "gzip"],
  ["JSON", JsonExporter, "none"],
  ["JSON, gzipped", JsonExporter, "gzip"],
];

for (const [name, Exporter, compression] of ways) {
  test(`spans sent as ${name} are found by their trace id and in their contact's journey`, async () => {
    const contact = `contact of ${name}`;
    const sent = await sendSpans(Exporter, compression, contact);
    const found = await fetchJson(`/api/v1/traces/${sent.traceId}`);
    assert.equal(found.span_list.length, 2);
    const byId = new Map(found.span_list.map((span) => [span.span_id, span]));
    checkNode(byId.get(sent.nodeId), sent, contact);
    checkCall(byId.get(sent.callId), sent);
    assert.equal(found.summary.root_service, "js_bots");
    const journey = await fetchJson(`/api/v1/journeys/${encodeURIComponent(contact)}`);
    assert.deepEqual(journey.trace_list.map(({ trace_id }) => trace_id), [sent.traceId]);
  });
}
