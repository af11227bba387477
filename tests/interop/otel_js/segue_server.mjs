// Starts `segue serve` on free ports and an empty folder, and ends it again.
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const announcements = { apiUrl: "web page and API: ", otlpUrl: "OTLP/HTTP: " };

/** Ready when the promise is fulfilled: `{ apiUrl, otlpUrl, stop() }`. */
export async function startSegueServer(program) {
  const folder = await mkdtemp(join(tmpdir(), "segue-otel-js-"));
  const child = spawn(program, ["serve", "--data", folder, "--port", "0", "--otlp-port", "0"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const killWithUs = () => child.kill("SIGKILL");
  process.once("exit", killWithUs);

  const urls = await readUrls(child);
  const stop = async () => {
    child.kill("SIGTERM");
    const code = await ended;
    process.off("exit", killWithUs);
    await rm(folder, { recursive: true });
    return code;
  };
  return { ...urls, stop };
}

async function readUrls(child) {
  const urls = {};
  for await (const line of createInterface({ input: child.stdout })) {
    for (const [name, beginning] of Object.entries(announcements)) {
      if (line.startsWith(beginning)) urls[name] = line.slice(beginning.length).trim();
    }
    if (Object.keys(urls).length === Object.keys(announcements).length) return urls;
  }
  throw new Error("segue serve ended before it was ready");
}
