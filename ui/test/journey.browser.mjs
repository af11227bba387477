// The page's main job, against any server: find a contact, open its journey, see the handoff, look into a span.
//
//   SEGUE_URL=http://localhost:16686 SEGUE_CONTACT=contact_7Qm2xVd9 node test/journey.browser.mjs
//
// SEGUE_SCREENSHOTS=<dir> saves pictures at both widths. Exits non-zero when anything is not as it should be.

import assert from "node:assert/strict";
import { assertNoSidewaysScroll, narrow, picture, wide, withPage } from "./browser.mjs";

const url = process.env.SEGUE_URL;
const contact = process.env.SEGUE_CONTACT;
assert.ok(url && contact, "set SEGUE_URL and SEGUE_CONTACT");

const handoffName = /^Handoff lead_bot to buyer_bot, executed, confidence \d\.\d\d$/;

async function findJourney(page) {
  await page.goto(url);
  await page.getByRole("heading", { name: "Journeys" }).waitFor();
  await page.getByRole("searchbox", { name: "Contact" }).fill(contact);
  await page.waitForURL((address) => address.searchParams.get("contact") === contact);
  await page.getByRole("link", { name: contact, exact: true }).click();
  await page.getByRole("heading", { name: contact, level: 1 }).waitFor();
}

async function seeHandoff(page) {
  const handoff = page.getByRole("button", { name: handoffName }).first();
  await handoff.waitFor();
  assert.match(await handoff.textContent(), /lead_bot.*buyer_bot.*executed/);
  assert.ok((await page.locator(".timeline .arrow.tone-good").count()) >= 1, "the timeline draws no executed handoff");
}

async function lookIntoSpan(page, name) {
  await page.getByRole("treeitem", { name: /^lead_bot\.analyze_intent, / }).first().click();
  const details = page.getByRole("dialog", { name: "Span details: lead_bot.analyze_intent" });
  await details.waitFor();
  await details.getByRole("row", { name: new RegExp(`workflow\\.contact_id ${contact} string`) }).waitFor();
  await picture(page, `${name}-details`, { fullPage: false });
  await page.keyboard.press("Escape");
  await details.waitFor({ state: "detached" });
}

for (const viewport of [wide, narrow]) {
  await withPage(async (page, complaints) => {
    await findJourney(page);
    await seeHandoff(page);
    await assertNoSidewaysScroll(page, "the journey");
    await picture(page, `journey-${viewport.width}`);
    await lookIntoSpan(page, `journey-${viewport.width}`);
    await page.getByRole("link", { name: "Journeys", exact: true }).first().click();
    await page.getByRole("link", { name: contact, exact: true }).waitFor();
    await assertNoSidewaysScroll(page, "the list of journeys");
    await picture(page, `journeys-${viewport.width}`);
    assert.deepEqual(complaints, [], "the console has errors");
  }, { viewport });
  console.log(`ok: journey at ${viewport.width} px`);
}
