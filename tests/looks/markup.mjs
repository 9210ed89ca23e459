// What the markup of pages promises, without a browser.
// In: {pages: [{name, html, kind}]} (kind: "mail" or "page") on standard input. Out: {name: {faults, unsupported}} on standard output.
//   faults: html-validate's complaints; unsupported: for mails, what caniemail knows a mail program to lack.
import { text } from "node:stream/consumers";
import { caniemail } from "caniemail";
import { HtmlValidate, StaticConfigLoader } from "html-validate";
import * as rules from "./htmlvalidate.mjs";

const CLIENTS = ["gmail.*", "outlook.windows", "outlook.macos", "outlook.outlook-com", "outlook.ios", "apple-mail.*"];

const validators = {
  mail: new HtmlValidate(new StaticConfigLoader(rules.mail)),
  page: new HtmlValidate(new StaticConfigLoader(rules.page)),
};

async function faults(html, kind) {
  const report = await validators[kind].validateString(html);
  return report.results.flatMap(({ messages }) =>
    messages.map(({ ruleId, message, line, selector }) => ({ rule: ruleId, message, line, selector })),
  );
}

function unsupported(html) {
  const { issues } = caniemail({ clients: CLIENTS, html });
  const found = [];
  for (const [support, byClient] of [["none", issues.errors], ["partly", issues.warnings]]) {
    for (const [client, features] of byClient) {
      for (const { title, notes } of features) found.push({ feature: title, client, support, notes });
    }
  }
  return found;
}

const { pages } = JSON.parse(await text(process.stdin));
const out = {};
for (const { name, html, kind } of pages) {
  out[name] = { faults: await faults(html, kind), unsupported: kind === "mail" ? unsupported(html) : [] };
}
process.stdout.write(JSON.stringify(out));
