"""Feeds: the items that publish a review, or learning drawn from reviews."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.models import Document, FeedEntry, Link, Review, Source
from bot.reading.about import About, publisher_place
from bot.reading.body import read_body
from bot.reading.gathered import Body
from bot.reading.lines import Line, lines_of
from bot.reading.reviews import is_no_review, review_of
from bot.reading.titles import Heading
from bot.reading.types import names_a_case, review_type

_TRAILER = re.compile(r"^the post .+ (?:appeared first on|first appeared on) .+", re.IGNORECASE)
_NO_NEWS = re.compile(
    r"\b(?:panel|partnership|board) (?:welcomes|appoints|meeting)|\bevents?\b|\bweek\b|\bday\b(?! of)|"
    r"\bwhat changed\b|\bnotice\b|\bletter\b|\bdata\b|\bstatement\b(?!.*review)|"
    r"\binterests\b|\bphase \d (?:update|begins)|\bcall for\b|\bsave the date\b",
    re.IGNORECASE,
)


def read_feed(document: Document, source: Source | None) -> tuple[Review, ...]:
    """The reviews that a feed's items publish; events, vacancies, policies and audits are not among them."""
    titles = [entry.title for entry in document.entries[:5]]
    place = publisher_place(document, titles, source=source, listing=True)
    found = []
    for entry in document.entries:
        lines = [line for line in lines_of(entry.blocks) if not _TRAILER.match(line.text)]
        if publishes_review(entry, lines):
            found.append(
                _review(entry, lines, About(address=document.url, place=place, published=entry.published))
            )
    return tuple(found)


def publishes_review(entry: FeedEntry, lines: list[Line]) -> bool:
    """Whether an item publishes a review, by its title; a title that only names a child asks the text."""
    title = entry.title
    if is_no_review(title) or (_NO_NEWS.search(title) and not names_a_case(title)):
        return False
    if review_type(title) or re.search(r"\bannual report\b", title, re.IGNORECASE):
        return True
    text = " ".join(line.text for line in lines[:3])
    return names_a_case(title) and review_type(text) is not None


def _review(entry: FeedEntry, lines: list[Line], about: About) -> Review:
    body = read_body(lines, address=about.address, least=6)
    _own_page_first(entry, body)
    kind = review_type(entry.title) or "thematic"
    texts = [line.text for line in lines]
    review = review_of(Heading(title=entry.title), body, about, kind=kind, texts=texts)
    return replace(
        review, published=entry.published, year=int(entry.published[:4]) if entry.published else None
    )


def _own_page_first(entry: FeedEntry, body: Body) -> None:
    if entry.url:
        links = {url: link for url, link in body.links.items() if url != entry.url}
        body.links = {entry.url: Link(label=entry.title, url=entry.url), **links}
