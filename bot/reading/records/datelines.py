"""The line beside a title that tells when the page came out: `9 October 2023`, `6 Feb 2024 Learning`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.reading.grammar.dates import byline_date, find_dates, only_date, published_in
from bot.reading.grammar.families import field_of
from bot.reading.grammar.types import names_a_case
from bot.reading.lines import Line

_NEAR = 4  # lines on either side of the title
_STROKE = re.compile(r"\s+[|·•–—]\s+")
_NOT_OF_PUBLICATION = re.compile(
    r"\b(?:updated|modified|review date|accessed|born|died|between)\b", re.IGNORECASE
)


def find_dateline(lines: Sequence[Line], title_at: int | None) -> tuple[int | None, str | None]:
    """Where the dateline of a page stands, and its date; None and None for a page without.

    Its parts, between strokes, are a date of publication and what else stands there: a department, a
    category, when the page was last reviewed.
    """
    at = title_at if title_at is not None else 0
    begun = next((place for place in range(at + 1, len(lines)) if _begins_text(lines[place])), len(lines))
    after = range(at + 1, min(at + 1 + _NEAR, begun))
    for place in (*after, *range(at - 1, max(at - _NEAR, 0) - 1, -1)):
        date = _dated(lines[place])
        if date:
            return place, date
    return None, None


def _begins_text(line: Line) -> bool:
    return field_of(line.text) is not None and not find_dates(line.text)


def _dated(line: Line) -> str | None:
    """The date of a line that could be a dateline."""
    if (
        names_a_case(line.text)
        or line.kind == "row"
        or line.linked
        or line.words > 20
        or re.search(r"[.?!;:]$", line.text)
    ):
        return None
    parts = _STROKE.split(line.text)
    for part in parts:
        date = published_in(part) or only_date(part) or byline_date(part)
        if date and len(date) > 4:
            return date
    return _led(line)


def _led(line: Line) -> str | None:
    """The day that a short line begins with, before its category: `6 Feb 2024 Learning`."""
    dates = find_dates(line.text)
    if len(dates) != 1 or dates[0].start or line.words > 7 or _NOT_OF_PUBLICATION.search(line.text):
        return None
    return dates[0].value if len(dates[0].value) == len("YYYY-MM-DD") else None
