"""What a page says of itself as a whole: whose it is, and when its list came out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.models import Document, ReviewType, Source
from bot.reading.facts.people import sentences_of
from bot.reading.grammar.dates import find_dates, only_date, published_in
from bot.reading.grammar.places import mentioned_place, partnership_places, place_in_address
from bot.reading.grammar.types import kind_named
from bot.reading.lines import Line, furniture_texts

_NATIONAL_PUBLISHER = re.compile(r"\bNSPCC\b|child safeguarding practice review panel", re.IGNORECASE)
# `Eight reviews were added to the NSPCC repository in July`: a list of other areas' reviews.
_RELISTED = re.compile(
    r"\breviews?\b.{0,60}\b(?:added|published)\b.{0,40}\b(?:NSPCC|national (?:repository|collection))|"
    r"\bNSPCC\b.{0,40}\b(?:added|published)\b.{0,40}\breviews?\b|^new in the NSPCC\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """The page's address, the place it speaks for, and the date and kind of what it lists."""

    address: str
    place: str | None = None
    published: str | None = None
    year: int | None = None
    kind: ReviewType | None = None


def publisher_place(
    document: Document, texts: Sequence[str], *, source: Source | None, listing: bool
) -> str | None:
    """The place whose partnership publishes the page.

    `texts` are the words that may name it: of a list only those outside its entries, since an entry may name
    any other place. A page of the NSPCC or the national panel speaks for none.
    """
    if source is not None and source.place:
        return source.place
    title = document.title or ""
    furniture = furniture_texts(document)
    if listing and (
        any(_NATIONAL_PUBLISHER.search(text) for text in (title, *texts[:1]))
        or any(_RELISTED.search(text) for text in texts)
    ):
        return None
    for group in ((title,), texts, furniture):
        found = _most_named(place for text in group for place in partnership_places(text))
        if found:
            return found
    return place_in_address(document.url) or (None if listing else mentioned_place((title, *texts)))


def _most_named(places: Iterable[str]) -> str | None:
    counts = Counter(places)
    return counts.most_common(1)[0][0] if counts else None


_UPDATED = re.compile(
    r"\b(?:last|page) updated\b|\b(?:and|or) (?:earlier|older|before|later|after|onwards)\b|"
    r"\bupdated (?:on|:)|\bsince (?:\w+ )?\d{4}|\bprior to\b|\bbefore\b|"
    r"\bfrom \w+ \d{4}\b",
    re.IGNORECASE,
)

_YEARS = re.compile(r"\b20\d\d\s*(?:to|and|until|[-–—/])\s*(?:20)?\d\d\b", re.IGNORECASE)
_SAYS_WHEN = re.compile(
    r"\breviews\b.{0,40}\bpublished\b|\b(?:reviews?|reports?|cases|summaries)\b.*\bpublished\b.{0,80}\bin\b",
    re.IGNORECASE,
)


def list_date(lines: Sequence[Line]) -> str | None:
    """When a list says that its reviews came out: `In February 2022 eight case reviews were published`."""
    best: str | None = None
    for line in lines:
        if line.linked and line.kind != "heading":  # which is the name of another page
            continue
        date = band_date(line)[0] if line.kind == "heading" and not _UPDATED.search(line.text) else None
        date = date or next(filter(None, map(_said_when, sentences_of(line.text))), None)
        if date and (best is None or (date.startswith(best) and len(date) > len(best))):
            best = date
    return best


def _said_when(sentence: str) -> str | None:
    """The date by which a sentence says that reviews came out; years from and to are no such date."""
    if _UPDATED.search(sentence) or _YEARS.search(sentence) or not _SAYS_WHEN.search(sentence):
        return None
    dates = find_dates(sentence)
    return dates[0].value if dates else None


def band_date(line: Line) -> tuple[str | None, int | None]:
    """What a heading over a group says of when: a date where it speaks of publishing, else a year alone."""
    text = line.text
    published = published_in(text)
    if published:
        return published, int(published[:4])
    whole = only_date(text)
    dates = find_dates(text)
    if len(dates) != 1 or _UPDATED.search(text):
        return None, None
    date = dates[0].value
    if whole:
        return (date, int(date[:4])) if len(date) > 4 else (None, int(date))
    if re.search(r"\b(?:published|repository|added|issued)\b", text, re.IGNORECASE):
        return date, int(date[:4])
    if len(text.split()) > 8:
        return None, None
    return (date if len(date) > 4 else None), int(date[:4])


def kind_of_group(heading: str) -> ReviewType | None:
    """The kind that a heading over a group gives to its reviews."""
    if re.search(r"\bthematic\b", heading, re.IGNORECASE):
        return "thematic"
    kinds = {kind for part in re.split(r"\band\b|&|,|/|\bor\b|\(", heading) if (kind := kind_named(part))}
    return kinds.pop() if len(kinds) == 1 else None
