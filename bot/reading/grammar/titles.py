"""Headings of reviews: `2025 – Birmingham - Baby A`, `December 2014Anonymous - Child G`.

A heading gives a title, and before it perhaps a year or month and a place; the marks between them are lost
or doubled as often as not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from bot.models import ReviewStatus
from bot.reading.grammar.dates import MONTHS, find_dates, without_date
from bot.reading.grammar.places import is_nobody, known_place, leading_place, partnership_places
from bot.reading.grammar.status import status_in, without_note
from bot.reading.grammar.types import kind_named, names_a_case, review_type

_MARK = re.compile(r"\s*[–—|]\s*|\s+-\s*|\s*-\s+|\s*:\s+")
_DASH = re.compile(r"\s*[–—|]\s*|\s+-\s*|\s*-\s+")
_MONTH_NAMES = "|".join(sorted((name for name in MONTHS if len(name) > 2), key=len, reverse=True))
_LEADING_DATE = re.compile(
    rf"^\W*(?:(?:new|latest)\W+)?(?:published\s+(?:on |in )?)?"
    rf"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s+)?"
    rf"(?:(?:\d{{1,2}}(?:st|nd|rd|th)?\s+)?(?:{_MONTH_NAMES})\.?,?\s+)?(?:19[5-9]|20[0-4])\d(?!\d|/\d)"
    rf"|^\s*\d{{1,2}}[/.]\d{{1,2}}[/.](?:19|20)\d\d",
    re.IGNORECASE,
)
_SIZE = re.compile(
    r"\s*(?:pdf|docx?|pptx?|xlsx?),?\s*[\d.,]++\s?(?:kb|mb|bytes)(?:,\s*\d+ pages?)?\s*$|"
    r"\s*[\[(]\s*(?:(?:pdf|docx?|word|pptx?|powerpoint|ms word|xlsx?)\b[^\])]*|[\d.,]+\s*(?:kb|mb|"
    r"bytes)\b[^\])]*|"
    r"opens? in (?:a )?new (?:window|tab)|\d+ pages?)\s*[\])]\s*$|\s*[,–-]?\s*(?:pdf|"
    r"docx?)?\s*[\d.,]++\s?(?:kb|mb)\s*$|"
    r"\s+(?:\(external link\)|\[external link\])\s*$|"
    r"\s*[,|–-]\s*(?:opens in (?:a )?)?new (?:window|tab)\s*$|\s+[–-]\s*(?:pdf|docx?|word)\s*$|"
    r"(?<=\w)\s+(?-i:PDF|DOCX?)\s*$",
    re.IGNORECASE,
)
_NOTE = 300  # characters: what is said of a file at the end of a line, with room; and so of a place before it
_FILE_END = re.compile(r"\.(?:pdf|docx?|pptx?|xlsx?|odt|odp)$", re.IGNORECASE)
_NATIONAL = re.compile(r"^national\s*[–—:|-]\s*(?=\S)", re.IGNORECASE)
_NUMBER = re.compile(r"^\s*(?:\(?\d{1,3}[.)]|no\.?\s*\d+[.:])\s+(?=\S)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading taken apart. `published` is its date; `placed` tells that a place was given, or withheld;
    `national` that the word stands where a place would."""

    title: str
    place: str | None = None
    published: str | None = None
    placed: bool = False
    national: bool = False
    status: ReviewStatus | None = None


def without_size(text: str) -> str:
    """The line less the size and format of its file."""
    start, end = text[:-_NOTE], text[-_NOTE:]
    previous = None
    while previous != end:
        previous, end = end, _SIZE.sub("", end)
    return (start + end).strip()


def without_number(text: str) -> str:
    """The heading less the number that it carries in a list."""
    return _NUMBER.sub("", text).strip()


def split_heading(text: str) -> Heading:
    """A heading of a list of reviews, taken apart. Without a leading date or place it stays whole."""
    text = without_number(" ".join(text.split()))
    return _taken_apart(text) if len(text) < 300 else _taken_apart.__wrapped__(text)


@lru_cache(maxsize=1024)  # a list's headings are looked at once for each way in which it could be laid out
def _taken_apart(text: str) -> Heading:
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
    if published and (match := _NATIONAL.match(rest)):
        return Heading(title=rest[match.end() :], published=published, placed=True, national=True)
    place, title, placed = _place_before_mark(rest, dated=published is not None)
    if placed:
        return Heading(title=title, place=place, published=published, placed=True)
    place, title = _publisher_before_mark(rest)
    if place:
        return Heading(title=title, place=place, published=published, placed=True)
    found, after = leading_place(rest)
    if found and after:
        return Heading(title=after, place=found, published=published, placed=True)
    return Heading(title=rest, published=published)


def _publisher_before_mark(rest: str) -> tuple[str | None, str]:
    """`Fenmarch SCP – LCSPR Hazel`: whose review it is, before its name."""
    mark = _MARK.search(rest)
    if mark is None or not rest[mark.end() :].strip():
        return None, rest
    before = rest[: mark.start()].strip()
    places = partnership_places(before) if kind_named(before) is None and len(before.split()) <= 8 else ()
    return (places[0], rest[mark.end() :].strip()) if len(places) == 1 else (None, rest)


def _place_before_mark(rest: str, *, dated: bool) -> tuple[str | None, str, bool]:
    marks = list(_MARK.finditer(rest[:_NOTE]))
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


def share_places(headings: Sequence[Heading]) -> bool:
    """Whether in the headings of a list places stand before names: `Fenmarch – Child A`, `Anonymous – Wren`.

    A place that no list knows is one where the headings share the form, and some of its places are known or
    withheld; so are names before kinds (`Rosie – LCSPR`) told from places.
    """
    known = sum(heading.placed for heading in headings)
    shared = sum(as_placed(heading).placed for heading in headings)
    return known > 0 and shared >= 3 and shared >= 0.8 * len(headings)


def as_placed(heading: Heading) -> Heading:
    """The heading with the words before its dash as its place, where they could be one."""
    dash = _DASH.search(heading.title)
    if dash is None:
        return heading
    before, after = heading.title[: dash.start()].strip(), heading.title[dash.end() :].strip()
    kind_alone = kind_named(after) is not None and not re.search(r"[:–—]", after) and not names_a_case(after)
    if not after or not _could_be_place(before) or (kind_alone and review_type(after) != "thematic"):
        return heading
    return replace(heading, title=after, place=before, placed=True)


def split_title(text: str) -> Heading:
    """A heading taken apart, with the date and the note on its status at its end taken off:
    `Rosie – LCSPR (March 2022)`, `Child C – no longer published`."""
    bare = without_note(text)
    heading = split_heading(bare)
    if bare != text:
        heading = replace(heading, status=status_in(text))
    bare, date = without_date(heading.title)
    if date and len(bare.split()) >= 2:
        return replace(heading, title=bare, published=heading.published or date)
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
        published=published or heading.published or _date_of_file(line),
        placed=heading.placed,
    )


def _date_of_file(name: str) -> str | None:
    """The date that ends the name of a file: `Learning review Maya March 2022.pdf`."""
    bare = _FILE_END.sub("", name)
    return without_date(bare)[1] if bare != name else None
