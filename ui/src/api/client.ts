// A typed client of /api/v1. Every failure, whatever its source, arrives as one `ApiError`.

import type { Bot, Journey, JourneySummary, Page, Trace, TraceSummary } from "./types";

/** The server's own codes, and three for what goes wrong before it can answer. */
export type ErrorCode =
  | "not_found"
  | "invalid_argument"
  | "unavailable"
  | "internal"
  | "unreachable"
  | "timeout"
  | "unexpected_answer";

export class ApiError extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
  ) {
    super(message);
    this.name = "ApiError";
  }
}

export type Query = Record<string, string>;

const requestTimeoutMs = 20_000;
const serverCodes = new Set(["not_found", "invalid_argument", "unavailable", "internal"]);

export function listJourneys(query: Query, signal?: AbortSignal): Promise<Page<JourneySummary>> {
  return getPage<JourneySummary>("journeys", query, signal);
}

export function listTraces(query: Query, signal?: AbortSignal): Promise<Page<TraceSummary>> {
  return getPage<TraceSummary>("traces", query, signal);
}

export async function getJourney(contact: string, signal?: AbortSignal): Promise<Journey> {
  const body = await get(`journeys/${encodeURIComponent(contact)}`, {}, signal);
  requireArrays(body, ["span_list", "trace_list", "handoffs", "bots"]);
  return body as unknown as Journey;
}

export async function getTrace(traceId: string, signal?: AbortSignal): Promise<Trace> {
  const body = await get(`traces/${encodeURIComponent(traceId)}`, {}, signal);
  requireArrays(body, ["span_list"]);
  return body as unknown as Trace;
}

export async function listBots(signal?: AbortSignal): Promise<Bot[]> {
  const body = await get("bots", {}, signal);
  requireArrays(body, ["bots"]);
  return body["bots"] as Bot[];
}

export async function listServices(signal?: AbortSignal): Promise<string[]> {
  const body = await get("services", {}, signal);
  requireArrays(body, ["services"]);
  return body["services"] as string[];
}

type Body = Record<string, unknown>;

async function getPage<Item>(collection: string, query: Query, signal?: AbortSignal): Promise<Page<Item>> {
  const body = await get(collection, query, signal);
  requireArrays(body, [collection]);
  const next = body["next_page"];
  return { items: body[collection] as Item[], next_page: typeof next === "string" && next !== "" ? next : null };
}

async function get(path: string, query: Query, signal?: AbortSignal): Promise<Body> {
  const search = new URLSearchParams(query).toString();
  const timeout = AbortSignal.timeout(requestTimeoutMs);
  const response = await send(`/api/v1/${path}${search && `?${search}`}`, timeout, signal);
  const body = await readJson(response, timeout);
  if (!response.ok) throw errorFrom(response.status, body);
  if (!isObject(body)) throw new ApiError("unexpected_answer", `The server's answer to ${path} is not a JSON object.`);
  return body;
}

async function send(url: string, timeout: AbortSignal, signal?: AbortSignal): Promise<Response> {
  const either = new AbortController();
  const abort = () => either.abort();
  for (const source of signal ? [timeout, signal] : [timeout]) {
    if (source.aborted) abort();
    source.addEventListener("abort", abort, { once: true });
  }
  try {
    return await fetch(url, { signal: either.signal, headers: { accept: "application/json" } });
  } catch (cause) {
    // The caller gave up: that is no failure to show, so its AbortError goes through.
    if (signal?.aborted) throw cause;
    throw noAnswer(timeout);
  }
}

async function readJson(response: Response, timeout: AbortSignal): Promise<unknown> {
  try {
    return await response.json();
  } catch (cause) {
    if (timeout.aborted) throw noAnswer(timeout);
    if (cause instanceof SyntaxError) return undefined;
    throw cause;
  }
}

function noAnswer(timeout: AbortSignal): ApiError {
  return timeout.aborted
    ? new ApiError("timeout", `The server took longer than ${requestTimeoutMs / 1000} s to answer.`)
    : new ApiError("unreachable", "The Segue server can't be reached.");
}

function errorFrom(status: number, body: unknown): ApiError {
  const error = isObject(body) && isObject(body["error"]) ? body["error"] : {};
  const code = error["code"];
  const message = error["message"];
  const text = typeof message === "string" && message !== "" ? message : `The server answered with status ${status}.`;
  if (typeof code === "string" && serverCodes.has(code)) return new ApiError(code as ErrorCode, text);
  return new ApiError(status === 404 ? "not_found" : "unexpected_answer", text);
}

function requireArrays(body: Body, keys: string[]): void {
  for (const key of keys) {
    if (!Array.isArray(body[key])) {
      throw new ApiError("unexpected_answer", `The server's answer has no list called "${key}".`);
    }
  }
}

function isObject(value: unknown): value is Body {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
