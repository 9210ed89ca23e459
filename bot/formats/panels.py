"""Which elements of a page belong together: accordion panels, tabs, cards; and what they are called."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bs4 import Tag

from bot.formats.outline import HEADINGS, Outline, classes

_TOGGLE = re.compile(r"accordion|collaps|toggle|expand|spoiler|faq", re.I)
_PANEL = re.compile(r"accordion|collaps|panel|content|toggle|tab|expand|answer|body", re.I)
_CARD = re.compile(
    r"(?:^|[-_])(?:card|item|result|teaser|entry|post|tile|listing|pod|record|news|review|publication|views-row)s?(?:[-_]|$)",
    re.I,
)


@dataclass(slots=True)
class Panels:
    """By the identity (`id()`) of an element: `groups` their numbers, `buttons` those that head a panel,
    `titles` of tab panels (their tab's label), `controlled` the panels that a button shows and hides."""

    groups: dict[int, int] = field(default_factory=dict)
    buttons: set[int] = field(default_factory=set)
    titles: dict[int, str] = field(default_factory=dict)
    controlled: set[int] = field(default_factory=set)
    last: int = 0

    def new(self) -> int:
        self.last += 1
        return self.last


def find_panels(outline: Outline) -> Panels:
    """The accordions, tabs and cards of a page."""
    panels = Panels()
    ids = {str(tag.attrs["id"]): tag for tag in outline.tags if "id" in tag.attrs}
    for tag in filter(_is_tab, outline.tags):
        panel = _target(tag, ids)
        if panel is not None:
            label = " ".join(tag.get_text(" ").split())
            first = panel.find(HEADINGS)
            if first is None or " ".join(first.get_text(" ").split()) != label:
                panels.titles[id(panel)] = label
            panels.groups[id(panel)] = panels.new()
            panels.controlled.add(id(panel))
    for tag in outline.tags:
        if not (_is_toggle(tag) or _is_bare_toggle(tag, outline)):
            continue
        row = _row(tag, outline)
        panel = _target(tag, ids) or _after(row)
        if panel is None or id(panel) in panels.controlled or _is_menu(tag, panel):
            continue
        panels.buttons.add(id(tag))
        panels.controlled.add(id(panel))
        number = panels.groups.setdefault(id(panel), panels.new())
        if panel not in tag.parents:
            panels.groups[id(row)] = number
    for tag in outline.named("details"):
        panels.groups[id(tag)] = panels.new()
    _find_cards(outline, panels)
    return panels


def _is_tab(tag: Tag) -> bool:
    return tag.get("role") == "tab" or (tag.get("data-toggle") or tag.get("data-bs-toggle")) in (
        "tab",
        "pill",
    )


def _is_toggle(tag: Tag) -> bool:
    if not tag.attrs or tag.name not in ("button", "a", "div", "span", *HEADINGS) or _is_tab(tag):
        return False
    if (
        tag.get("aria-controls")
        or tag.get("data-toggle") == "collapse"
        or tag.get("data-bs-toggle") == "collapse"
    ):
        return True
    if tag.get("aria-expanded") and tag.name in ("button", "a"):
        return True
    return tag.name == "button" and bool(_TOGGLE.search(" ".join(classes(tag))))


_ACTS = re.compile(
    r"(?:open|show|close|hide|expand|collapse|view|toggle|read|see|more|search|go|menu|submit|send|save|print|"
    r"share|copy|accept|reject|manage|cookies?|download|play|pause|next|previous|back|sign|log|subscribe|yes|no|"
    r"skip|filter|sort|clear|reset|apply|load|listen|translate|contact|e-?mail)\b",
    re.I,
)


def _is_bare_toggle(tag: Tag, outline: Outline) -> bool:
    """A button right before a box of words, which names the box and asks for nothing."""
    if tag.name != "button" or set(tag.attrs) - {"type", "id", "class"} or tag.get("type") == "submit":
        return False
    label = " ".join(tag.get_text(" ").split())
    if len(label) < 4 or len(label) > 160 or _ACTS.match(label) or tag.find_parent("form") is not None:
        return False
    panel = _after(_row(tag, outline))
    return (
        panel is not None
        and panel.name in ("div", "section")
        and outline.size(panel) > outline.size(tag)
        and panel.find("button") is None
    )


def _is_menu(tag: Tag, panel: Tag) -> bool:
    return tag.find_parent(["nav", "header", "footer"]) is not None or panel.name in ("nav", "form", "header")


def _target(tag: Tag, ids: dict[str, Tag]) -> Tag | None:
    for name in ("aria-controls", "data-bs-target", "data-target", "href"):
        value = str(tag.get(name) or "").strip()
        if value and (name == "aria-controls" or value.startswith("#")) and value.lstrip("#") in ids:
            return ids[value.lstrip("#")]
    return None


def _row(tag: Tag, outline: Outline) -> Tag:
    """The button, or the heading or box that holds nothing else."""
    while tag.parent is not None and tag.parent.name not in ("body", "main", "article", "[document]"):
        if outline.size(tag.parent) != outline.size(tag):
            break
        tag = tag.parent
    return tag


def _after(row: Tag) -> Tag | None:
    """The element after the button's row, if it can be a panel."""
    panel = row.find_next_sibling()
    if panel is None or panel.name not in ("div", "section", "ul", "ol", "table", "dl", "p"):
        return None
    return panel


def is_panel(tag: Tag) -> bool:
    """Whether a hidden element calls itself a panel that a reader can open."""
    named = " ".join([*classes(tag), str(tag.get("id") or "")])
    return (
        tag.get("role") in ("tabpanel", "region")
        or bool(_PANEL.search(named))
        or tag.get("hidden") == "until-found"
    )


def _find_cards(outline: Outline, panels: Panels) -> None:
    several = len(outline.named("article")) > 1
    for tag in outline.named("div", "li", "article", "section", "a"):
        if id(tag) in panels.groups:
            continue
        if tag.name == "article":
            if several:
                panels.groups[id(tag)] = panels.new()
            continue
        named = tag.name == "li" or any(_CARD.search(name) for name in classes(tag))
        titled = outline.holds(tag, (*HEADINGS, "a") if tag.name == "div" else HEADINGS)
        if named and titled and _has_fellow(tag):
            panels.groups[id(tag)] = panels.new()


def _has_fellow(tag: Tag) -> bool:
    """Whether a neighbour is made the same way: a card is one of several."""
    own = classes(tag)
    for fellow in (tag.find_next_sibling(), tag.find_previous_sibling()):
        if (
            fellow is not None
            and fellow.name == tag.name
            and (not own or set(own).intersection(classes(fellow)))
        ):
            return True
    return False
