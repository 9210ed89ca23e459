// What a screen reader says of a page, line by line, from the browser's own accessibility tree.
const SILENT = new Set(["RootWebArea", "generic", "none", "paragraph", "StaticText", "InlineTextBox", "LineBreak", "ListMarker", "strong", "emphasis", "LabelText"]);
const WITH_A_NAME = new Set(["heading", "link", "image", "button", "textbox", "searchbox", "combobox", "checkbox", "radio", "DisclosureTriangle"]);

export async function spoken(page) {
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send("Accessibility.getFullAXTree");
  await session.detach();
  const byId = new Map(nodes.map((node) => [node.nodeId, node]));
  const lines = [];
  let words = [];
  const flush = () => {
    const line = words.join("").replace(/\s+/g, " ").trim();
    if (line) lines.push(line);
    words = [];
  };
  const say = (node) => {
    const role = node.role?.value ?? "none";
    const name = (node.name?.value ?? "").replace(/\s+/g, " ").trim();
    const below = () => (node.childIds ?? []).map((id) => byId.get(id)).filter(Boolean).forEach(say);
    if (role === "StaticText") words.push(node.ignored ? "" : node.name.value);
    else if (role === "InlineTextBox" || role === "ListMarker") return;
    else if (role === "LineBreak") words.push(" ");
    else if (node.ignored) below();
    else if (role === "link") words.push(`[link: ${name}]`);
    else if (role === "strong" || role === "emphasis" || role === "generic") below();
    else {
      flush();
      const level = node.properties?.find((property) => property.name === "level")?.value.value;
      if (role === "heading") lines.push(`heading level ${level}: ${name}`);
      else if (WITH_A_NAME.has(role)) lines.push(`${role}: ${name}`);
      else {
        if (role === "list") lines.push(`list of ${node.childIds.length}`);
        else if (role === "listitem") words.push("- ");
        else if (!SILENT.has(role)) lines.push(`(${role}${name ? `: ${name}` : ""})`);
        below();
        flush();
      }
    }
  };
  nodes.filter((node) => !node.parentId).forEach(say);
  flush();
  return lines;
}
