"""Sentences that tell when a review was published, before the links to its documents:
`The WVSCP published SCR Ashdown on 15 March 2021. Read the report here`."""

from __future__ import annotations

import re

from bot.reading.grammar.dates import find_dates
from bot.reading.grammar.types import kind_named, names_a_case
from bot.reading.lines import Line
from bot.reading.lists.items import Over, is_review_line

_ANNOUNCED = re.compile(
    r"^(?:the |our )?(?:[A-Z][\w&’'()-]*,? |(?:and|of|for|the) ){0,9}(?:has |have )?published "
    r"(?:the |an? |our )?"
    r"(?:(?:executive summary|(?:overview |full |final )?report|summary) (?:of|on|from|for) )?"
    r"(?:the |an? )?(?P<name>[A-Z“‘\"'].{2,120}?),? (?:on|in) (?:the )?(?P<date>[^.]{4,40})(?:\.|$)",
    re.IGNORECASE,
)


def announced(line: Line, over: Over) -> tuple[str, str] | None:
    """The name and the date of the one review that the first sentence of a line says was published; None
    where it says nothing so, or where its name is a link itself, which then names the review."""
    match = _ANNOUNCED.match(line.text) if line.kind == "text" else None
    if match is None:
        return None
    name, dates = match["name"].strip(), find_dates(match["date"])
    if len(dates) != 1 or len(name.split()) > 14 or not is_review_line(name, over, strict=True):
        return None
    if not (names_a_case(name) or kind_named(name)) or re.search(r"(?i)\breviews\b", name):
        return None
    first, rest = line.text[: match.end()], line.text[match.end() :]
    linked = any(link.label in first and link.label not in rest for link in line.links)
    return None if linked else (name, dates[0].value)
