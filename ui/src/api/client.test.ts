import { afterEach, describe, expect, it, vi } from "vitest";
import bots from "../../../tests/fixtures/api/bots.json";
import journey from "../../../tests/fixtures/api/journey.json";
import journeys from "../../../tests/fixtures/api/journeys.json";
import trace from "../../../tests/fixtures/api/trace.json";
import { ApiError, getJourney, getTrace, listBots, listJourneys } from "./client";

function answerWith(body: unknown, status = 200) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const fetch = vi.fn(async (_url: string) => new Response(text, { status }));
  vi.stubGlobal("fetch", fetch);
  return fetch;
}

async function failureOf(request: Promise<unknown>): Promise<ApiError> {
  const error = await request.then(() => undefined, (reason) => reason);
  expect(error).toBeInstanceOf(ApiError);
  return error as ApiError;
}

afterEach(() => vi.unstubAllGlobals());

describe("the client", () => {
  it("reads every fixture", async () => {
    answerWith(journeys);
    expect((await listJourneys({})).items).toHaveLength(journeys.journeys.length);
    answerWith(journey);
    expect((await getJourney("x")).span_list).toHaveLength(journey.spans);
    answerWith(trace);
    expect((await getTrace("x")).summary.spans).toBe(trace.span_list.length);
    answerWith(bots);
    expect((await listBots()).map(({ bot }) => bot)).toContain("lead_bot");
  });

  it("escapes what goes into the address", async () => {
    const fetch = answerWith({ ...journey });
    await getJourney("a/b?c");
    expect(fetch.mock.calls[0]?.[0]).toBe("/api/v1/journeys/a%2Fb%3Fc");
    answerWith(journeys);
    const list = answerWith(journeys);
    await listJourneys({ contact: "a&b=c", limit: "50" });
    expect(list.mock.calls[0]?.[0]).toBe("/api/v1/journeys?contact=a%26b%3Dc&limit=50");
  });

  it("takes an empty page token for the end", async () => {
    answerWith({ journeys: [], next_page: "" });
    expect((await listJourneys({})).next_page).toBeNull();
  });

  it("passes the server's own errors on", async () => {
    answerWith({ error: { code: "invalid_argument", message: "limit must be a number" } }, 400);
    expect(await failureOf(listJourneys({}))).toMatchObject({ code: "invalid_argument", message: "limit must be a number" });
  });

  it("makes sense of errors that are not the server's own, such as a proxy's page", async () => {
    answerWith("<html>Bad gateway</html>", 502);
    expect(await failureOf(listJourneys({}))).toMatchObject({ code: "unexpected_answer", message: "The server answered with status 502." });
    answerWith("", 404);
    expect((await failureOf(getTrace("x"))).code).toBe("not_found");
  });

  it("refuses answers of another shape", async () => {
    for (const body of ["not json", "[]", "null", "{}", '{"journeys":{}}']) {
      answerWith(body);
      expect((await failureOf(listJourneys({}))).code).toBe("unexpected_answer");
    }
  });

  it("says when the server is away", async () => {
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("Failed to fetch")));
    expect((await failureOf(listJourneys({}))).code).toBe("unreachable");
  });

  it("lets a request that was given up end as such, not as a failure of the server", async () => {
    vi.stubGlobal("fetch", (_: string, { signal }: RequestInit) => Promise.reject(new DOMException("aborted", signal?.aborted ? "AbortError" : "Error")));
    await expect(listJourneys({}, AbortSignal.abort())).rejects.toMatchObject({ name: "AbortError" });
  });
});
