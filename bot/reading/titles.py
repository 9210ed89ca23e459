"""Headings of reviews: `2025 – Birmingham - Baby A`, `December 2014Anonymous - Child G`.

A heading gives a title, and before it perhaps a year or month and a place; the marks between them are lost
or doubled as often as not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.reading.dates import MONTHS, find_dates, without_date
from bot.reading.places import is_nobody, known_place, leading_place
from bot.reading.types import kind_named, names_a_case

_MARK = re.compile(r"\s*[–—|]\s*|\s+-\s*|\s*-\s+|\s*:\s+")
_DASH = re.compile(r"\s*[–—|]\s*|\s+-\s*|\s*-\s+")
_MONTH_NAMES = "|".join(sorted((name for name in MONTHS if len(name) > 2), key=len, reverse=True))
_LEADING_DATE = re.compile(
    rf"^\s*(?:(?:\d{{1,2}}(?:st|nd|rd|th)?\s+)?(?:{_MONTH_NAMES})\.?,?\s+)?(?:19[5-9]|20[0-4])\d(?!\d|/\d)"
    rf"|^\s*\d{{1,2}}[/.]\d{{1,2}}[/.](?:19|20)\d\d",
    re.IGNORECASE,
)
_SIZE = re.compile(
    r"\s*[\[(]\s*(?:(?:pdf|docx?|word|pptx?|powerpoint|ms word|xlsx?)\b[^\])]*|[\d.,]+\s*(?:kb|mb|"
    r"bytes)\b[^\])]*|"
    r"opens? in (?:a )?new (?:window|tab)|\d+ pages?)\s*[\])]\s*$|\s*[,–-]?\s*(?:pdf|"
    r"docx?)?\s*[\d.,]+\s?(?:kb|mb)\s*$|"
    r"\s+(?:\(external link\)|\[external link\])\s*$",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"^\s*(?:\(?\d{1,3}[.)]|no\.?\s*\d+[.:])\s+(?=\S)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading taken apart. `published` is its date; `placed` tells that a place was given, or withheld."""

    title: str
    place: str | None = None
    published: str | None = None
    placed: bool = False


def without_size(text: str) -> str:
    """The line less the size and format of its file."""
    previous = None
    while previous != text:
        previous, text = text, _SIZE.sub("", text)
    return text.strip()


def without_number(text: str) -> str:
    """The heading less the number that it carries in a list."""
    return _NUMBER.sub("", text).strip()


def split_heading(text: str) -> Heading:
    """A heading of a list of reviews, taken apart. Without a leading date or place it stays whole."""
    text = without_number(" ".join(text.split()))
    dated = _LEADING_DATE.match(text)
    published = None
    rest = text
    if dated:
        dates = find_dates(dated[0])
        published = dates[0].value if dates else None
        rest = re.sub(r"^[\s\-–—:|,]+", "", text[dated.end() :])
    if not rest:
        return Heading(title=text, published=published)
    return _split_place(rest, published)


def _split_place(rest: str, published: str | None) -> Heading:
    place, title, placed = _place_before_mark(rest, dated=published is not None)
    if placed:
        return Heading(title=title, place=place, published=published, placed=True)
    found, after = leading_place(rest)
    if found and after:
        return Heading(title=after, place=found, published=published, placed=True)
    return Heading(title=rest, published=published)


def _place_before_mark(rest: str, *, dated: bool) -> tuple[str | None, str, bool]:
    marks = list(_MARK.finditer(rest))
    for mark in reversed(marks):
        before, after = rest[: mark.start()].strip(), rest[mark.end() :].strip()
        if after and (known_place(before) or is_nobody(before)):
            return known_place(before), after, True
    dash = _DASH.search(rest)
    if not dated or dash is None:
        return None, rest, False
    before, after = rest[: dash.start()].strip(), rest[dash.end() :].strip()
    if after and _could_be_place(before):
        return before, after, True
    return None, rest, False


def _could_be_place(text: str) -> bool:
    """A place that no list knows: capitalised words, and none that begin a review's name."""
    if kind_named(text) or names_a_case(text) or len(text.split()) > 7:
        return False
    if re.match(
        r"(?i)(?:child|children|baby|family|sibling|young|adult|learning|review|report|case|the|dhr|sar)\b",
        text,
    ):
        return False
    words = [
        word
        for word in re.findall(r"[\w'’-]+", text)
        if word not in {"and", "of", "upon", "on", "with", "the", "y"}
    ]
    return bool(words) and all(word[0].isupper() for word in words)


def split_title(text: str) -> Heading:
    """A heading taken apart, and a date at its end taken off: `Rosie – LCSPR (March 2022)`."""
    heading = split_heading(text)
    bare, date = without_date(heading.title)
    if date and len(bare.split()) >= 2:
        return Heading(
            title=bare, place=heading.place, published=heading.published or date, placed=heading.placed
        )
    return heading


def split_line(text: str) -> Heading:
    """A line of a list of links, taken apart: the whole line less its date, file size and place."""
    line = without_size(" ".join(text.split()))
    line, published = without_date(line)
    line = without_size(line)
    heading = split_heading(line)
    return Heading(
        title=heading.title.strip(" –—-:|"),
        place=heading.place,
        published=published or heading.published,
        placed=heading.placed,
    )
