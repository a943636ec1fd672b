// browse_large.cjs CLIENT <FACTS: what an auditor does in a register of millions of seals.
"use strict";
const assert = require("assert");
const fs = require("fs");
const { Browser, WAYS } = require("./browser.cjs");

const [client] = process.argv.slice(2);
const facts = JSON.parse(fs.readFileSync(0, "utf8"));
const PAGES = 40;

const nameOf = (number) => `REF-${String(number).padStart(8, "0")}`;

async function references(page) {
  return page.$$eval("table tbody a", (links) => links.map((link) => link.textContent));
}

async function press(page, selector) {
  await Promise.all([page.waitForNavigation(), page.click(selector)]);
}

async function main() {
  const browser = new Browser(client, facts);
  await browser.start();
  const page = await browser.open(WAYS[0], "auditor");
  await page.goto("/");
  await press(page, "form[action='/sign-in/certificate'] button");
  let newest = facts.seals - 1;
  for (let i = 0; i < PAGES; ++i) {
    const found = await references(page);
    assert.deepStrictEqual(found, found.map((_, back) => nameOf(newest - back)));
    assert.strictEqual(found.length, 50);
    newest -= found.length;
    await press(page, "a[rel=next]");
  }
  await browser.look(page, "large");
  // From a page deep in the list to one seal, and its proof.
  const middle = nameOf(Math.floor(facts.seals / 2));
  await page.fill("#reference", middle);
  await press(page, ".search .main");
  assert.deepStrictEqual(await references(page), [middle]);
  await press(page, "table tbody a");
  const [download] = await Promise.all([page.waitForEvent("download"), page.click("a[href$='/proof']")]);
  assert.match(fs.readFileSync(await download.path(), "utf8"), /^c2sp\.org\/tlog-proof@v1\n/);
  await browser.stop();
  for (const line of browser.findings) console.log(line);
  console.log(`${PAGES} pages of ${facts.seals} seals in a browser: ${browser.findings.length} findings`);
  process.exitCode = browser.findings.length ? 1 : 0;
}

main();
