"""What has to hold for every page as readers see, hear and print it: each check gives its complaints, in words.

A check takes what Node and Chromium found out (`Found`) and says what is wrong; nothing wrong is an empty list.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

from tests.looks.pages import Page
from tests.looks.paper import A4, paper

SCHEMES = ("light", "dark")
ENOUGH = 4.5  # WCAG's contrast for text of usual size, asked of large text as well
SMALLEST = 16  # CSS pixels
TARGET = 24  # CSS pixels, WCAG 2.5.8
DARK, BRIGHT = 0.05, 0.7  # relative luminance
SMALLEST_PRINTED = 9.0  # points
MARGIN = 14.0  # points, 5 mm: what printers cannot reach


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was found out about a page: `looks` one for each scheme and width, as look.mjs gives them."""

    page: Page
    looks: Sequence[Mapping[str, Any]]
    fetched: Sequence[str]
    spoken: Sequence[str]
    pdf: Path
    faults: Sequence[Mapping[str, Any]]
    unsupported: Sequence[Mapping[str, Any]] = field(default=())


def axe(found: Found) -> list[str]:
    """axe-core's rules, best practice and WCAG 2.2 AA, in both schemes at each width. What axe cannot tell
    counts as wrong."""
    return [
        f"{where(look)}: {one['rule']} ({one['help']}): {'; '.join(one['where'][:3])}"
        for look in found.looks
        for one in look["axe"]
    ]


def contrast(found: Found) -> list[str]:
    """A second opinion, by our own sum: each visible word against what lies below it."""
    return [
        f"{where(look)}: “{text['words']}” in {text['ink']} on {text['ground']} has {text['contrast']}:1"
        for look in found.looks
        for text in look["texts"]
        if text["contrast"] < ENOUGH
    ]


def dark_applies(found: Found) -> list[str]:
    """In the dark scheme the grounds really are dark. Without this, the dark run of all other checks would
    look at the light page a second time, and pass."""
    wrong = []
    for look in found.looks:
        for name, brightness in look["brightness"].items():
            if look["scheme"] == "dark" and brightness > DARK:
                wrong.append(
                    f"{where(look)}: {name} has the ground {look['grounds'][name]}, which is not dark"
                )
            if look["scheme"] == "light" and brightness < BRIGHT:
                wrong.append(
                    f"{where(look)}: {name} has the ground {look['grounds'][name]}, which is not light"
                )
    return wrong


def text_is_large_enough(found: Found) -> list[str]:
    return [
        f"{where(look)}: “{text['words']}” has {text['size']} px"
        for look in found.looks
        for text in look["texts"]
        if text["size"] < SMALLEST
    ]


def fits_the_width(found: Found) -> list[str]:
    """Nobody has to scroll sideways, and nothing is cut off at the right."""
    return [
        f"{where(look)}: it is {max(look['width'], look['widest'])} px wide"
        for look in found.looks
        if max(look["width"], look["widest"]) > look["asked"]
    ]


def targets_can_be_hit(found: Found) -> list[str]:
    """What stands alone to be touched is 24 px high and wide. In a sentence the line gives the height."""
    wrong = []
    for look in found.looks:
        alone = [one for one in look["targets"] if not one["in_a_sentence"]]
        small = [one for one in alone if min(one["width"], one["height"]) < TARGET]
        wrong += [
            f"{where(look)}: “{one['words']}” is {one['width']:.0f} by {one['height']:.0f} px"
            for one in small
        ]
    return wrong


def targets_stand_apart(found: Found) -> list[str]:
    """Circles of 24 px around small targets do not meet, in lists of links as well."""
    wrong = []
    for look in found.looks:
        small = [one for one in look["targets"] if one["height"] < TARGET]
        wrong += [
            f"{where(look)}: “{one['words']}” and “{other['words']}” stand too near to each other"
            for one, other in combinations(small, 2)
            if abs(one["y"] - other["y"]) < TARGET and abs(one["x"] - other["x"]) < TARGET
        ]
    return wrong


