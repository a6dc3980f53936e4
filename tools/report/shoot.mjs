// shoot.mjs - pictures of a page as people see it, whole and by section: wide, narrow, dark, and printed to a tagged PDF.
//   node shoot.mjs PAGE.html FOLDER
import {chromium} from "playwright-core";
import {mkdirSync} from "node:fs";
import {basename, join, resolve} from "node:path";
import {pathToFileURL} from "node:url";

const [page, folder] = process.argv.slice(2);
const name = basename(page, ".html");
mkdirSync(folder, {recursive: true});
const browser = await chromium.launch({executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"]});
for (const [view, width, height, colorScheme] of [["1440", 1440, 900, "light"], ["390", 390, 844, "light"], ["dark", 1440, 900, "dark"]]) {
  const context = await browser.newContext({viewport: {width, height}, colorScheme, offline: true});
  const tab = await context.newPage();
  tab.on("console", (message) => console.log(`${view}: ${message.type()}: ${message.text()}`));
  tab.on("pageerror", (error) => console.log(`${view}: error: ${error}`));
  await tab.goto(pathToFileURL(resolve(page)).href);
  await tab.waitForTimeout(500);
  await tab.screenshot({path: join(folder, `${name}-${view}.png`), fullPage: true});
  for (const part of await tab.locator("main > section").all()) {
    await part.screenshot({path: join(folder, `${name}-${view}-${await part.getAttribute("id")}.png`)});
  }
  if (view === "1440") {
    await tab.pdf({path: join(folder, `${name}.pdf`), format: "A4", tagged: true, outline: true, printBackground: false, margin: {top: "12mm", bottom: "12mm", left: "12mm", right: "12mm"}});
  }
  await context.close();
}
await browser.close();
