"""Dates as British sites write them, each with the precision it was written with.

A date is text: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`. A day or month that the source does not give is never
made up, and `3/4/2021` is always the third of April.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from functools import lru_cache

from bot.reading.grammar.finder import Finder

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
        rf"(?<![\d/]){_DAY}\s+{_MONTH}\s+['’]?(?P<short>[0-4]\d)(?=\s*(?:$|[)\],;.]))",
        rf"\b{_MONTH}\s*(?:['’]|-)(?P<short>[0-4]\d)\b",
        rf"(?<![\w/.-]){_YEAR}(?![\w/]|-\d|\.\d)",
        rf"(?<![\w/.-]){_YEAR}(?=[/–-]\d\d(?!\d))",
    )
)
_TWO_DIGITS = re.compile(r"\d\d")
_RANGE = 40  # characters: the longest month, `until` and the spaces between
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
    if not _TWO_DIGITS.search(text):  # which every form has
        return ()
    return _dates_of_a_line(text) if len(text) <= _A_LINE else _dates_in(text)


_A_LINE = 400  # letters


@lru_cache(maxsize=512)  # each line is asked several times: is it a date, does it say when it was published
def _dates_of_a_line(text: str) -> tuple[FoundDate, ...]:
    return _dates_in(text)


def _dates_in(text: str) -> tuple[FoundDate, ...]:
    found: list[FoundDate] = []
    taken = bytearray(len(text))  # 1 where a character belongs to a date
    for form in _FORMS:
        for match in form.finditer(text):
            start, end = match.span()
            value = None if 1 in taken[start:end] else _value(match)
            if value:
                taken[start:end] = b"\1" * (end - start)
                found.append(FoundDate(value=value, start=start, end=end))
    return tuple(_with_first_of_range(text, date) for date in sorted(found, key=lambda date: date.start))


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
    before = _BEFORE_MONTH_RANGE.search(text, max(0, date.start - _RANGE), date.start)
    if before is None:
        return date
    month = MONTHS[before["month"].casefold()]
    return FoundDate(value=f"{date.value[:4]}-{month:02}", start=before.start(), end=date.end)


_LEADING = re.compile(r"^[\s\-–—:,|(\[]+|[\s\-–—:,|(\[]+$")
_CODE_BEFORE = re.compile(r"\b[A-Z]{2,}[ /-][A-Z]?\d{1,3}[ /-]$")  # `CAFN 2 2020` is a case's code
_SPAN = re.compile(r"(?:19|20)\d\d\s*(?:to|and|[-–—])\s*$")
_SPAN_IN_BRACKETS = re.compile(r"\s*[(\[][^()\[\]]*(?:19|20)\d\d[^()\[\]]*[)\]]\W*$")
_SEASON = re.compile(r"\b(?:spring|summer|autumn|winter)\s*$", re.IGNORECASE)
_SAID_FIRST = re.compile(
    r"^\W*(?:(?:new|latest)\W+)?(?:first )?(?:published|publication date|issued)?\s*(?:on|in)?\W*"
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day\b)?\W*",
    re.IGNORECASE,
)
_EMPTY_BRACKETS = re.compile(r"\(\s*[-–—,]*\s*\)|\[\s*[-–—,]*\s*\]")
_PUBLISHED_WORD = re.compile(
    r"\b(?:first\s+)?(?:publi\w{1,4}ed|publication(?:\s+date)?|date\s+(?:of\s+publication|published)|dated|"
    r"issued|publ?\.|added|uploaded|posted|released|completed)"
    r"\s*(?:on|in|:|-|–)?\s*$",
    re.IGNORECASE,
)


def without_date(text: str) -> tuple[str, str | None]:
    """The line less a date at either end, and the date. A date within the line stays where it is."""
    for date in reversed(find_dates(text)):
        before, after = text[: date.start], text[date.end :]
        if _CODE_BEFORE.search(before):
            continue
        if not re.search(r"\w", after):
            if len(date.value) == 4 and _SPAN.search(before):  # `(2022 to 2023)`: the years that it covers
                return _SPAN_IN_BRACKETS.sub("", text).strip(), None
            before = _PUBLISHED_WORD.sub("", _SEASON.sub("", before))
            return _tidy(before + _closing(before, after)), date.value
        if _SAID_FIRST.fullmatch(before) and len(date.value) > 4:
            return _tidy(after), date.value
    return text.strip(), None


def _closing(before: str, after: str) -> str:
    return ")" if before.count("(") > before.count(")") and ")" in after else ""


def _tidy(text: str) -> str:
    text = _EMPTY_BRACKETS.sub("", text)
    previous = None
    while previous != text:
        previous, text = text, _LEADING.sub("", text)
        ending = len(text) - len(text.rstrip(")"))
        more = min(ending, text.count(")") - text.count("("))
        text = text[: len(text) - max(0, more)]
    return text


_PUBLISHED = Finder(
    r"\b(?:published|publication|date published|issued|released|(?<!re)posted|sent (?:this|out)|added|"
    r"cyhoeddwyd|date of issue|date(?=:))\b"
)
_NOT_PUBLISHED = Finder(
    r"\b(?:updated|page update|modified|reviewed|review date|accessed|printed|deadline|closes?|"
    r"complete your|"
    r"will be published|to be published|expected)\b"
)


_TODAY = re.compile(r"\btoday,?\s*[(–-]?\s*(?=\d)", re.IGNORECASE)  # `is today (22/04/2021) publishing`


def published_in(text: str) -> str | None:
    """The date that a line gives as that of publication: `Published on 21 February, 2022`."""
    today = _TODAY.search(text)
    if today is not None:
        return next((date.value for date in find_dates(text) if date.start == today.end()), None)
    if len(text) > 220 or _NOT_PUBLISHED.search(text):
        return None
    dates = find_dates(text)
    said = (match.end() for match in _PUBLISHED.finditer(text)) if dates else ()
    near = (date.value for end in said for date in dates if 0 <= date.start - end <= 40)
    return next(near, None)


def publication_line(text: str) -> str | None:
    """The date of a line that says no more than when it was published: `Published 7 October 2026`."""
    date = published_in(text)
    if date is None:
        return None
    bare, found = without_date(text)
    bare = _PUBLISHED_WORD.sub("", bare)
    return date if found == date and not re.search(r"\w", bare) else None


_ISSUE = re.compile(r"\b(?:no|vol|issue)\.?\s*(?=\d{1,3}\b)", re.IGNORECASE)


def byline_date(text: str) -> str | None:
    """The date that ends a short line of who and when: `Quality and Learning Group, April 2021`."""
    text = _ISSUE.sub("", text)
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
