"""Feeds: the items that publish a review, or learning drawn from reviews."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.models import Document, FeedEntry, Link, Review, Source
from bot.reading.facts import incident_date
from bot.reading.facts.ages import ages_of
from bot.reading.grammar.finder import Finder
from bot.reading.grammar.titles import Heading
from bot.reading.grammar.types import names_a_case, review_type, type_in_text
from bot.reading.lines import Line, lines_of
from bot.reading.records.about import About, publisher_place
from bot.reading.records.body import read_body
from bot.reading.records.gathered import Body
from bot.reading.records.reviews import is_audit, is_no_review, review_of

_TRAILER = re.compile(r"^the post .+ (?:appeared first on|first appeared on) .+", re.IGNORECASE)
_PANEL = re.compile(r"child safeguarding practice review panel", re.IGNORECASE)
_ANNUAL = re.compile(r"\bannual report\b", re.IGNORECASE)
_NO_NEWS = Finder(
    r"\bblogs?\b|"
    r"\b(?:panel|partnership|board) (?:welcomes|appoints|meeting)|\bevents?\b|\bweek\b|\bday\b(?! of)|"
    r"\bwhat changed\b|\bnotice\b|\bletter\b|\bdata\b|\bstatement\b(?!.*review)|"
    r"\binterests\b|\bphase \d (?:update|begins)|\bcall for\b|\bsave the date\b"
)


def read_feed(document: Document, source: Source | None) -> tuple[Review, ...]:
    """The reviews that a feed's items publish; events, vacancies, policies and audits are not among them."""
    titles = [entry.title for entry in document.entries[:5]]
    place = publisher_place(document, titles, source=source, listing=True)
    panel = bool(_PANEL.search(document.title or ""))
    found = []
    for entry in document.entries:
        lines = _body_lines(entry)
        if publishes_review(entry, lines, panel=panel):
            found.append(
                _review(entry, lines, About(address=document.url, place=place, published=entry.published))
            )
    return tuple(found)


def _body_lines(entry: FeedEntry) -> list[Line]:
    """The lines of an item, less the title that some sites repeat at its head, and the trailer at its end."""
    lines = [line for line in lines_of(entry.blocks) if not _TRAILER.match(line.text)]
    title = _words(entry.title)
    while lines and title and _repeats(_words(lines[0].text), title):
        lines.pop(0)
    return lines


def _words(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().casefold()


def _repeats(line: str, title: str) -> bool:
    """Whether a line is the title again, perhaps with its author's name after it."""
    return line == title or (line.startswith(f"{title} ") and len(line.split()) <= len(title.split()) + 3)


def publishes_review(entry: FeedEntry, lines: list[Line], *, panel: bool = False) -> bool:
    """Whether an item publishes a review, by its title; a title that only names a child asks the text.

    `panel`: the feed is the national panel's own, whose annual report draws on reviews.
    """
    title = entry.title
    if panel and _ANNUAL.search(title):
        return True
    if (
        is_no_review(title)
        or (is_audit(title) and not names_a_case(title))
        or (_NO_NEWS.search(title) and not names_a_case(title))
    ):
        return False
    if review_type(title) or _ANNUAL.search(title):
        return True
    text = " ".join(line.text for line in lines[:3])
    return names_a_case(title) and review_type(text) is not None


def _review(entry: FeedEntry, lines: list[Line], about: About) -> Review:
    body = read_body(lines, address=about.address, least=6)
    _own_page_first(entry, body)
    texts = [line.text for line in lines]
    kind = review_type(entry.title)
    if kind is None and names_a_case(entry.title):
        kind = type_in_text(tuple(texts[:3]))
    kind = kind or "thematic"
    if kind in ("thematic", "national"):
        _keep_what_is_of_reviews(body)
    review = review_of(Heading(title=entry.title), body, about, kind=kind, texts=texts)
    return replace(
        review, published=entry.published, year=int(entry.published[:4]) if entry.published else None
    )


def _keep_what_is_of_reviews(body: Body) -> None:
    """Keep apart the paragraphs that say what several reviews were about, and tell of no child: no age, no
    date of harm."""
    of_reviews = [text for text in body.incident if _tells_of_reviews(text)]
    body.incident = [text for text in body.incident if text not in of_reviews]
    for text in of_reviews:
        body.keep("", text)


def _tells_of_reviews(text: str) -> bool:
    return bool(re.search(r"(?i)\breviews?\b", text)) and not (ages_of(text) or incident_date(text))


def _own_page_first(entry: FeedEntry, body: Body) -> None:
    if entry.url:
        links = {url: link for url, link in body.links.items() if url != entry.url}
        body.links = {entry.url: Link(label=entry.title, url=entry.url), **links}
