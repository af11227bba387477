// Runs the browser tests. With SEGUE_URL: the journey test against that server. Without: builds the page into a
// temporary directory and runs all of them against the fixtures, on a free port.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { loadFixtures, startMockServer } from "./mock_server.mjs";

async function runAgainstFixtures() {
  const directory = await mkdtemp(join(tmpdir(), "segue-page-"));
  const data = await loadFixtures();
  const root = fileURLToPath(new URL("..", import.meta.url));
  let server;
  try {
    await build({ root, logLevel: "warn", build: { outDir: directory, emptyOutDir: true } });
    server = await startMockServer(directory, data);
    process.env.SEGUE_URL = server.url;
    process.env.SEGUE_CONTACT = data.journey.contact_id;
    await import("./journey.browser.mjs");
    await (await import("./pages.browser.mjs")).run(server.url, data);
  } finally {
    await server?.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

if (process.env.SEGUE_URL) await import("./journey.browser.mjs");
else await runAgainstFixtures();
