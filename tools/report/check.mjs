// check.mjs - a page in headless Chromium as people use it: from a file, without a network, by mouse and by keyboard; wide, narrow, dark, on
// paper. Ends with 1 and says what failed.
//   node check.mjs PAGE.html FOLDER [bare]      pictures and the PDF go to FOLDER; bare: of a page that may have little on it, only that it
//                                               opens, is accessible and fits
import {chromium} from "playwright-core";
import {mkdirSync, readFileSync} from "node:fs";
import {createRequire} from "node:module";
import {basename, join, resolve} from "node:path";
import {pathToFileURL} from "node:url";

const [page, folder, kind] = process.argv.slice(2);
const name = basename(page, ".html");
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const VIEWS = [["1440", 1440, 900, "light"], ["390", 390, 844, "light"], ["dark", 1440, 900, "dark"]];
let failures = 0;

function expect(condition, what) {
  if (!condition) {
    failures += 1;
    console.log(`FAILED: ${what}`);
  }
}

async function open(browser, [view, width, height, colorScheme]) {
  const context = await browser.newContext({viewport: {width, height}, colorScheme, reducedMotion: "reduce"});
  await context.setOffline(true);
  const tab = await context.newPage();
  const requests = [];
  tab.on("request", (request) => requests.push(request.url()));
  tab.on("console", (message) => expect(false, `${view}: console ${message.type()}: ${message.text()}`));
  tab.on("pageerror", (error) => expect(false, `${view}: ${error}`));
  const url = pathToFileURL(resolve(page)).href;
  await tab.goto(url);
  await tab.waitForSelector(kind === "bare" ? "main > section" : "main > section svg[role=img]");
  return {tab, close: async () => {
    const strange = requests.filter((each) => each !== url && !each.startsWith("data:"));
    expect(strange.length === 0, `${view}: requests ${strange}`);
    await context.close();
  }};
}

// Accessibility rules: WCAG 2.1 A and AA, and axe's own good practice.
async function checkAccess(tab, view) {
  await tab.evaluate(axe);
  const found = await tab.evaluate(() => window.axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}));
  for (const each of found.violations) {
    expect(false, `${view}: axe: ${each.id}: ${each.help}: ${each.nodes.slice(0, 3).map((node) => `${node.html} ${node.failureSummary}`).join(" | ")}`);
  }
  console.log(`${view}: axe: ${found.passes.length} rules passed, ${found.violations.length} violated, ${found.incomplete.length} undecided (${found.incomplete.map((each) => each.id)})`);
}

// Nothing of the data became markup, and nothing of it ran.
async function checkMarkup(tab) {
  expect(await tab.evaluate(() => window.ran) === undefined, "a name ran as a script");
  expect(await tab.locator("main b, main i, main img:not(.leaflet-image-layer)").count() === 0, "a name became an element");
  const names = await tab.evaluate(() => JSON.parse(document.getElementById("data").textContent).rows.filter((row) => row.kind === "district").map((row) => row.district));
  const shown = await tab.locator("#districts tbody th bdi").allTextContents();
  expect(names.length === shown.length && names.every((each) => shown.includes(each)), `names ${shown}`);
  const arabic = tab.locator("#districts tbody th bdi", {hasText: /[\u0600-\u06ff]/});
  if (await arabic.count()) {
    const joined = await arabic.first().evaluate((node) => {
      // Joined letters are narrower than the same ones apart.
      const width = (text) => Object.assign(document.createElement("canvas").getContext("2d"), {font: getComputedStyle(node).font}).measureText(text).width;
      const letters = [...node.textContent.split(" ")[0]];
      return width(letters.join("")) < letters.map(width).reduce((a, b) => a + b) - 1;
    });
    expect(joined, "Arabic letters are not joined");
    expect(await arabic.first().evaluate((node) => getComputedStyle(node).unicodeBidi) === "isolate", "a right-to-left name is not isolated");
  }
}

