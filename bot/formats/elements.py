"""What the elements of a web page mean: which are blocks, headings, hidden, bold."""

from __future__ import annotations

import re

from bot.formats.panels import is_panel
from bot.formats.tree import Element

DROPPED = {
    "script", "style", "template", "noscript", "head", "iframe", "object", "embed", "svg", "canvas",
    "video", "audio", "select", "textarea", "input", "datalist", "map", "meta", "link", "base", "param",
    "progress", "math", "img",
}  # fmt: skip
BLOCKS = {
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog",
    "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4",
    "h5", "h6", "header", "hgroup", "hr", "html", "legend", "li", "main", "menu", "nav", "ol", "p", "pre",
    "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
}  # fmt: skip
LISTS = {"ul", "ol", "dl", "menu", "dir"}
_LEVELS = {f"h{level}": level for level in range(1, 7)}
WEIGHT = re.compile(r"(?:^|;)\s*font-weight\s*:\s*(\w+)", re.I)
NOT_SHOWN = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.I)
HIDDEN_CLASSES = {"d-none", "is-hidden", "js-hidden", "hide-all"}


def is_hidden(tag: Element, controlled: set[Element]) -> bool:
    """Whether a reader never sees the element. `controlled`: panels that a button opens, hidden or not."""
    if tag.name in DROPPED:
        return True
    if not tag.attrs:
        return False
    style = tag.attrs.get("style")
    hidden = "hidden" in tag.attrs or tag.attrs.get("aria-hidden") == "true"
    hidden = hidden or bool(style and NOT_SHOWN.search(style))
    hidden = hidden or bool(HIDDEN_CLASSES.intersection(tag.classes))
    return hidden and not (tag in controlled or is_panel(tag))


def is_bold(tag: Element, outer: bool) -> bool:
    """Whether the element's words are bold, within words that are (`outer`) or are not."""
    weight = WEIGHT.search(tag.attrs["style"]) if "style" in tag.attrs else None
    if weight:
        return weight.group(1).lower() in ("bold", "bolder", "600", "700", "800", "900")
    return outer or tag.name in ("b", "strong")


def has_neighbours(cell: Element) -> bool:
    """Whether a cell of a layout table is one box among several, and not the frame of a page."""
    row = cell.parent
    if row is None or cell.holds(("h1", "table")):
        return False
    return any(other is not cell and other.size for other in row.children("td", "th"))


def heading_level(tag: Element) -> int:
    """1 to 6 for a heading element or role, else 0."""
    if tag.name in _LEVELS:
        return _LEVELS[tag.name]
    if tag.attrs.get("role") == "heading":
        level = tag.attrs.get("aria-level") or "2"
        return int(level) if re.fullmatch("[1-6]", level) else 2
    return 0
