"""Dates as British sites write them, each with the precision it was written with.

A date is text: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`. A day or month that the source does not give is never
made up, and `3/4/2021` is always the third of April.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass

_ENGLISH = "january february march april may june july august september october november december"
_WELSH = "ionawr chwefror mawrth ebrill mai mehefin gorffennaf awst medi hydref tachwedd rhagfyr"

MONTHS: dict[str, int] = {
    **{name: number for number, name in enumerate(_ENGLISH.split(), 1)},
    **{name[:3]: number for number, name in enumerate(_ENGLISH.split(), 1)},
    **{name: number for number, name in enumerate(_WELSH.split(), 1)},
    "sept": 9,
}

_MONTH = r"(?P<month>" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\b\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|eg|ain)?"
_YEAR = r"(?P<year>(?:19[5-9]|20[0-4])\d)"

# The most exact form first: what one form has taken, a looser one does not read again.
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"(?<!\d){_YEAR}-(?P<month>[01]\d)-(?P<day>[0-3]\d)(?:T[\d:.+Z-]*)?(?!\d)",
        rf"(?<![\d/]){_DAY}\s+(?:of\s+)?{_MONTH},?\s+{_YEAR}(?!\d)",
        rf"\b{_MONTH}\s+{_DAY},?\s+{_YEAR}(?!\d)",
        rf"(?<![\d/.-])(?P<day>[0-3]?\d)(?P<mark>[/.-])(?P<month>[01]?\d)(?P=mark){_YEAR}(?![\d/])",
        r"(?<![\d/.-])(?P<day>[0-3]?\d)(?P<mark>[/.])(?P<month>[01]?\d)(?P=mark)(?P<short>\d\d)(?![\d/.])",
        rf"\b{_MONTH}(?:\s*,)?[\s-]+{_YEAR}(?!\d)",
        rf"\b{_MONTH}\s*(?:['’]|-)(?P<short>[0-4]\d)\b",
        rf"(?<![\w/.-]){_YEAR}(?![\w/]|-\d|\.\d)",
        rf"(?<![\w/.-]){_YEAR}(?=[/–-]\d\d(?!\d))",
    )
)
_BEFORE_MONTH_RANGE = re.compile(
    r"\b(?P<month>" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\s*(?:and|to|until|[-–—])\s*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundDate:
    """A date in a text: its value, and where it stands."""

    value: str
    start: int
    end: int


def find_dates(text: str) -> tuple[FoundDate, ...]:
    """Every date of the text, in order. Of `between May and November 2017` the first is `2017-05`."""
    taken: list[FoundDate] = []
    for form in _FORMS:
        for match in form.finditer(text):
            if any(match.start() < date.end and date.start < match.end() for date in taken):
                continue
            value = _value(match)
            if value:
                taken.append(FoundDate(value=value, start=match.start(), end=match.end()))
    return tuple(_with_first_of_range(text, date) for date in sorted(taken, key=lambda date: date.start))


def first_date(text: str) -> str | None:
    """The first date of the text, or None."""
    dates = find_dates(text)
    return dates[0].value if dates else None


def year_of(date: str | None) -> int | None:
    """The year of a date."""
    return int(date[:4]) if date else None


def only_date(text: str) -> str | None:
    """The date, where the text is nothing but one (brackets, a weekday and punctuation apart)."""
    dates = find_dates(text)
    if len(dates) != 1:
        return None
    rest = text[: dates[0].start] + text[dates[0].end :]
    rest = re.sub(r"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b", "", rest, flags=re.IGNORECASE)
    return None if re.search(r"\w", rest) else dates[0].value


def _value(match: re.Match[str]) -> str | None:
    parts = match.groupdict()
    year = int(parts["year"]) if parts.get("year") else 2000 + int(parts["short"])
    if not parts.get("month"):
        return f"{year:04}"
    month = MONTHS.get(parts["month"].casefold()) or _number(parts["month"])
    if not 1 <= month <= 12:
        return None
    if not parts.get("day"):
        return f"{year:04}-{month:02}"
    day = int(parts["day"])
    if not 1 <= day <= monthrange(year, month)[1]:
        return f"{year:04}-{month:02}" if not parts["month"].isdigit() else None
    return f"{year:04}-{month:02}-{day:02}"


def _number(text: str) -> int:
    return int(text) if text.isdigit() else 0


def _with_first_of_range(text: str, date: FoundDate) -> FoundDate:
    if len(date.value) != 7:
        return date
    before = _BEFORE_MONTH_RANGE.search(text[: date.start])
    if before is None:
        return date
    month = MONTHS[before["month"].casefold()]
    return FoundDate(value=f"{date.value[:4]}-{month:02}", start=before.start(), end=date.end)


_LEADING = re.compile(r"^[\s\-–—:,|(]+|[\s\-–—:,|(]+$")
_EMPTY_BRACKETS = re.compile(r"\(\s*[-–—,]*\s*\)|\[\s*\]")
_PUBLISHED_WORD = re.compile(
    r"\b(?:first\s+)?(?:published|publication(?:\s+date)?|date\s+(?:of\s+publication|published)|dated|"
    r"issued)"
    r"\s*(?:on|in|:|-|–)?\s*$",
    re.IGNORECASE,
)


def without_date(text: str) -> tuple[str, str | None]:
    """The line less a date at either end, and the date. A date within the line stays where it is."""
    for date in reversed(find_dates(text)):
        before, after = text[: date.start], text[date.end :]
        if not re.search(r"\w", after):
            before = _PUBLISHED_WORD.sub("", before)
            return _tidy(before + _closing(before, after)), date.value
        if not re.search(r"\w", before) and len(date.value) > 4:
            return _tidy(after), date.value
    return text.strip(), None


def _closing(before: str, after: str) -> str:
    return ")" if before.count("(") > before.count(")") and ")" in after else ""


def _tidy(text: str) -> str:
    text = _EMPTY_BRACKETS.sub("", text)
    previous = None
    while previous != text:
        previous, text = text, _LEADING.sub("", text)
        if text.endswith(")") and text.count(")") > text.count("("):
            text = text[:-1]
    return text


_PUBLISHED = re.compile(
    r"\b(?:published|publication|date published|issued|released|(?<!re)posted|sent (?:this|out)|added|"
    r"cyhoeddwyd|date of issue|date(?=:))\b",
    re.IGNORECASE,
)
_NOT_PUBLISHED = re.compile(
    r"\b(?:updated|page update|modified|reviewed|review date|accessed|printed|deadline|closes?|"
    r"complete your|"
    r"will be published|to be published|expected)\b",
    re.IGNORECASE,
)


def published_in(text: str) -> str | None:
    """The date that a line gives as that of publication: `Published on 21 February, 2022`."""
    if len(text) > 220 or _NOT_PUBLISHED.search(text):
        return None
    match = _PUBLISHED.search(text)
    if match is None:
        return None
    return next((date.value for date in find_dates(text) if 0 <= date.start - match.end() <= 40), None)


def publication_line(text: str) -> str | None:
    """The date of a line that says no more than when it was published: `Published 7 October 2026`."""
    date = published_in(text)
    if date is None:
        return None
    bare, found = without_date(text)
    bare = _PUBLISHED_WORD.sub("", bare)
    return date if found == date and not re.search(r"\w", bare) else None


def byline_date(text: str) -> str | None:
    """The date that ends a short line of who and when: `Quality and Learning Group, April 2021`."""
    if (
        len(text.split()) > 10
        or _NOT_PUBLISHED.search(text)
        or re.search(r"[.?!:;]\s+\w|[.;!?]$|-old\b", text)
    ):
        return None
    dates = find_dates(text)
    if len(dates) != 1:
        return None
    if re.search(r"\w", text[dates[0].end :]):
        led = re.fullmatch(r"\W*(?:posted|by|date|on)?\W*", text[: dates[0].start], re.IGNORECASE)
        signed = re.match(
            r"\W*(?:by|in|posted|author|news|category|\d+ min)\b", text[dates[0].end :], re.IGNORECASE
        )
        return dates[0].value if led and signed else None
    if re.search(
        r"\b(?:in|on|since|from|until|between|by|during|of|for|and)\s*$",
        text[: dates[0].start],
        re.IGNORECASE,
    ):
        return None
    return dates[0].value