// Colours of the picture, "blank" among them.
function coloursOf(image) {
  return image.evaluate(async (node) => {
    await node.decode();
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [node.naturalWidth, node.naturalHeight];
    canvas.getContext("2d").drawImage(node, 0, 0);
    const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
    const found = new Set();
    for (let i = 0; i < pixels.length; i += 4) {
      found.add(pixels[i + 3] === 0 ? "blank" : pixels.slice(i, i + 3).join());
    }
    return [...found];
  });
}

async function checkLayers(tab) {
  const image = tab.locator("img.leaflet-image-layer");
  const seen = new Map(); // pictures of layers that are not blank
  const layer = tab.getByLabel("Layer");
  for (const option of await layer.locator("option").all()) {
    await layer.selectOption(await option.getAttribute("value"));
    const title = await tab.locator(".legend h3").textContent();
    const picture = await image.getAttribute("src");
    if ((await coloursOf(image)).some((each) => each !== "blank")) {
      expect(!seen.has(picture), `${title} looks like ${seen.get(picture)}`);
      seen.set(picture, title);
    }
    expect((await tab.locator("#map figcaption").textContent()).includes("Modelled, not surveyed"), "a map without the sentence");
    expect(await tab.locator(".legend li").count() >= 3, "a map without a legend");
  }
  expect(seen.size > 1, "all layers are blank");
  await layer.selectOption("0");
}

async function checkMap(tab) {
  const image = tab.locator("img.leaflet-image-layer");
  await checkLayers(tab);
  const colours = await coloursOf(image);
  expect(colours.length >= 3, `the map has the colours ${colours}`);
  const hot = colours.filter((each) => each !== "blank").map((each) => each.split(",").map(Number)).filter(([r, g, b]) => (r > 1.6 * g && r > 1.6 * b) || (g > 1.5 * r && g > 1.5 * b));
  expect(hot.length === 0, `red, orange or green on the map: ${hot.join(" ")}`);
  await tab.getByLabel("Opacity").fill("0.5");
  expect(await image.evaluate((node) => node.style.opacity) === "0.5", "opacity");
  expect(await tab.locator(".leaflet-control-scale-line").isVisible() && await tab.locator(".north").isVisible(), "no scale bar or no north arrow");
  await tab.getByLabel(/Search areas/).check();
  expect(await tab.locator(".leaflet-overlay-pane canvas").count() > 0, "no contours");
  await tab.getByLabel(/Search areas/).uncheck();
  const box = await tab.locator(".map").boundingBox();
  await tab.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  const text = await tab.locator(".readout").textContent();
  expect(/Here: .*°/.test(text), `the cursor reads: ${text}`);
}

async function transformOf(tab) {
  return tab.locator(".leaflet-map-pane").evaluate((node) => getComputedStyle(node).transform);
}

async function checkKeyboard(tab) {
  await tab.evaluate(() => window.scrollTo(0, 0));
  await tab.locator("body").press("Tab");
  expect(await tab.evaluate(() => document.activeElement.className) === "skip", "the first stop is not the link past the head");
  const stops = [];
  for (let i = 0; i < 40 && !stops.includes("map"); i++) {
    await tab.keyboard.press("Tab");
    stops.push(await tab.evaluate(() => (document.activeElement.classList.contains("map") ? "map" : document.activeElement.tagName)));
  }
  expect(stops.includes("map"), `the map cannot be reached by Tab: ${stops}`);
  const before = await transformOf(tab);
  await tab.keyboard.press("ArrowRight");
  await tab.waitForTimeout(400);
  expect(await transformOf(tab) !== before, "an arrow does not move the map");
  expect((await tab.locator(".readout").textContent()).startsWith("Centre of the map"), "the centre is not read out");
  await tab.keyboard.press("Equal");
  await tab.waitForTimeout(400);
}

