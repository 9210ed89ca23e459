// Takes pictures of pages.
// In, on standard input: {shots: [{name, html, pictures, file, width, height, before, scheme, media}]}. Each page is
// laid out `width` CSS pixels wide, and the first `height` of them go to `file` as PNG, two dots to a pixel; `before`
// names a heading before which it ends instead.
import { text } from "node:stream/consumers";
import { open, start } from "./browser.mjs";

const { shots } = JSON.parse(await text(process.stdin));
const browser = await start();
const context = await browser.newContext({ locale: "en-GB", timezoneId: "Europe/London", deviceScaleFactor: 2 });
for (const shot of shots) {
  const page = await open(context, shot);
  await page.setViewportSize({ width: shot.width, height: shot.height });
  await page.emulateMedia({ colorScheme: shot.scheme, media: shot.media });
  const end = shot.before && (await page.getByRole("heading", { name: shot.before }).first().boundingBox()).y;
  await page.setViewportSize({ width: shot.width, height: Math.floor(end ?? shot.height) });
  await page.screenshot({ path: shot.file });
  await page.close();
}
await browser.close();
process.stdout.write("{}");
