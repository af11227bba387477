// A browser with an empty profile, and the checks that every browser test wants.

import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

const flags = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
];

export const wide = { width: 1280, height: 900 };
export const narrow = { width: 400, height: 860 };

/** Runs `body(page, complaints)` in a new browser; `complaints` collects console errors and uncaught exceptions. */
export async function withPage(body, { viewport = wide, colorScheme = "light" } = {}) {
  const profile = await mkdtemp(join(tmpdir(), "segue-browser-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.SEGUE_CHROMIUM ?? "/usr/bin/chromium",
    args: flags,
    viewport,
    colorScheme,
  });
  try {
    const page = context.pages()[0] ?? (await context.newPage());
    const complaints = [];
    page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(String(error)));
    await body(page, complaints);
  } finally {
    await context.close();
    await rm(profile, { recursive: true, force: true });
  }
}

/** Saves a picture if SEGUE_SCREENSHOTS names a directory. */
export async function picture(page, name, { fullPage = true } = {}) {
  const directory = process.env.SEGUE_SCREENSHOTS;
  if (!directory) return;
  await mkdir(directory, { recursive: true });
  await page.screenshot({ path: join(directory, `${name}.png`), fullPage });
}

export async function assertNoSidewaysScroll(page, where) {
  const { scrolled, visible } = await page.evaluate(() => ({
    scrolled: document.documentElement.scrollWidth,
    visible: document.documentElement.clientWidth,
  }));
  assert.ok(scrolled <= visible, `${where} is ${scrolled} px wide in a window of ${visible} px`);
}