async function checkTable(tab) {
  const first = () => tab.locator("#districts tbody th").first().textContent();
  const head = tab.locator("#districts thead th");
  const means = await tab.locator("#districts tbody td:nth-child(2)").allTextContents();
  expect(means.length > 0, "no rows");
  expect(await head.nth(1).getAttribute("aria-sort") === "descending", "not sorted by the mean at first");
  await head.nth(0).locator("button").focus();
  await tab.keyboard.press("Enter");
  const up = await first();
  await tab.keyboard.press("Enter");
  expect(await head.nth(0).getAttribute("aria-sort") === "descending" && (means.length < 2 || up !== await first()), "a second press does not turn the order");
  const search = tab.getByLabel("Search districts");
  const name = await tab.locator("#districts tbody th bdi").first().textContent();
  await search.fill(name);
  expect(await tab.locator("#districts tbody tr").count() >= 1 && (await first()).includes(name), "search does not find a name");
  await search.fill("no such district at all");
  expect(await tab.locator("#districts tbody tr").count() === 0, "search finds what is not there");
  await search.fill("");
  const before = await transformOf(tab);
  const zoom = await tab.locator("path.frame").getAttribute("d");
  await tab.locator("#districts tbody button.link").first().click();
  await tab.waitForTimeout(500);
  expect(await transformOf(tab) !== before || await tab.locator("path.frame").getAttribute("d") !== zoom, "a click on a name does not move the map");
}

async function checkCharts(tab) {
  for (const id of ["intervals", "ranking"]) {
    const dot = tab.locator(`#${id} svg[role=img] circle`).first();
    await dot.scrollIntoViewIfNeeded();
    await dot.hover({force: true});
    await tab.waitForTimeout(100);
    expect(/District/.test(await tab.locator(`#${id} svg[role=img]`).textContent()), `${id}: no tooltip`);
  }
  const curve = tab.locator("#curves svg[role=img]");
  if (await curve.count()) {
    const before = await curve.innerHTML();
    await tab.locator("#curves").getByLabel("Row").selectOption({index: 3});
    expect(await curve.innerHTML() !== before, "another row has the same curve");
  }
  const captions = await tab.locator("figure figcaption").allTextContents();
  expect(captions.length >= 4 && captions.every((each) => each.includes("Modelled, not surveyed")), "a figure without the sentence");
  const internal = await tab.evaluate(() => document.body.classList.contains("internal"));
  expect(captions.every((each) => each.startsWith("INTERNAL") === internal), "INTERNAL is not on every figure, or on a public one");
  expect(await tab.locator("path.strike").count() > 0 === internal, "strikes on the map");
  const headings = await tab.locator("h1, h2, h3").evaluateAll((all) => all.map((each) => Number(each.tagName[1])));
  expect(headings[0] === 1 && headings.every((level, i) => i === 0 || level <= headings[i - 1] + 1), `headings ${headings}`);
}

async function print(tab) {
  const path = join(folder, `${name}.pdf`);
  await tab.emulateMedia({media: "print", colorScheme: "light"});
  await tab.pdf({path, format: "A4", tagged: true, outline: true, margin: {top: "12mm", bottom: "12mm", left: "12mm", right: "12mm"}});
  const bytes = readFileSync(path, "latin1");
  expect(bytes.includes("/Marked true") && bytes.includes("/StructTreeRoot"), "the PDF is not tagged");
}

async function main() {
  mkdirSync(folder, {recursive: true});
  const browser = await chromium.launch({executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"]});
  for (const view of VIEWS) {
    const {tab, close} = await open(browser, view);
    await tab.screenshot({path: join(folder, `${name}-${view[0]}.png`), fullPage: true});
    for (const part of await tab.locator("main > section").all()) {
      await part.screenshot({path: join(folder, `${name}-${view[0]}-${await part.getAttribute("id")}.png`)});
    }
    await checkAccess(tab, view[0]);
    const wide = await tab.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(wide <= 0, `${view[0]}: ${wide} pixels wider than the screen`);
    if (view[0] === "1440" && kind === "bare") {
      expect(await tab.locator("img.leaflet-image-layer").count() === 1, "no map");
      await checkMarkup(tab);
    } else if (view[0] === "1440") {
      await checkMarkup(tab);
      await checkKeyboard(tab);
      await checkMap(tab);
      await checkTable(tab);
      await checkCharts(tab);
    }
    await close();
  }
  const {tab, close} = await open(browser, VIEWS[0]);
  await print(tab);
  await close();
  await browser.close();
  console.log(failures ? `${failures} failures` : "all well");
  process.exit(failures ? 1 : 0);
}

await main();