def headings_in_order(found: Found) -> list[str]:
    """One h1, first; no level skipped; none empty."""
    headings = found.looks[0]["headings"]
    levels = [level for level, _ in headings]
    wrong = [f"there is an empty h{level}" for level, words in headings if not words]
    if levels[:1] != [1] or levels.count(1) != 1:
        wrong.append(f"one h1 has to come first, and there are {levels}")
    return wrong + [
        f"h{after} “{words}” follows h{before}"
        for (before, _), (after, words) in pairwise(headings)
        if after > before + 1
    ]


def says_its_language_and_title(found: Found) -> list[str]:
    look = found.looks[0]
    wrong = [] if re.fullmatch("[a-z]{2}(-[A-Z]{2})?", look["lang"]) else ["<html> has no lang"]
    return wrong if look["title"].strip() else [*wrong, "there is no title"]


def links_say_where_they_go(found: Found) -> list[str]:
    """No link without words, none that says “here”, and out of the page the same words lead to the same place."""
    links: dict[str, set[str]] = {}
    for one in found.looks[0]["targets"]:
        if one["tag"] == "a" and not one["href"].startswith("#"):
            links.setdefault(one["words"], set()).add(one["href"])
    wrong = [f"“{words}” leads to {sorted(places)}" for words, places in links.items() if len(places) > 1]
    vague = re.compile(r"(click )?(here|this|more|read more|link|download)?[.:]?", re.IGNORECASE)
    return wrong + [f"“{words}” does not say where it leads" for words in links if vague.fullmatch(words)]


def fetches_nothing(found: Found) -> list[str]:
    """No picture, font, style or beacon from anywhere, but the organisation's own logo."""
    return [f"it asks for {url}" for url in found.fetched if url not in found.page.pictures]


def is_read_aloud_in_order(found: Found) -> list[str]:
    """A screen reader meets words, headings, links and lists. A mail has no table and no region but its main
    part (and, for administrators, what they can type); on a page, tables, regions and pictures have a name."""
    odd = re.compile(
        r"\((?!main\)|code\)).*" if found.page.kind == "mail" else r"\((table|region|group|image|figure)\)"
    )
    unnamed = re.compile(r"(heading level \d|link|image|button|textbox|combobox): ")
    wrong = [
        f"a screen reader says {line!r}"
        for line in found.spoken
        if odd.fullmatch(line) or unnamed.fullmatch(line)
    ]
    headings = [line for line in found.spoken if line.startswith("heading")]
    if len(headings) != len(found.looks[0]["headings"]):
        wrong.append(f"of {len(found.looks[0]['headings'])} headings {len(headings)} are read as such")
    return wrong


def prints_on_a4(found: Found) -> list[str]:
    """Legible, inside the margins, in dark ink, on no more pages than the page is allowed."""
    if found.page.sheets is None:
        return []
    sheet = paper(found.pdf)
    wrong = []
    if any(abs(one - other) > 2 for one, other in zip(sheet.size, A4, strict=True)):
        wrong.append(f"the paper is {sheet.size} points, A4 is {A4}")
    if sheet.smallest < SMALLEST_PRINTED:
        wrong.append(f"letters of {sheet.smallest:.1f} points")
    if min(sheet.left, sheet.right) < MARGIN:
        wrong.append(f"{sheet.left:.0f} and {sheet.right:.0f} points are left at the sides")
    if sheet.palest > 0.45:
        wrong.append(f"ink of a brightness of {sheet.palest:.2f} on white paper")
    if sheet.pages > found.page.sheets:
        wrong.append(f"{sheet.pages} pages, and {found.page.sheets} are allowed")
    return wrong


def markup_is_valid(found: Found) -> list[str]:
    return [
        f"line {one['line']}: {one['message']} ({one['rule']}) at {one['selector']}" for one in found.faults
    ]


def where(look: Mapping[str, Any]) -> str:
    return f"{look['scheme']}, {look['asked']} px"


CHECKS: tuple[Callable[[Found], list[str]], ...] = (
    axe,
    contrast,
    dark_applies,
    text_is_large_enough,
    fits_the_width,
    targets_can_be_hit,
    targets_stand_apart,
    headings_in_order,
    says_its_language_and_title,
    links_say_where_they_go,
    fetches_nothing,
    is_read_aloud_in_order,
    prints_on_a4,
    markup_is_valid,
)
