// Runs inside the page (one function, nothing from outside): what is on the screen, measured.
// Sizes in CSS pixels; contrast as WCAG 2.2 defines it.
export function measure() {
  const rgba = (colour) => {
    const [r, g, b, a = 1] = colour.match(/^rgba?\(([^)]+)\)$/)[1].split(/[\s,/]+/).map(Number);
    return { r, g, b, a };
  };
  const over = (top, below) => ({
    r: top.r * top.a + below.r * (1 - top.a),
    g: top.g * top.a + below.g * (1 - top.a),
    b: top.b * top.a + below.b * (1 - top.a),
    a: 1,
  });
  const luminance = ({ r, g, b }) => {
    const [R, G, B] = [r, g, b].map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * R + 0.7152 * G + 0.0722 * B;
  };
  const contrast = (one, other) => {
    const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
    return (light + 0.05) / (dark + 0.05);
  };
  const style = (element) => getComputedStyle(element);
  const canvas = document.createElement("i");
  canvas.style.cssText = "background-color: Canvas; display: none";
  document.documentElement.append(canvas);
  const paper = rgba(style(canvas).backgroundColor);
  canvas.remove();
  const ground = (element) => {
    const layers = [];
    for (let e = element; e; e = e.parentElement) layers.unshift(rgba(style(e).backgroundColor));
    return layers.reduce((below, top) => over(top, below), paper);
  };
  const hex = ({ r, g, b }) => "#" + [r, g, b].map((v) => Math.round(v).toString(16).padStart(2, "0")).join("");
  const seen = (element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  const words = (node) => node.textContent.replace(/\s+/g, " ").trim();

  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!words(node) || !seen(element)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    if (box.width <= 1 || box.height <= 1 || box.right <= 0 || box.bottom <= 0) continue;
    const below = ground(element);
    const ink = over(rgba(style(element).color), below);
    texts.push({
      words: words(node).slice(0, 60),
      size: parseFloat(style(element).fontSize),
      contrast: Math.round(contrast(ink, below) * 100) / 100,
      ink: hex(ink),
      ground: hex(below),
      right: Math.round(box.right),
    });
  }

  const targets = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, summary")]
    .filter(seen)
    .map((element) => {
      const box = element.getBoundingClientRect();
      const block = element.closest("p, li, td, div, h1, h2, h3, h4, label, main, body");
      return {
        words: words(element).slice(0, 60) || element.name || "",
        href: element.getAttribute("href") ?? "",
        tag: element.localName,
        in_a_sentence: element.localName === "a" && words(block) !== words(element),
        x: box.x + box.width / 2,
        y: box.y + box.height / 2,
        width: box.width,
        height: box.height,
        off_screen: box.right <= 0,
      };
    })
    .filter((target) => !target.off_screen);

  const bodies = { body: document.body, card: document.querySelector(".card") ?? document.querySelector("main") ?? document.body };
  return {
    lang: document.documentElement.lang,
    title: document.title,
    width: document.documentElement.scrollWidth,
    widest: Math.max(...[...document.body.querySelectorAll("*")].filter(seen).map((e) => Math.round(e.getBoundingClientRect().right))),
    headings: [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].filter(seen).map((e) => [Number(e.localName[1]), words(e)]),
    grounds: Object.fromEntries(Object.entries(bodies).map(([name, e]) => [name, hex(ground(e))])),
    brightness: Object.fromEntries(Object.entries(bodies).map(([name, e]) => [name, luminance(ground(e))])),
    texts,
    targets,
  };
}
