"""Lists of links: bullets, tables with status cells, cards, groups under a date, A to Z lists.

Each line has a role (`roles.py`, `walk.py`); a review is its name and what stands with it: documents, a
date, a status, and prose or labelled parts, which are read as those of any other review.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.models import Document, Review, ReviewStatus, Source
from bot.reading.facts.ages import ages_of
from bot.reading.facts.outcomes import tells_of_harm
from bot.reading.grammar.titles import Heading
from bot.reading.lines import Line
from bot.reading.lists.cases import one_a_review
from bot.reading.lists.items import Item
from bot.reading.lists.walk import items_of
from bot.reading.records.about import About, publisher_place
from bot.reading.records.body import read_body
from bot.reading.records.gathered import Body
from bot.reading.records.reviews import review_of

_STATUS_WORDS: dict[ReviewStatus, str] = {
    "published": "",
    "withdrawn": "no longer published",
    "delayed": "delayed in publication",
    "unpublished": "unpublished",
}


def read_links(document: Document, lines: Sequence[Line], source: Source | None) -> tuple[Review, ...]:
    """The reviews of a list of links; none where no line is one."""
    texts = [line.text for line in lines if not line.linked and line.kind != "row"]
    place = publisher_place(document, texts, source=source, listing=True)
    items = [item for item in items_of(document, lines) if item.links or item.status or item.lines]
    return tuple(_review(item, document, place) for item in one_a_review(items))


def _review(item: Item, document: Document, place: str | None) -> Review:
    body = _body(item, document)
    links = {link.url: link for link in (*item.links, *item.more)}
    body.links = links | {url: link for url, link in body.links.items() if url not in links}
    title = item.heading
    about = About(
        address=document.url,
        place=place,
        published=item.published or body.published or item.further,
        year=item.year,
    )
    national = bool(
        re.search(r"(?i)\bnational panel\b|\bchild safeguarding practice review panel\b", title.title)
    )
    heading = Heading(title=title.title, place=title.place, placed=title.placed or national)
    body.published = body.byline = None
    said = _STATUS_WORDS[item.status] if item.status else ""
    return review_of(heading, body, about, kind=item.kind, texts=(said, *(line.text for line in item.lines)))


def _body(item: Item, document: Document) -> Body:
    """What the list says of a review. Its prose is the incident where it tells of harm to a child."""
    story = any(tells_of_harm(line.text) and ages_of(line.text) for line in item.lines)
    return read_body(item.lines, address=document.url, entry=story, least=6)
