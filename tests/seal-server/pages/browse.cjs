// browse.cjs CLIENT [PICTURES] <FACTS: what a person and an auditor do on the pages.
"use strict";
const assert = require("assert");
const crypto = require("crypto");
const fs = require("fs");
const path = require("path");
const { Browser, WAYS } = require("./browser.cjs");

const [client, pictures] = process.argv.slice(2);
const facts = JSON.parse(fs.readFileSync(0, "utf8"));

// RFC 6238, as a telephone does it.
function oneTimeCode(secret) {
  const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...secret].map((digit) => digits.indexOf(digit).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((octet) => parseInt(octet, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30000)));
  const mac = crypto.createHmac("sha1", key).update(step).digest();
  const number = mac.readUInt32BE(mac[19] & 15) & 0x7fffffff;
  return String(number % 1000000).padStart(6, "0");
}

// The code on the terminal, as a telephone's camera sees it.
function readQrCode(lines) {
  const jsqr = require(path.join(client, "node_modules/jsqr"));
  const rows = lines.flatMap((line) => [[..."█▀"], [..."█▄"]].map((light) => [...line].map((each) => light.includes(each))));
  const zoom = 4;
  const [width, height] = [zoom * rows[0].length, zoom * rows.length];
  const pixels = new Uint8ClampedArray(4 * width * height);
  for (let y = 0; y < height; ++y)
    for (let x = 0; x < width; ++x) pixels.fill(rows[Math.floor(y / zoom)][Math.floor(x / zoom)] ? 255 : 0, 4 * (y * width + x), 4 * (y * width + x) + 3);
  for (let i = 3; i < pixels.length; i += 4) pixels[i] = 255;
  const found = (jsqr.default || jsqr)(pixels, width, height, { inversionAttempts: "dontInvert" });
  return found && found.data;
}

// Presses Tab until the focus is there.
async function tabTo(page, selector) {
  for (let i = 0; i < 60; ++i) {
    await page.keyboard.press("Tab");
    if (await page.evaluate((wanted) => document.activeElement.matches(wanted), selector)) return;
  }
  throw new Error(`the keyboard does not get to ${selector}`);
}

async function enter(page) {
  await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
}

// By the keyboard alone, from signing in to the proof.
async function byKeyboard(browser) {
  const page = await browser.open(WAYS[0]);
  await page.goto("/seals");
  assert.strictEqual(new URL(page.url()).pathname, "/sign-in");
  await browser.look(page, "sign-in");
  await tabTo(page, "#name");
  await page.keyboard.type(facts.user);
  await tabTo(page, "#password");
  await page.keyboard.type("a wrong password");
  await tabTo(page, "#code");
  await page.keyboard.type("000000");
  await enter(page);
  assert.match(await page.textContent("[role=alert]"), /not right/);
  await browser.look(page, "sign-in-failed");
  await tabTo(page, "#password");
  await page.keyboard.type(facts.password);
  await tabTo(page, "#code");
  await page.keyboard.type(oneTimeCode(facts.secret));
  await enter(page);
  assert.strictEqual(new URL(page.url()).pathname, "/seals");
  await tabTo(page, "#reference");
  await page.keyboard.type("MV-2741");
  await enter(page);
  await tabTo(page, "table a");
  await enter(page);
  assert.strictEqual(new URL(page.url()).pathname, `/seals/${facts.seal}`);
  await tabTo(page, "a[href$='/proof']");
  const [download] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("Enter")]);
  assert.strictEqual(download.suggestedFilename(), `seal-${facts.seal}.tlog-proof`);
  await download.saveAs(facts.proof);
  await tabTo(page, "header form[action='/sign-out'] button");
  await enter(page);
  await page.goto("/seals");
  assert.strictEqual(new URL(page.url()).pathname, "/sign-in");
  await page.context().close();
}

async function references(page) {
  return page.$$eval("table tbody a", (links) => links.map((link) => link.textContent));
}

async function search(page, fields) {
  await page.goto("/seals");
  for (const [name, value] of Object.entries(fields)) {
    if (name === "match") await page.check(`input[value=${value}]`);
    else if (name === "state") await page.selectOption("#state", value);
    else await page.fill(`#${name}`, value);
  }
  await Promise.all([page.waitForNavigation(), page.click(".search .main")]);
  return references(page);
}

async function byEachField(page) {
  assert.deepStrictEqual(await search(page, { reference: "MV-" }), ["MV-2741/2026"]);
  assert.deepStrictEqual(await search(page, { reference: "J-001", match: "part", state: "failed" }), ["ČJ-0018"]);
  assert.deepStrictEqual(await search(page, { digest: facts.sealedDigest }), ["MV-2741/2026"]);
  assert.deepStrictEqual(await search(page, { from: "2020-01-01", to: "2020-01-31" }), []);
  assert.strictEqual((await search(page, { state: "failed" })).length, 7);
  await search(page, { state: "opened" });
  let pages = 1;
  const seen = new Set(await references(page));
  while (await page.$("a[rel=next]")) {
    await Promise.all([page.waitForNavigation(), page.click("a[rel=next]")]);
    (await references(page)).forEach((reference) => seen.add(reference));
    pages += 1;
  }
  assert.deepStrictEqual([pages, seen.size], [2, 55]);
  assert(seen.has(facts.attack), "a reference is not shown as it is");
}

async function signIn(page) {
  await Promise.all([page.waitForNavigation(), page.click("form[action='/sign-in/certificate'] button")]);
  assert.strictEqual(new URL(page.url()).pathname, "/seals");
}

