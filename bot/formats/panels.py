"""Which elements of a page belong together: accordion panels, tabs, cards; and what they are called."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bot.formats.tree import HEADINGS, Element

_TOGGLE = re.compile(r"accordion|collaps|toggle|expand|spoiler|faq", re.I)
_PANEL = re.compile(r"accordion|collaps|panel|content|toggle|tab|expand|answer|body", re.I)
_CARD = re.compile(
    r"(?:^|[-_])(?:card|item|result|teaser|entry|post|tile|listing|pod|record|news|review|publication|views-row)s?(?:[-_]|$)",
    re.I,
)


@dataclass(slots=True)
class Panels:
    """By element: `groups` their numbers, `buttons` those that head a panel, `titles` of tab panels (their
    tab's label), `controlled` the panels that a button shows and hides."""

    groups: dict[Element, int] = field(default_factory=dict)
    buttons: set[Element] = field(default_factory=set)
    titles: dict[Element, str] = field(default_factory=dict)
    controlled: set[Element] = field(default_factory=set)
    last: int = 0

    def new(self) -> int:
        self.last += 1
        return self.last


def find_panels(root: Element) -> Panels:
    """The accordions, tabs and cards of a page."""
    panels = Panels()
    ids = {tag.attrs["id"]: tag for tag in root.inside() if "id" in tag.attrs}
    for tag in filter(_is_tab, root.inside()):
        panel = _target(tag, ids)
        if panel is not None:
            label = " ".join(tag.text(" ").split())
            first = panel.first(*HEADINGS)
            if first is None or " ".join(first.text(" ").split()) != label:
                panels.titles[panel] = label
            panels.groups[panel] = panels.new()
            panels.controlled.add(panel)
    for tag in root.inside():
        if not (_is_toggle(tag) or _is_bare_toggle(tag)):
            continue
        row = _row(tag)
        panel = _target(tag, ids) or _after(row)
        if panel is None or panel in panels.controlled or _is_menu(tag, panel):
            continue
        panels.buttons.add(tag)
        panels.controlled.add(panel)
        number = panels.groups.setdefault(panel, panels.new())
        if panel not in tag.ancestors():
            panels.groups[row] = number
    for tag in root.inside("details"):
        panels.groups[tag] = panels.new()
    _find_cards(root, panels)
    return panels


def _is_tab(tag: Element) -> bool:
    toggled = tag.attrs.get("data-toggle") or tag.attrs.get("data-bs-toggle")
    return toggled in ("tab", "pill") or tag.attrs.get("role") == "tab"


def _is_toggle(tag: Element) -> bool:
    if not tag.attrs or tag.name not in ("button", "a", "div", "span", *HEADINGS) or _is_tab(tag):
        return False
    if (
        tag.attrs.get("aria-controls")
        or tag.attrs.get("data-toggle") == "collapse"
        or tag.attrs.get("data-bs-toggle") == "collapse"
    ):
        return True
    if tag.attrs.get("aria-expanded") and tag.name in ("button", "a"):
        return True
    return tag.name == "button" and bool(_TOGGLE.search(" ".join(tag.classes)))


_ACTS = re.compile(
    r"(?:open|show|close|hide|expand|collapse|view|toggle|read|see|more|search|go|menu|submit|send|save|print|"
    r"share|copy|accept|reject|manage|cookies?|download|play|pause|next|previous|back|sign|log|subscribe|yes|no|"
    r"skip|filter|sort|clear|reset|apply|load|listen|translate|contact|e-?mail)\b",
    re.I,
)


def _is_bare_toggle(tag: Element) -> bool:
    """A button right before a box of words, which names the box and asks for nothing."""
    if tag.name != "button" or set(tag.attrs) - {"type", "id", "class"} or tag.attrs.get("type") == "submit":
        return False
    label = " ".join(tag.text(" ").split())
    if len(label) < 4 or len(label) > 160 or _ACTS.match(label) or tag.within("form"):
        return False
    panel = _after(_row(tag))
    return (
        panel is not None
        and panel.name in ("div", "section")
        and panel.size > tag.size
        and not panel.first("button")
    )


def _is_menu(tag: Element, panel: Element) -> bool:
    return tag.within("nav", "header", "footer") is not None or panel.name in ("nav", "form", "header")


def _target(tag: Element, ids: dict[str, Element]) -> Element | None:
    for name in ("aria-controls", "data-bs-target", "data-target", "href"):
        value = tag.attrs.get(name, "").strip()
        if value and (name == "aria-controls" or value.startswith("#")) and value.lstrip("#") in ids:
            return ids[value.lstrip("#")]
    return None


def _row(tag: Element) -> Element:
    """The button, or the heading or box that holds nothing else."""
    while tag.parent is not None and tag.parent.name not in ("body", "main", "article", "[document]"):
        if tag.parent.size != tag.size:
            break
        tag = tag.parent
    return tag


def _after(row: Element) -> Element | None:
    """The element after the button's row, if it can be a panel."""
    panel = row.after
    if panel is None or panel.name not in ("div", "section", "ul", "ol", "table", "dl", "p"):
        return None
    return panel


def is_panel(tag: Element) -> bool:
    """Whether a hidden element calls itself a panel that a reader can open."""
    named = " ".join([*tag.classes, tag.attrs.get("id", "")])
    return (
        tag.attrs.get("role") in ("tabpanel", "region")
        or bool(_PANEL.search(named))
        or tag.attrs.get("hidden") == "until-found"
    )


def _find_cards(root: Element, panels: Panels) -> None:
    several = len(root.inside("article")) > 1
    for tag in root.inside("div", "li", "article", "section", "a"):
        if tag in panels.groups:
            continue
        if tag.name == "article":
            if several:
                panels.groups[tag] = panels.new()
            continue
        named = tag.name == "li" or any(_CARD.search(name) for name in tag.classes)
        titled = tag.holds((*HEADINGS, "a") if tag.name == "div" else HEADINGS)
        if named and titled and _has_fellow(tag):
            panels.groups[tag] = panels.new()


def _has_fellow(tag: Element) -> bool:
    """Whether a neighbour is made the same way: a card is one of several."""
    own = tag.classes
    for fellow in (tag.after, tag.before):
        if (
            fellow is not None
            and fellow.name == tag.name
            and (not own or set(own).intersection(fellow.classes))
        ):
            return True
    return False
