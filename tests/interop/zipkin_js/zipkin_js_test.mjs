// What our Zipkin exporter posts, read by Zipkin's own model and compared with OpenTelemetry's JavaScript exporter.
//
//   node zipkin_js_test.mjs <path of send_spans>
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";

import { SpanKind, SpanStatusCode, TraceFlags } from "@opentelemetry/api";
import { ZipkinExporter } from "@opentelemetry/exporter-zipkin";
import { resourceFromAttributes } from "@opentelemetry/resources";
import zipkin from "zipkin";

const program = process.argv[2];
const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
const hexDigits = { trace: /^[0-9a-f]{32}$/, span: /^[0-9a-f]{16}$/ };

/** Attributes as OTLP/JSON. */
function otlpAttributes(attributes) {
  const valueOf = (value) => {
    if (typeof value === "string") return { stringValue: value };
    if (typeof value === "boolean") return { boolValue: value };
    return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  };
  return Object.entries(attributes).map(([key, value]) => ({ key, value: valueOf(value) }));
}

// The same spans for both exporters: kinds are OTLP's numbers, times whole microseconds.
const samples = [
  {
    id: "00f067aa0ba902b7",
    name: "lead_bot.analyze_intent",
    kind: 1,
    start: 1_772_357_400_000_125n,
    micros: 101_300n,
    attributes: { "workflow.contact_id": "c-1 ✓ \"q\"\n", count: -3, share: 0.25, yes: true, no: false },
    events: [{ name: "asked", after: 1_500n }],
    status: { code: 0 },
  },
  {
    id: "b7ad6b7169203331",
    parent: "00f067aa0ba902b7",
    name: "post /contacts",
    kind: 3,
    start: 1_772_357_400_001_000n,
    micros: 1n,
    attributes: { "peer.service": "crm", "http.response.status_code": 503 },
    events: [],
    status: { code: 2, message: "no answer" },
  },
  {
    id: "c8ad6b7169203332",
    parent: "00f067aa0ba902b7",
    name: "select",
    kind: 3,
    start: 1_772_357_400_002_000n,
    micros: 20n,
    attributes: { "network.peer.address": "10.1.2.3", "network.peer.port": 5432 },
    events: [],
    status: { code: 1 },
  },
  ...[2, 4, 5].map((kind, index) => ({
    id: `a${index}ad6b7169203333`,
    name: "receive",
    kind,
    start: 1_772_357_400_003_000n,
    micros: 7n,
    attributes: {},
    events: [],
    status: { code: 0 },
  })),
];

function otlpRequest() {
  const spans = samples.map((sample) => ({
    traceId,
    spanId: sample.id,
    parentSpanId: sample.parent ?? "",
    name: sample.name,
    kind: sample.kind,
    startTimeUnixNano: String(sample.start * 1000n),
    endTimeUnixNano: String((sample.start + sample.micros) * 1000n),
    attributes: otlpAttributes(sample.attributes),
    events: sample.events.map(({ name, after }) => ({ name, timeUnixNano: String((sample.start + after) * 1000n) })),
    status: sample.status,
  }));
  const resource = { attributes: otlpAttributes({ "service.name": "bots" }) };
  return { resourceSpans: [{ resource, scopeSpans: [{ scope: { name: "acme.bots", version: "1.4.0" }, spans }] }] };
}