// The digests of a file and of its parts, and what is found by them.
async function byDocument(browser, page) {
  const lookUp = async (file) => {
    await page.goto("/seals");
    const [request] = await Promise.all([page.waitForRequest(/lookup/), page.waitForNavigation(), page.setInputFiles("#file", file)]);
    return new URLSearchParams(request.postData()).get("parts").split(",");
  };
  const parts = await lookUp(facts.extended);
  assert.deepStrictEqual([parts[1], parts[3], parts.at(-1)].map((part) => part.split(":")[1]),
    [facts.document, facts.sealedDigest, facts.extendedDigest]);
  assert.deepStrictEqual(await references(page), ["MV-2741/2026"]);
  await browser.look(page, "lookup");
  assert.deepStrictEqual(await lookUp(facts.large.file), facts.large.parts);
  assert.deepStrictEqual(await references(page), ["MV-2741/2026"]);
  // 300 MB, and only their digests are sent.
  if (page.way === WAYS[0]) {
    assert.deepStrictEqual((await lookUp(facts.huge.file)).at(-1), facts.huge.part);
    assert.deepStrictEqual(await references(page), ["MV-2741/2026"]);
  }
  // Dropped.
  await page.goto("/seals");
  const data = await page.evaluateHandle(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(["nothing sealed"], "file.txt"));
    return transfer;
  });
  await Promise.all([page.waitForNavigation(), page.dispatchEvent("main", "drop", { dataTransfer: data })]);
  assert.strictEqual(await page.textContent("main code"), crypto.createHash("sha256").update("nothing sealed").digest("hex"));
  assert.deepStrictEqual(await references(page), []);
}

async function byExport(page) {
  await page.goto("/seals?state=failed");
  const load = async (name) => {
    const [download] = await Promise.all([page.waitForEvent("download"), page.click(`a[href*='seals.${name}']`)]);
    return fs.readFileSync(await download.path(), "utf8");
  };
  assert.strictEqual((await load("csv")).trim().split("\r\n").length, 8);
  const { seals, complete } = JSON.parse(await load("json"));
  assert.deepStrictEqual([seals.length, seals[0].reason, complete], [7, "no PIN", true]);
}

// An administrator suspends a client, limits it, and revokes its certificate.
async function byAdministrator(browser, way) {
  const page = await browser.open(way, "admin");
  await page.goto("/clients");
  await Promise.all([page.waitForNavigation(), page.click("form[action='/sign-in/certificate'] button")]);
  await browser.look(page, "clients");
  await page.goto(`/clients/${facts.other}`);
  await browser.look(page, "client");
  if (way === WAYS[0]) {
    const press = (selector) => Promise.all([page.waitForNavigation(), page.click(selector)]);
    await press("button[name=state][value=suspended]");
    await browser.look(page, "client-suspended");
    await press("button[name=state][value=active]");
    await page.fill("#per_day", "12");
    await page.fill("#until", "2030-01-31");
    await press("form[action$='/limits'] button");
    assert.deepStrictEqual([await page.inputValue("#per_day"), await page.inputValue("#in_all"), await page.inputValue("#until")],
      ["12", "", "2030-01-31"]);
    await press(`form[action='/keys/${facts.otherKey}/revoke'] button`);
    assert.strictEqual(await page.$(`form[action='/keys/${facts.otherKey}/revoke']`), null);
  }
  await page.context().close();
}

// An auditor, in every way.
async function byCertificate(browser, way) {
  const page = await browser.open(way, "auditor");
  await page.goto("/");
  await browser.look(page, "sign-in-certificate");
  await signIn(page);
  await browser.look(page, "seals");
  if (way === WAYS[0]) {
    await byEachField(page);
    await byExport(page);
  }
  if (way.width > 1000) await byDocument(browser, page);
  await page.goto("/certificates?show=all");
  await browser.look(page, "certificates");
  const certificates = await page.$$eval("table tbody tr", (rows) => rows.map((row) => row.textContent));
  const kinds = way.locale === "cs-CZ" ? ["pečeticí", "přístupový"] : ["sealing", "authentication"];
  assert.match(certificates.find((row) => row.includes("Seal of the office")), new RegExp(kinds[0]));
  assert.match(certificates.find((row) => row.includes("CN=office")), new RegExp(kinds[1]));
  await page.goto("/clients");
  assert.strictEqual(await page.$("h1 + [role=alert]") !== null, true);
  await page.goto("/seals?digest=wrong");
  await browser.look(page, "seals-fault");
  await page.goto(`/seals/${facts.seal}`);
  await browser.look(page, "seal");
  await page.goto("/none");
  await browser.look(page, "problem");
  const language = await page.getAttribute("html", "lang");
  await page.goto("/seals?state=failed");
  await Promise.all([page.waitForNavigation(), page.click(".language button")]);
  assert.notStrictEqual(await page.getAttribute("html", "lang"), language);
  assert.strictEqual(new URL(page.url()).search, "?state=failed");
  await page.context().close();
}

async function main() {
  if (pictures) fs.mkdirSync(pictures, { recursive: true });
  const browser = new Browser(client, facts, pictures);
  await browser.start();
  assert.strictEqual(readQrCode(facts.qrCode), facts.uri);
  await byKeyboard(browser);
  for (const way of WAYS) {
    await byCertificate(browser, way);
    await byAdministrator(browser, way);
  }
  await browser.stop();
  for (const line of browser.findings) console.log(line);
  console.log(`looked ${browser.looked} times: ${browser.findings.length} findings`);
  process.exitCode = browser.findings.length ? 1 : 0;
}

main();
