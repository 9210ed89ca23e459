"""Pages and documents about one review, or about a theme drawn from several."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.models import Document, Review, ReviewType, Source
from bot.reading.grammar.dates import byline_date, published_in
from bot.reading.grammar.families import LISTS, field_of
from bot.reading.grammar.titles import split_title
from bot.reading.grammar.types import kind_named, names_a_case, review_type, type_in_text
from bot.reading.languages import in_english
from bot.reading.lines import Line, furniture_texts
from bot.reading.records.about import About, publisher_place
from bot.reading.records.body import read_body
from bot.reading.records.datelines import find_dateline
from bot.reading.records.gathered import Body
from bot.reading.records.naming import is_bare_kind, is_section_name, leads_up, names_publisher, title_of
from bot.reading.records.reviews import is_no_review, review_of
from bot.reading.records.sheets import unfolded

_OPENING_NAME = re.compile(
    r"^((?:Child|Children|Baby|Infant|Family|Siblings?|Young Person|Young People|Twins|"
    r"Adult)\s+[A-Z0-9][\w/]*(?:\s+and\s+[A-Z][\w]*)?(?:\s*\([A-Z][\w’' -]+\))?)"
    r"(?=\s+(?:was|were|is|are|died|had|aged|,)|,)"
)

_ANNOUNCED = re.compile(
    r"\bpublish(?:es|ed|ing)\b[^.]{0,80}\b(?:reports?|review|summary)\b|"
    r"\b(?:report|review|summary)\b[^.]{0,80}\b(?:is|has been|was) (?:today |now )?published\b|"
    r"\bpublication of (?:the|its|an?) [^.]{0,80}\b(?:report|review)\b",
    re.IGNORECASE,
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
    kind = kind_of(title, document, unfolded(lines), told=bool(body.incident))
    return review_of(heading, body, about, kind=kind)


def _published_around(document: Document) -> str | None:
    """The date that stands around the text: in a web page's head, in a document's running lines."""
    if document.format in ("html", "text"):
        return document.published
    parts = [part for text in furniture_texts(document) for part in text.split(" | ")]
    return next((date for part in parts if (date := published_in(part) or byline_date(part))), None)


def gather(document: Document, lines: Sequence[Line]) -> tuple[str, Body]:
    """The title of a page (that of its story, where it has none), and what the rest of it says."""
    lines = unfolded(in_english(lines))
    place_of_title, title = title_of(document, lines)
    over = lines[: place_of_title or 0]
    of_site = any(line.kind == "heading" and is_section_name(line.text) for line in over)
    dateline, date = find_dateline(lines, place_of_title)
    rest = [
        line
        for number, line in enumerate(lines)
        if number not in (place_of_title, dateline)
        and not _repeats(line, title, number)
        and not (number < len(over) and (of_site or leads_up(line)))
        and not (_at_the_edge(number, lines) and line.kind == "text" and names_publisher(line))
        and not (number < 12 and line.kind == "text" and is_bare_kind(line.text))
    ]
    single = names_a_case(title) or review_type(title) not in (None, "thematic")
    body = read_body(rest, address=document.url, least=6 if single else 13)
    body.published = body.published or date
    return title or _name_in(body), body


def is_briefing(body: Body, title: str) -> bool:
    """Whether what was gathered makes one review: two labelled parts, or a review's title and its story."""
    fields = body.labels & (LISTS | {"incident", "background", "summary"}) - {"keywords"}
    filled = [name for name in fields if name not in LISTS or body.points(name)]
    one = names_a_case(title) or review_type(title) not in (None, "thematic") or ":" in title
    return len(filled) >= 2 or (bool(body.incident) and one and not is_no_review(title))


def announces(body: Body, title: str) -> bool:
    """Whether a page does no more than say that one review has come out, and hand over its documents."""
    one = names_a_case(title) or review_type(title) not in (None, "thematic")
    said = any(
        _ANNOUNCED.search(text) for part in body.as_sections() if not part.heading for text in part.items
    )
    return one and said and bool(body.links) and not is_no_review(title)


def _at_the_edge(number: int, lines: Sequence[Line]) -> bool:
    return number < 6 or number > len(lines) - 4


def is_list_title(title: str, linked: int, body: Body) -> bool:
    """Whether a title is a list's: reviews in the plural and nothing of its own, over several links.

    A page that says under a heading what happened, and under another what was learned, is no list.
    """
    whole = "incident" in body.labels and bool(body.points("learning") or body.points("recommendations"))
    if linked < 2 or (title and whole):
        return False
    own = names_a_case(title) or ":" in title or re.search(r"(?i)\bthematic\b", title)
    return not title or (not own and (review_type(title) == "thematic" or not kind_named(title)))


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


def _name_in(body: Body) -> str:
    """The name with which the story begins, where a page has no title."""
    for text in (*body.incident, *body.background):
        match = _OPENING_NAME.match(text)
        if match:
            return match[1]
    return ""


def kind_of(title: str, document: Document, lines: Sequence[Line], *, told: bool) -> ReviewType | None:
    """The kind: by the title, else by what the document says of itself, the way to it, or its address.

    `told`: the page tells of one incident, so that a site's or file's title in the plural is not its kind.
    """
    kind = review_type(title)
    if kind:
        return kind
    kind = review_type(document.title or "")
    if kind and not (told and kind == "thematic"):
        return kind
    texts = tuple(line.text for line in lines if line.kind != "row")
    breadcrumbs = tuple(
        text
        for text in furniture_texts(document)
        if "»" in text or "›" in text or " / " in text or " > " in text
    )
    address = re.sub(r"[-_/]+", " ", document.url)
    return type_in_text(texts) or type_in_text(breadcrumbs) or kind_named(address)