/** Runs `send(url)` against a server that answers 202; the bodies it was sent, parsed. */
async function receive(send) {
  const bodies = [];
  const server = createServer(async (request, response) => {
    const pieces = [];
    for await (const piece of request) pieces.push(piece);
    const body = Buffer.concat(pieces);
    assert.equal(request.method, "POST");
    assert.match(request.headers["content-type"], /^application\/json/);
    bodies.push(JSON.parse(request.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body));
    response.writeHead(202).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    await send(`http://127.0.0.1:${server.address().port}/api/v2/spans`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
  return bodies;
}

async function postedByUs(...options) {
  const bodies = await receive(async (url) => {
    const child = spawn(program, ["zipkin", url, ...options], { stdio: ["pipe", "pipe", "inherit"] });
    child.stdin.end(JSON.stringify(otlpRequest()));
    let printed = "";
    child.stdout.on("data", (data) => (printed += data));
    const [code] = await once(child, "close");
    assert.equal(code, 0);
    assert.equal(printed, "delivered 0 rejected\n");
  });
  assert.equal(bodies.length, 1);
  return bodies[0];
}

/** The span rebuilt with Zipkin's model and written by Zipkin's encoder. */
function rewrittenByZipkin(json) {
  const { Some, None } = zipkin.option;
  const span = new zipkin.model.Span(
    new zipkin.TraceId({
      traceId: json.traceId,
      parentId: json.parentId ? new Some(json.parentId) : None,
      spanId: json.id,
      sampled: new Some(true),
    }),
  );
  span.setName(json.name);
  if (json.kind) span.setKind(json.kind);
  span.setTimestamp(json.timestamp);
  span.setDuration(json.duration);
  span.setLocalEndpoint(new zipkin.model.Endpoint(json.localEndpoint));
  if (json.remoteEndpoint) span.setRemoteEndpoint(new zipkin.model.Endpoint(json.remoteEndpoint));
  for (const { timestamp, value } of json.annotations ?? []) span.addAnnotation(timestamp, value);
  for (const [key, value] of Object.entries(json.tags ?? {})) span.putTag(key, value);
  return JSON.parse(zipkin.jsonEncoder.JSON_V2.encode(span));
}

test("Zipkin's model and encoder write the same JSON", async () => {
  for (const options of [[], ["gzip"]]) {
    const spans = await postedByUs(...options);
    assert.equal(spans.length, samples.length);
    for (const span of spans) {
      assert.match(span.traceId, hexDigits.trace);
      assert.match(span.id, hexDigits.span);
      assert.ok(Number.isSafeInteger(span.timestamp) && Number.isSafeInteger(span.duration));
      assert.deepEqual(rewrittenByZipkin(span), span);
    }
  }
});

test("OpenTelemetry's exporter posts the same spans", async () => {
  const hrTime = (micros) => [Number(micros / 1_000_000n), Number(micros % 1_000_000n) * 1000];
  const spans = samples.map((sample) => ({
    name: sample.name,
    kind: [undefined, SpanKind.INTERNAL, SpanKind.SERVER, SpanKind.CLIENT, SpanKind.PRODUCER, SpanKind.CONSUMER][sample.kind],
    spanContext: () => ({ traceId, spanId: sample.id, traceFlags: TraceFlags.SAMPLED }),
    parentSpanContext: sample.parent && { traceId, spanId: sample.parent, traceFlags: TraceFlags.SAMPLED },
    startTime: hrTime(sample.start),
    endTime: hrTime(sample.start + sample.micros),
    duration: hrTime(sample.micros),
    status: {
      code: [SpanStatusCode.UNSET, SpanStatusCode.OK, SpanStatusCode.ERROR][sample.status.code],
      message: sample.status.message,
    },
    attributes: sample.attributes,
    links: [],
    events: sample.events.map(({ name, after }) => ({ name, time: hrTime(sample.start + after) })),
    ended: true,
    resource: resourceFromAttributes({ "service.name": "bots" }),
    instrumentationScope: { name: "acme.bots", version: "1.4.0" },
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  }));
  const [theirs] = await receive(async (url) => {
    const exporter = new ZipkinExporter({ url });
    await new Promise((resolve) => exporter.export(spans, resolve));
    await exporter.shutdown();
  });
  // The specification leaves the resource, the scope and the other side to the exporter.
  const common = ({ remoteEndpoint, tags, ...rest }) => {
    const kept = Object.entries(tags ?? {}).filter(([key]) => !/^(service\.|otel\.(scope|library)\.)/.test(key));
    return { ...rest, tags: Object.fromEntries(kept) };
  };
  assert.deepEqual((await postedByUs()).map(common), theirs.map(common));
});
