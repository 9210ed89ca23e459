// Looks at pages as readers' programs show them.
// In: {pages: [{name, html, pictures, widths}], schemes, folder} on standard input.
// Out, on standard output: {name: {looks: [{scheme, width, ...}], fetched, spoken, pdf}}.
//   looks: axe-core's findings and what measure.mjs measured, for each colour scheme and each of the page's widths;
//   fetched: the addresses that the page asked for; spoken: what a screen reader says, line by line;
//   pdf: the file that it prints to, on A4. Browsers print in light colours, whatever the screen is set to.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { open, start } from "./browser.mjs";
import { measure } from "./measure.mjs";
import { spoken } from "./spoken.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = { "target-size": { enabled: true } }; // WCAG 2.2, which axe leaves off until asked

async function axe(page) {
  await page.evaluate(AXE);
  const { violations, incomplete } = await page.evaluate((rules) => window.axe.run({ rules }), RULES);
  // "incomplete": axe could not tell. Nobody looks at these by hand, so they count.
  return [...violations, ...incomplete].map(({ id, help, nodes }) => ({
    rule: id,
    help,
    where: nodes.map((node) => `${node.target.join(" ")}: ${node.any[0]?.message ?? ""}`),
  }));
}

async function look(page, scheme, width) {
  await page.emulateMedia({ colorScheme: scheme });
  await page.setViewportSize({ width, height: 800 });
  return { scheme, asked: width, axe: await axe(page), ...(await page.evaluate(measure)) };
}

async function printed(page, file) {
  await page.emulateMedia({ colorScheme: "light" });
  await page.pdf({ path: file, format: "A4", preferCSSPageSize: true });
  return file;
}

const { pages, schemes, folder } = JSON.parse(await text(process.stdin));
const browser = await start();
const context = await browser.newContext({ locale: "en-GB", timezoneId: "Europe/London" });
const out = {};

async function found(one) {
  const fetched = [];
  const page = await open(context, one, (url) => fetched.push(url));
  const looks = [];
  for (const scheme of schemes) for (const width of one.widths) looks.push(await look(page, scheme, width));
  out[one.name] = { looks, fetched, spoken: await spoken(page), pdf: await printed(page, join(folder, `${one.name}.pdf`)) };
  await page.close();
}

// Two at a time: while one page is measured here, the browser lays out the other.
const waiting = [...pages];
await Promise.all([1, 2].map(async () => {
  for (let one = waiting.shift(); one; one = waiting.shift()) await found(one);
}));
await browser.close();
process.stdout.write(JSON.stringify(out));
