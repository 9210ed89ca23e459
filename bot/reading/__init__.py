"""Documents into reviews: which kind of page it is, and what it says, in its own words.

listing, links, briefing, feed   a kind of page each; mixed: a page that is two of them
blocked, hub                     pages that hold no reviews: walls, and pages that say or point elsewhere
lines, runs, languages, urls     a page's blocks as the reader takes them
grammar/                         the words of the field: labels, dates, places, titles, kinds, status
lists/                           what each line of a list is, and which lines make one review
records/                         one review's lines into its record
facts/                           who is spoken of; ages, sex, outcome and date of the incident
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.errors import UnreadableDocument
from bot.models import Document, Reading, Review, Source
from bot.reading.blocked import refuse_walls
from bot.reading.briefing import announces, gather, is_briefing, is_list_title, read_briefing
from bot.reading.feed import read_feed
from bot.reading.hub import nothing_there, see_instead
from bot.reading.lines import Line, lines_of
from bot.reading.links import read_links
from bot.reading.listing import read_listing
from bot.reading.mixed import both, more_is_linked, tells_of_several

__all__ = ["read"]


def read(document: Document, *, source: Source | None = None) -> Reading:
    """The reviews of a page or document.

    `source` may say which kind of page it is (`reads`), whose it is (`place`), and which words its reviews
    must or must not have (`include`, `exclude`). Raises UnreadableDocument: `blocked` for walls and log-ins,
    `unreadable` where nothing can be trusted to be a review.
    """
    refuse_walls(document)
    lines = lines_of(document.blocks)
    reviews = _wanted(_reviews(document, lines, source), source)
    if reviews:
        return Reading(state="read", reviews=reviews)
    if nothing_there(lines) or (document.entries and not lines):
        return Reading(state="nothing there")
    see = see_instead(document, lines)
    if see:
        return Reading(state="hub", see=see)
    raise UnreadableDocument(
        f"{document.url} was fetched, but no review, no list of reviews and no word that there are none "
        f"was found in it; "
        "check the address, or set `reads` for this source."
    )


def _reviews(document: Document, lines: Sequence[Line], source: Source | None) -> tuple[Review, ...]:
    reads = source.reads if source is not None else "auto"
    if reads == "feed" or (reads == "auto" and document.entries):
        return read_feed(document, source)
    if reads == "listing":
        return read_listing(document, lines, source)
    if reads == "links":
        return read_links(document, lines, source)
    if reads == "briefing":
        review = read_briefing(document, lines, source)
        return (review,) if review else ()
    return _by_the_page(document, lines, source)


def _by_the_page(document: Document, lines: Sequence[Line], source: Source | None) -> tuple[Review, ...]:
    listed = read_listing(document, lines, source)
    if listed and not more_is_linked(document, lines, listed):
        return listed
    linked = (
        read_links(document, lines, source) if document.format == "html" or document.format == "text" else ()
    )
    if listed:
        return both(listed, linked)
    if tells_of_several(lines, linked):
        return linked
    title, body = gather(document, lines)
    points = sum(
        len(body.points(name))
        for name in ("good_practice", "learning", "recommendations", "actions", "questions")
    )
    told = is_briefing(body, title) and (len(linked) < 3 or points >= 3)
    if (told or (len(linked) < 2 and announces(body, title))) and not is_list_title(title, len(linked), body):
        review = read_briefing(document, lines, source)
        if review:
            return (review,)
    return linked


def _wanted(reviews: tuple[Review, ...], source: Source | None) -> tuple[Review, ...]:
    """Those whose words the source asks for, and none that it leaves out."""
    if source is None or not (source.include or source.exclude):
        return reviews
    kept = []
    for review in reviews:
        text = " ".join((review.title, review.incident, *(link.label for link in review.links))).casefold()
        if source.include and not any(word.casefold() in text for word in source.include):
            continue
        if any(word.casefold() in text for word in source.exclude):
            continue
        kept.append(review)
    return tuple(kept)
