"""Pages and documents about one review, or about a theme drawn from several."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.models import Document, Review, ReviewType, Source
from bot.reading.about import About, publisher_place
from bot.reading.body import read_body
from bot.reading.dates import byline_date, published_in
from bot.reading.families import LISTS, field_of
from bot.reading.gathered import Body
from bot.reading.labels import labelled
from bot.reading.lines import Line, furniture_texts
from bot.reading.narrative import about_page
from bot.reading.places import partnership_places
from bot.reading.reviews import is_no_review, review_of
from bot.reading.titles import split_title
from bot.reading.types import kind_named, names_a_case, review_type, type_in_text

_OPENING_NAME = re.compile(
    r"^((?:Child|Children|Baby|Infant|Family|Siblings?|Young Person|Young People|Twins|"
    r"Adult)\s+[A-Z0-9][\w/]*(?:\s+and\s+[A-Z][\w]*)?(?:\s*\([A-Z][\w’' -]+\))?)"
    r"(?=\s+(?:was|were|is|are|died|had|aged|,)|,)"
)


def read_briefing(document: Document, lines: Sequence[Line], source: Source | None) -> Review | None:
    """The one review of a page; None where the page tells of none."""
    title, body = gather(document, lines)
    if not title:
        return None
    heading = split_title(title)
    texts = [line.text for line in lines]
    about = About(
        address=document.url,
        place=publisher_place(document, texts, source=source, listing=False),
        published=_published_around(document),
        kind=None,
    )
    kind = kind_of(title, document, lines)
    return review_of(heading, body, about, kind=kind)


def _published_around(document: Document) -> str | None:
    """The date that stands around the text: in a web page's head, in a document's running lines."""
    if document.format in ("html", "text"):
        return document.published
    parts = [part for text in furniture_texts(document) for part in text.split(" | ")]
    return next((date for part in parts if (date := published_in(part) or byline_date(part))), None)


def gather(document: Document, lines: Sequence[Line]) -> tuple[str, Body]:
    """The title of a page (that of its story, where it has none), and what the rest of it says."""
    place_of_title, title = title_of(document, lines)
    rest = [
        line
        for number, line in enumerate(lines)
        if number != place_of_title
        and not _repeats(line, title, number)
        and not (number < (place_of_title or 0) and _names_publisher(line))
    ]
    single = names_a_case(title) or review_type(title) not in (None, "thematic")
    body = read_body(rest, address=document.url, least=6 if single else 13)
    return title or _name_in(body), body


def is_briefing(body: Body, title: str) -> bool:
    """Whether what was gathered makes one review: two labelled parts, or a review's title and its story."""
    fields = body.labels & (LISTS | {"incident", "background", "summary"}) - {"keywords"}
    filled = [name for name in fields if name not in LISTS or body.points(name)]
    one = names_a_case(title) or review_type(title) not in (None, "thematic") or ":" in title
    return len(filled) >= 2 or (bool(body.incident) and one and not is_no_review(title))


def is_list_title(title: str, linked: int) -> bool:
    """Whether a title is a list's: reviews in the plural and nothing of its own, over several links."""
    if linked < 2:
        return False
    own = names_a_case(title) or ":" in title or re.search(r"(?i)\bthematic\b", title)
    return not title or (not own and (review_type(title) == "thematic" or not kind_named(title)))


def _names_publisher(line: Line) -> bool:
    """Whether a line over the title says no more than whose document it is."""
    return (
        line.kind != "row"
        and line.words <= 12
        and bool(partnership_places(line.text))
        and (
            not re.search(r"[.;:?!]$", line.text)
            and kind_named(line.text) is None
            and not names_a_case(line.text)
        )
    )


def _repeats(line: Line, title: str, number: int) -> bool:
    """Whether a line near the top says the title again."""
    return (
        number < 12
        and bool(title)
        and line.text.casefold() in title.casefold()
        and (
            (line.kind == "heading" and field_of(line.text) is None)
            or line.text.casefold() == title.casefold()
        )
    )


def title_of(document: Document, lines: Sequence[Line]) -> tuple[int | None, str]:
    """Where the title stands, and what it says. The highest heading that names a review is the title."""
    best: tuple[int, int] | None = None
    for place, line in enumerate(lines[:14]):
        unfinished = line.kind == "heading" or not line.text.endswith((".", ";", ":"))
        if line.kind in ("row", "point") or line.words > 24 or not unfinished:
            continue
        if (
            place
            and line.kind == "text"
            and (labelled(line.text, line.lead) or published_in(line.text) or line.linked)
        ):
            continue
        score = _title_score(line, place, document)
        if score > 0 and (best is None or score > best[0]):
            best = (score, place)
    if best is not None:
        return best[1], lines[best[1]].text
    if document.title and (review_type(document.title) or names_a_case(document.title)):
        return None, re.split(
            r"\s+[|–—-]\s+(?=[^|–—]*(?:Safeguarding|Partnership|Board|SCP|Council)\b)", document.title
        )[0]
    return None, ""


def _title_score(line: Line, place: int, document: Document) -> int:
    text = line.text
    score = 0
    if line.kind == "heading":
        score += {1: 5, 2: 2}.get(line.level, 1)
    kind = review_type(text)
    score += 4 if kind else 0
    score += 3 if names_a_case(text) else 0
    if document.title and text.casefold() in document.title.casefold() and line.words >= 2:
        score += 2
    if partnership_places(text) and not names_a_case(text):
        score -= 6
    if (
        field_of(text) in ("incident", "background", "summary", *LISTS)
        and not kind
        and not (line.kind == "heading" and line.level == 1)
    ):
        score -= 9
    if field_of(text) in ("furniture", "section", "links") and not kind:
        score -= 9
    if line.kind == "text" and (line.words > 16 or about_page(text)):
        score -= 6
    return score - place // 4 if line.kind == "heading" or kind or names_a_case(text) else 0


def _name_in(body: Body) -> str:
    """The name with which the story begins, where a page has no title."""
    for text in (*body.incident, *body.background):
        match = _OPENING_NAME.match(text)
        if match:
            return match[1]
    return ""


def kind_of(title: str, document: Document, lines: Sequence[Line]) -> ReviewType | None:
    """The kind: by the title, else by what the document says of itself, the way to it, or its address."""
    kind = review_type(title)
    if kind:
        return kind
    texts = tuple(line.text for line in lines if line.kind != "row")
    breadcrumbs = tuple(
        text
        for text in furniture_texts(document)
        if "»" in text or "›" in text or " / " in text or " > " in text
    )
    address = re.sub(r"[-_/]+", " ", document.url)
    return (
        review_type(document.title or "")
        or type_in_text(texts)
        or type_in_text(breadcrumbs)
        or kind_named(address)
    )
