// Chromium, started once, with a network that has nothing on it but the pages that are to be shown.
import { chromium } from "playwright-core";

const ARGUMENTS = [
  "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync", "--hide-scrollbars", "--font-render-hinting=none",
];

/** The browser: $CHROMIUM, or Debian's. */
export function start() {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ARGUMENTS });
}

/**
 * Opens HTML as if it came from https://NAME.example, and gives the page.
 * `fetched` is told of each address that the page asks for besides itself: nobody answers, as in a mail
 * program that shows no pictures; `pictures` (address: file) are the exception.
 */
export async function open(context, { name, html, pictures = {} }, fetched = () => {}) {
  const page = await context.newPage();
  const home = `https://${name}.example/`;
  await page.route("**/*", (route) => {
    const url = route.request().url();
    if (url === home) return route.fulfill({ body: html, contentType: "text/html; charset=utf-8" });
    fetched(url);
    return url in pictures ? route.fulfill({ path: pictures[url] }) : route.abort();
  });
  await page.goto(home);
  return page;
}
