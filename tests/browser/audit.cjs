// Opens one page in Chromium as its readers do and prints what is wrong with it, as JSON.
// node audit.cjs NODE_MODULES CHROMIUM PAGE
const fs = require("fs");
const path = require("path");
const { pathToFileURL } = require("url");

const [modules, executablePath, file] = process.argv.slice(2);
const { chromium } = require(path.join(modules, "playwright-core"));
const axe = fs.readFileSync(path.join(modules, "axe-core", "axe.min.js"), "utf8");
const address = pathToFileURL(file).href;
const args = [
  "--no-sandbox", "--disable-gpu", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
];

// What a keyboard user sees of the first square: whether its name shows and stays on the page.
function nameOfFirstSquare() {
  const cell = document.querySelector(".cell");
  if (!cell) return true; // only the report has squares
  cell.focus();
  const box = cell.querySelector(".tip").getBoundingClientRect();
  return box.width > 100 && box.left >= 0 && box.right <= innerWidth;
}

async function look(browser, colorScheme, width, found) {
  const page = await browser.newPage({ colorScheme, viewport: { width, height: 800 } });
  const place = `${colorScheme}, ${width} px: `;
  page.on("request", (request) => request.url() === address || found.requests.push(request.url()));
  page.on("console", (message) => found.messages.push(place + message.text()));
  page.on("pageerror", (error) => found.messages.push(place + error.message));
  await page.goto(address);
  const content = await page.evaluate(() => document.documentElement.scrollWidth);
  if (content > width) found.overflow.push(`${place}content is ${content} px wide`);
  await page.keyboard.press("Tab"); // from here on the page knows a keyboard: focus is visible
  if (!(await page.evaluate(nameOfFirstSquare))) found.hidden.push(place + "the name of a focused square");
  found.backgrounds[colorScheme] = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await page.evaluate(axe);
  const { violations, passes } = await page.evaluate(() => window.axe.run());
  found.passes = Math.max(found.passes, passes.length);
  for (const rule of violations) {
    for (const node of rule.nodes) found.violations.push(`${place}${rule.id}: ${node.html}`);
  }
  await page.close();
}

(async () => {
  const found = {
    violations: [], overflow: [], hidden: [], requests: [], messages: [], backgrounds: {}, passes: 0,
  };
  const browser = await chromium.launch({ executablePath, args });
  for (const colorScheme of ["light", "dark"]) {
    for (const width of [360, 1280]) await look(browser, colorScheme, width, found);
  }
  await browser.close();
  console.log(JSON.stringify(found));
})();
