// A browser for the pages: what it sees must be free of findings by axe, of messages by the browser, and no wider than the window.
"use strict";
const fs = require("fs");
const path = require("path");

const WAYS = [
  { name: "light", width: 1280, locale: "en-GB", colorScheme: "light" },
  { name: "dark", width: 1280, locale: "cs-CZ", colorScheme: "dark" },
  { name: "narrow", width: 320, locale: "cs-CZ", colorScheme: "light" },
  { name: "narrow-dark", width: 320, locale: "en-GB", colorScheme: "dark" },
];

// What is wider than the window, or than the cell of a table.
const TOO_WIDE = () =>
  [...document.querySelectorAll("body *")]
    .filter((element) => element.getClientRects().length && !element.closest(".skip"))
    .filter((element) => element.getBoundingClientRect().right > window.innerWidth + 1 ||
      (/^T[DH]$/.test(element.tagName) && element.scrollWidth > element.clientWidth + 1))
    .map((element) => `${element.tagName}: ${element.textContent.slice(0, 60)}`);

class Browser {
  constructor(client, facts, pictures) {
    this.client = client;
    this.facts = facts;
    this.pictures = pictures;
    this.axe = fs.readFileSync(require.resolve(path.join(client, "node_modules/axe-core/axe.min.js")), "utf8");
    this.findings = [];
    this.looked = 0;
  }

  async start() {
    const { chromium } = require(path.join(this.client, "node_modules/playwright-core"));
    this.chromium = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
  }

  stop() {
    return this.chromium.close();
  }

  // A page in a profile of its own.
  async open(way, user) {
    const { origin, certificates } = this.facts;
    const clientCertificates = user ? [{ origin, certPath: certificates[user][0], keyPath: certificates[user][1] }] : [];
    const context = await this.chromium.newContext({
      baseURL: origin, ignoreHTTPSErrors: true, locale: way.locale, colorScheme: way.colorScheme,
      viewport: { width: way.width, height: 900 }, clientCertificates,
    });
    context.setDefaultTimeout(60000);
    const page = await context.newPage();
    page.way = way;
    // A policy that is broken, a script that fails, a script of somebody else.
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type()) && !/status of 4\d\d/.test(message.text())) this.find(page, message.text());
    });
    page.on("pageerror", (error) => this.find(page, error.message));
    page.on("dialog", (dialog) => {
      this.find(page, `a dialog: ${dialog.message()}`);
      dialog.dismiss();
    });
    return page;
  }

  find(page, what) {
    this.findings.push(`${page.url()} (${page.way.name}): ${what}`);
  }

  // Looks at what the page shows now.
  async look(page, name) {
    await page.evaluate(this.axe);
    const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
    for (const violation of found.violations)
      for (const node of violation.nodes) this.find(page, `${violation.id}: ${node.html.slice(0, 160)}`);
    for (const what of await page.evaluate(TOO_WIDE)) this.find(page, `too wide: ${what}`);
    this.looked += 1;
    if (this.pictures) await page.screenshot({ path: path.join(this.pictures, `${name}.${page.way.name}.png`), fullPage: true });
    if (page.way.name === "light") await this.lookPrinted(page, name);
  }

  async lookPrinted(page, name) {
    await page.emulateMedia({ media: "print" });
    await page.setViewportSize({ width: 688, height: 900 }); // A4 between its margins
    for (const what of await page.evaluate(TOO_WIDE)) this.find(page, `too wide in print: ${what}`);
    if (this.pictures) await page.screenshot({ path: path.join(this.pictures, `${name}.print.png`), fullPage: true });
    await page.emulateMedia({ media: "screen" });
    await page.setViewportSize({ width: page.way.width, height: 900 });
  }
}

module.exports = { Browser, WAYS };
