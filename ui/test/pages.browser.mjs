// What needs the fixtures: traces, links between spans, keyboard, empty and failing servers, hostile values, many spans.

import assert from "node:assert/strict";
import { assertNoSidewaysScroll, narrow, picture, wide, withPage } from "./browser.mjs";

export async function run(url, data) {
  for (const [name, test] of tests) {
    await test(url, data);
    console.log(`ok: ${name}`);
  }
}

const answerWith = (page, path, body) => page.route(path, (route) => route.fulfill({ json: body }));

const tests = [
  ["a search for traces leads to one and its spans", async (url, { journey }) => {
    for (const viewport of [wide, narrow]) {
      await withPage(async (page, complaints) => {
        await page.goto(`${url}/traces`);
        await page.getByRole("spinbutton", { name: "At least (ms)" }).fill("1000");
        await page.waitForURL(/min_duration_ms=1000/);
        await page.waitForFunction(() => document.querySelectorAll(".list .row").length === 1);
        await page.getByRole("combobox", { name: "Time", exact: true }).selectOption("custom");
        await page.getByLabel("From", { exact: true }).waitFor();
        await assertNoSidewaysScroll(page, "the list of traces");
        await picture(page, `traces-${viewport.width}`);
        await page.getByRole("link", { name: "POST /api/v1/webhooks/ghl" }).click();
        await page.getByRole("heading", { name: "POST /api/v1/webhooks/ghl", level: 1 }).waitFor();
        await page.getByRole("treeitem", { name: "chat, 88ms, error 429 Too Many Requests" }).waitFor();
        await assertNoSidewaysScroll(page, "the trace");
        await picture(page, `trace-${viewport.width}`);
        await page.getByRole("link", { name: journey.contact_id }).click();
        await page.getByRole("heading", { name: journey.contact_id, level: 1 }).waitFor();
        assert.deepEqual(complaints, []);
      }, { viewport });
    }
  }],

  ["a link leads to the handoff's span, in another trace too", async (url, { journey }) => {
    await withPage(async (page) => {
      const linked = journey.span_list.findLast((span) => span.links.length > 0);
      await page.goto(`${url}/traces/${linked.trace_id}?span=${linked.span_id}`);
      const link = page.getByRole("dialog").getByRole("button", { name: /^Span [0-9a-f]{16}/ });
      await link.click();
      await page.getByRole("dialog", { name: "Span details: handoff.lead_to_buyer" }).waitFor();
      assert.ok(page.url().includes(linked.links[0].trace_id));
      await page.goBack();
      await page.getByRole("dialog", { name: `Span details: ${linked.name}` }).waitFor();
    });
  }],

  ["a blocked handoff looks blocked", async (url, { journey }) => {
    await withPage(async (page) => {
      await page.goto(`${url}/journeys/${journey.contact_id}`);
      const handoff = page.getByRole("button", { name: "Handoff buyer_bot to lead_bot, blocked, confidence 0.71" });
      await handoff.waitFor();
      assert.match(await handoff.textContent(), /blocked by circular/);
      await page.locator(".timeline .arrow.tone-bad .arrow-cross").waitFor();
      await page.getByText("2 d 2 h idle").first().waitFor();
    });
  }],

  ["the span tree and the details work by keyboard alone", async (url, { journey }) => {
    await withPage(async (page) => {
      await page.goto(`${url}/journeys/${journey.contact_id}`);
      const tree = page.getByRole("tree", { name: "Spans of trace 1" });
      const rows = tree.getByRole("treeitem");
      await rows.first().focus();
      const all = await rows.count();
      await page.keyboard.press("ArrowLeft");
      await tree.getByRole("treeitem", { expanded: false }).waitFor();
      assert.equal(await rows.count(), 1);
      await page.keyboard.press("ArrowRight");
      await rows.nth(1).waitFor();
      assert.equal(await rows.count(), all);
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Enter");
      const details = page.getByRole("dialog", { name: "Span details: lead_bot.analyze_intent" });
      await details.waitFor();
      await page.keyboard.press("Escape");
      await details.waitFor({ state: "detached" });
      const focused = await page.evaluate(() => document.activeElement?.getAttribute("aria-label"));
      assert.match(focused ?? "", /^lead_bot\.analyze_intent/);
    });
  }],

  ["Escape closes the details as soon as they are there", async (url, { journey }) => {
    await withPage(async (page) => {
      await page.goto(`${url}/journeys/${journey.contact_id}`);
      await page.getByRole("tree", { name: "Spans of trace 1" }).getByRole("treeitem").first().focus();
      await page.evaluate(() => new MutationObserver((_, observer) => {
        if (!document.querySelector("[role=dialog]")) return;
        observer.disconnect();
        window.dialogSeen = true;
        document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
      }).observe(document.body, { childList: true, subtree: true }));
      await page.keyboard.press("Enter");
      await page.waitForFunction(() => window.dialogSeen);
      await page.getByRole("dialog").waitFor({ state: "detached" });
    });
  }],

  ["an empty store tells a newcomer what to do, and the page fills by itself", async (url, { journeys }) => {
    for (const viewport of [wide, narrow]) {
      await withPage(async (page) => {
        await answerWith(page, "**/api/v1/journeys?*", { journeys: [], next_page: null });
        await page.goto(url);
        await page.getByText("http://localhost:4318").waitFor();
        await page.getByText("./dev demo").waitFor();
        await assertNoSidewaysScroll(page, "the empty page");
        await picture(page, `empty-${viewport.width}`);
        await page.unroute("**/api/v1/journeys?*");
        await page.getByRole("link", { name: journeys[0].contact_id, exact: true }).waitFor();
      }, { viewport });
    }
  }],

  ["a server that is away is said to be, and can be tried again", async (url, { journeys }) => {
    await withPage(async (page) => {
      await page.route("**/api/v1/journeys?*", (route) => route.abort("connectionrefused"));
      await page.goto(url);
      await page.getByRole("alert").getByText("The server is away").waitFor();
      await picture(page, "away-1280");
      await page.unroute("**/api/v1/journeys?*");
      await page.getByRole("button", { name: "Try again" }).click();
      await page.getByRole("link", { name: journeys[0].contact_id, exact: true }).waitFor();
    });
  }],

  ["further pages are appended", async (url, { journeys }) => {
    await withPage(async (page) => {
      await page.route("**/api/v1/journeys?*", (route) => {
        const second = new URL(route.request().url()).searchParams.get("page") === "next";
        return route.fulfill({ json: second ? { journeys: journeys.slice(2), next_page: null } : { journeys: journeys.slice(0, 2), next_page: "next" } });
      });
      await page.goto(url);
      await page.getByRole("button", { name: "Show older journeys" }).click();
      await page.getByRole("link", { name: journeys.at(-1).contact_id, exact: true }).waitFor();
      assert.equal(await page.getByRole("list", { name: "journeys" }).getByRole("listitem").count(), journeys.length);
      assert.equal(await page.getByRole("button", { name: "Show older journeys" }).count(), 0);
    });
  }],

  ["values from spans stay text", async (url, { journey }) => {
    const hostile = `<img src=x onerror="window.harmed=1">"'/../?#%&${"long".repeat(60)}`;
    const contact = `a/b?<script>window.harmed=1</script>`;
    const bad = structuredClone(journey);
    bad.contact_id = contact;
    bad.bots.push(hostile);
    for (const handoff of bad.handoffs) handoff.reason = hostile;
    const span = bad.span_list[1];
    Object.assign(span, { name: hostile, service: hostile, contact_id: contact, status: { code: "error", message: hostile } });
    span.attributes.push({ key: hostile, type: "string", value: hostile });
    await withPage(async (page, complaints) => {
      await answerWith(page, "**/api/v1/journeys?*", { journeys: [bad], next_page: null });
      await answerWith(page, `**/api/v1/journeys/*`, bad);
      await page.goto(url);
      await page.getByRole("link", { name: contact, exact: true }).click();
      await page.getByRole("heading", { name: contact, level: 1 }).waitFor();
      await page.getByRole("treeitem").nth(1).click();
      await page.getByRole("dialog").getByRole("row", { name: hostile }).first().waitFor();
      assert.equal(await page.evaluate(() => window.harmed), undefined);
      await assertNoSidewaysScroll(page, "the hostile journey");
      await picture(page, "hostile-400");
      assert.deepEqual(complaints, []);
    }, { viewport: narrow });
  }],

  ["a journey of a thousand spans is drawn whole", async (url, { journey }) => {
    const many = grow(journey, 40);
    await withPage(async (page, complaints) => {
      await answerWith(page, `**/api/v1/journeys/*`, many);
      await page.goto(`${url}/journeys/${journey.contact_id}`);
      await page.getByRole("heading", { name: journey.contact_id, level: 1 }).waitFor();
      await page.waitForFunction((count) => document.querySelectorAll("[role=treeitem]").length === count, many.span_list.length);
      assert.equal(await page.locator(".timeline .bar").count(), many.span_list.length);
      await assertNoSidewaysScroll(page, "the long journey");
      await picture(page, "thousand-1280", { fullPage: false });
      assert.deepEqual(complaints, []);
    });
  }],

  ["a journey that the server cut short says so, and a whole one does not", async (url, { journey }) => {
    await withPage(async (page) => {
      const caution = page.getByRole("note").getByText("longer than can be shown at once");
      await page.goto(`${url}/journeys/${journey.contact_id}`);
      await page.getByRole("treeitem").first().waitFor();
      assert.equal(await caution.count(), 0);
      await answerWith(page, `**/api/v1/journeys/*`, { ...journey, truncated: true });
      await page.getByRole("button", { name: "Refresh" }).click();
      await caution.waitFor();
    });
  }],

  ["the dark theme has the same pages", async (url, { journey }) => {
    await withPage(async (page) => {
      await page.goto(`${url}/journeys/${journey.contact_id}`);
      await page.getByRole("treeitem").first().waitFor();
      const back = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      assert.equal(back, "rgb(19, 20, 23)");
      await picture(page, "journey-dark-1280");
    }, { colorScheme: "dark" });
  }],
];

/** The journey `times` over, a day apart, every copy with trace ids of its own. */
function grow(journey, times) {
  const grown = { ...journey, trace_list: [], span_list: [], handoffs: [] };
  for (let copy = 0; copy < times; copy++) {
    const later = (text) => String(BigInt(text) + BigInt(copy) * 86_400_000_000_000n * 3n);
    const renamed = (traceId) => copy.toString(16).padStart(4, "0") + traceId.slice(4);
    const move = (item) => ({ ...item, trace_id: renamed(item.trace_id), start_ns: later(item.start_ns), end_ns: later(item.end_ns) });
    grown.trace_list.push(...journey.trace_list.map(move));
    grown.span_list.push(...journey.span_list.map((span) => ({ ...move(span), links: [] })));
    grown.handoffs.push(...journey.handoffs.map(move));
  }
  return grown;
}
