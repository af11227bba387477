// What a page shows when it has no data: still loading, failed, or nothing there.

import type { ComponentChildren } from "preact";
import type { ApiError, ErrorCode } from "../api/client";

export function Loading({ what }: { what: string }) {
  return (
    <div class="loading" role="status" aria-label={`Loading ${what}`}>
      {[0, 1, 2, 3, 4].map((line) => <div class="skeleton" key={line} />)}
    </div>
  );
}

const headlines: Record<ErrorCode, string> = {
  not_found: "Not found",
  invalid_argument: "The server didn't accept this request",
  unavailable: "The server is busy",
  internal: "The server failed",
  unreachable: "The server is away",
  timeout: "The server doesn't answer",
  unexpected_answer: "The server's answer makes no sense",
};

const advice: Partial<Record<ErrorCode, string>> = {
  unreachable: "Check that “segue serve” is running at this address, then try again.",
  timeout: "Narrow the time range or try again in a moment.",
  unavailable: "It pushes back while it catches up; try again in a moment.",
};

export function Failure({ error, retry }: { error: ApiError; retry: () => void }) {
  return (
    <section class="notice" role="alert">
      <h2>{headlines[error.code]}</h2>
      <p>{error.message}</p>
      {advice[error.code] && <p class="muted">{advice[error.code]}</p>}
      <button type="button" class="button" onClick={retry}>Try again</button>
    </section>
  );
}

export function Notice({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section class="notice">
      <h2>{title}</h2>
      {children}
    </section>
  );
}
