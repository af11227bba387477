// Serves a built page and answers /api/v1 from tests/fixtures/api, with the real server's content security policy.
// For development and the browser test only.
//
//   node test/mock_server.mjs [dist] [port]     port 0, the default, takes a free one

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const fixtures = fileURLToPath(new URL("../../tests/fixtures/api/", import.meta.url));
const policy = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:";
const types = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css" };

export async function loadFixtures() {
  const read = async (name) => JSON.parse(await readFile(join(fixtures, name), "utf8"));
  const [journeys, journey, trace, bots] = await Promise.all(
    ["journeys.json", "journey.json", "trace.json", "bots.json"].map(read),
  );
  return { journeys: journeys.journeys, journey, trace, bots };
}

/** Starts a server for the page built in `directory`; resolves to its address and a function that stops it. */
export async function startMockServer(directory, data, port = 0) {
  const server = createServer((request, response) => {
    answer(new URL(request.url, "http://localhost"), directory, data).then(({ status, type, body }) => {
      response.writeHead(status, { "content-type": type, "content-security-policy": policy }).end(body);
    });
  });
  await new Promise((listening) => server.listen(port, "127.0.0.1", listening));
  const stop = () => new Promise((closed) => {
    server.close(closed);
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${server.address().port}`, stop };
}

async function answer(url, directory, data) {
  if (url.pathname.startsWith("/api/v1/")) return answerApi(url, data);
  const isAsset = url.pathname.startsWith("/assets/");
  const file = isAsset ? join(directory, "assets", url.pathname.slice("/assets/".length).replaceAll("/", "")) : join(directory, "index.html");
  try {
    return { status: 200, type: types[extname(file)] ?? "application/octet-stream", body: await readFile(file) };
  } catch {
    return { status: 404, type: "text/plain", body: "not found" };
  }
}

function answerApi({ pathname, searchParams }, data) {
  const [collection, id] = pathname.slice("/api/v1/".length).split("/").map(decodeURIComponent);
  if (collection === "health") return json({ status: "ok", version: "0.1.0" });
  if (collection === "bots") return json(data.bots);
  if (collection === "services") return json({ services: ["jorge"] });
  if (collection === "journeys" && !id) return json(page("journeys", data.journeys.filter((item) => journeyMatches(item, searchParams)), searchParams));
  if (collection === "journeys") return id === data.journey.contact_id ? json(data.journey) : notFound(`no journey of contact ${id}`);
  if (collection === "traces" && !id) return json(page("traces", newestFirst(data.journey.trace_list).filter((item) => traceMatches(item, searchParams)), searchParams));
  if (collection === "traces") return traceAnswer(id, data);
  return notFound(`no endpoint ${pathname}`);
}

function traceAnswer(id, { trace, journey }) {
  if (!/^[0-9a-f]{32}$/.test(id)) return error(400, "invalid_argument", `"${id}" is not a trace id`);
  if (id === trace.summary.trace_id) return json(trace);
  const summary = journey.trace_list.find((item) => item.trace_id === id);
  return summary ? json({ summary, span_list: journey.span_list.filter((span) => span.trace_id === id) }) : notFound(`no trace ${id}`);
}

function journeyMatches(journey, query) {
  return journey.contact_id.includes(query.get("contact") ?? "")
    && (!query.has("bot") || journey.bots.includes(query.get("bot")))
    && (!query.has("errors") || journey.errors > 0)
    && (!query.has("start") || BigInt(journey.last_ns) >= BigInt(query.get("start")));
}

function traceMatches(trace, query) {
  const milliseconds = Number(BigInt(trace.end_ns) - BigInt(trace.start_ns)) / 1e6;
  return trace.root_name.includes(query.get("name") ?? "")
    && (!query.has("bot") || trace.bots.includes(query.get("bot")))
    && (!query.has("errors") || trace.errors > 0)
    && milliseconds >= Number(query.get("min_duration_ms") ?? 0);
}

function newestFirst(traces) {
  return [...traces].sort((a, b) => (BigInt(a.start_ns) < BigInt(b.start_ns) ? 1 : -1));
}

function page(name, items, query) {
  const from = Number(query.get("page") ?? 0);
  const to = from + Number(query.get("limit") ?? 50);
  return { [name]: items.slice(from, to), next_page: to < items.length ? String(to) : null };
}

function json(value, status = 200) {
  return { status, type: "application/json", body: JSON.stringify(value) };
}

function error(status, code, message) {
  return json({ error: { code, message } }, status);
}

function notFound(message) {
  return error(404, "not_found", message);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [directory = "dist", port = "0"] = process.argv.slice(2);
  const { url } = await startMockServer(resolve(directory), await loadFixtures(), Number(port));
  console.log(`${url}  (Ctrl-C stops)`);
}
