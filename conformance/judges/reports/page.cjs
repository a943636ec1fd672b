// page.cjs CLIENT FOLDER [--pictures]: every report in HTML of a folder, in a browser: light, dark, narrow and printed. axe finds
// nothing, nothing is wider than the page, and nothing is loaded. With --pictures each is a picture beside its report, too.
"use strict";
const fs = require("fs");
const path = require("path");

const [client, folder, pictures] = process.argv.slice(2);
const { chromium } = require(path.join(client, "node_modules/playwright-core"));
const axe = fs.readFileSync(require.resolve(path.join(client, "node_modules/axe-core/axe.min.js")), "utf8");

const A4 = 688; // CSS pixels between the margins
const WAYS = [
  { name: "light", width: 1280 },
  { name: "dark", width: 1280, colorScheme: "dark" },
  { name: "narrow", width: 320 },
  { name: "print", width: A4, media: "print" },
];

// What is wider than the page it is on, or than the cell of a table.
const TOO_WIDE = () =>
  [...document.querySelectorAll("body *")]
    .filter((element) => element.getClientRects().length && !(element.closest("thead") && element.closest("thead").clientWidth < 2))
    .filter((element) => element.getBoundingClientRect().right > window.innerWidth + 1 ||
      (/^T[DH]$/.test(element.tagName) && element.scrollWidth > element.clientWidth + 1))
    .map((element) => `${element.tagName}: ${element.textContent.slice(0, 60)}`);

async function complaints(page, file, way) {
  await page.emulateMedia({ colorScheme: way.colorScheme || "light", media: way.media || "screen" });
  await page.setViewportSize({ width: way.width, height: 900 });
  const asked = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.goto("file://" + file);
  const loaded = asked.slice(1).filter((url) => !url.startsWith("data:"));
  const found = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
  const lines = found.violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.html.slice(0, 120)}`));
  lines.push(...(await page.evaluate(TOO_WIDE)).map((what) => `too wide: ${what}`), ...loaded.map((url) => `loads ${url}`));
  if (pictures) await page.screenshot({ path: `${file}.${way.name}.png`, fullPage: true });
  if (way.media && pictures) await page.pdf({ path: `${file}.pdf`, preferCSSPageSize: true, printBackground: true });
  page.removeAllListeners("request");
  return lines.map((line) => `${path.basename(file)} (${way.name}): ${line}`);
}

async function main() {
  const files = fs.readdirSync(folder).filter((name) => name.endsWith(".html")).map((name) => path.join(folder, name));
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
  // The report's own policy forbids scripts; axe is put in beside it.
  const context = await browser.newContext({ bypassCSP: true });
  await context.addInitScript(axe);
  const page = await context.newPage();
  const found = [];
  for (const file of files) for (const way of WAYS) found.push(...(await complaints(page, file, way)));
  await browser.close();
  for (const line of found) console.log(line);
  if (!files.length) throw new Error(`no report in ${folder}`);
  console.log(`${files.length} reports in ${WAYS.length} ways: ${found.length} findings`);
  process.exitCode = found.length ? 1 : 0;
}

main();
