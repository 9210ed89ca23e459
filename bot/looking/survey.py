"""From the address that a person has to the page or feed with the reviews, in a few fetches."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import get_args

from bot.errors import BotError, SourceError, UnreadableDocument
from bot.fetch.robots import Robots, RobotsAnswer
from bot.models import Document, Page, Reading, Source
from bot.models.configuration import Reads
from bot.pipeline.follow import Collecting
from bot.proposing import feeds_named

MOST_FEEDS = 2  # of those that a page names
MOST_POINTED_AT = 3  # of the pages that one points to

KINDS = {
    "listing": "a list of reviews, each with its summary",
    "links": "a list of links to reviews",
    "briefing": "one review or briefing",
    "feed": "a feed",
    "mixed": "a page of several kinds",
    "nothing there": "a page that says that no review is published at present",
    "hub": "a page that only points elsewhere",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A page as it came, opened and read. `kind`: one of KINDS."""

    page: Page
    document: Document
    reading: Reading
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedFeed:
    """A feed that the page names. `seen` is None where it could not be read; `trouble` says why."""

    url: str
    seen: Seen | None
    trouble: str = ""

    @property
    def reviews(self) -> int:
        return len(self.seen.reading.reviews) if self.seen else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What was found from one address. `seen`: the page or feed to watch; `hub`: the page that pointed there,
    and `besides`: where else it points; `instead_of`: the page in whose place a feed was taken."""

    asked: str
    seen: Seen
    feeds: tuple[NamedFeed, ...] = ()
    hub: str | None = None
    besides: tuple[str, ...] = ()
    instead_of: str | None = None


Choose = Callable[[Sequence[Seen]], Seen]


def most_reviews(found: Sequence[Seen]) -> Seen:
    """The page with the most reviews; the first of several."""
    return max(found, key=lambda seen: len(seen.reading.reviews))


def spelled(typed: str) -> str:
    """An address as a person types it, with https:// where they leave that out."""
    return typed.strip() if "://" in typed else f"https://{typed.strip()}"


def survey(typed: str, parts: Collecting, choose: Choose = most_reviews) -> Survey:
    """Look at the page, at the feeds that it names, and where it only points elsewhere, there.

    `choose` takes one of several pages with reviews. Raises SourceError, and BotError where there is no
    review to be found from here.
    """
    page = fetched(spelled(typed), parts)
    try:
        seen: Seen | None = look(page, parts)
        trouble: UnreadableDocument | None = None
    except UnreadableDocument as error:
        if error.trouble == "blocked":
            raise
        seen, trouble = None, error
    feeds = () if seen and seen.kind == "feed" else _feeds(page, parts)
    with_reviews = [feed.seen for feed in feeds if feed.seen and feed.reviews]
    if seen and seen.reading.state == "hub" and (found := _pointed_at(seen, parts)):
        taken = _one(found, choose)
        besides = tuple(url for url in seen.reading.see if url != taken.page.url)
        return Survey(asked=typed, seen=taken, hub=page.url, besides=besides, feeds=feeds)
    if with_reviews and not (seen and seen.reading.reviews):
        feed = most_reviews(with_reviews)
        return Survey(asked=typed, seen=feed, feeds=feeds, instead_of=page.url)
    if seen is None:
        assert trouble is not None, "a page is either read or in trouble"
        raise trouble
    if seen.reading.state == "hub":
        raise BotError(
            f"{page.url} holds no reviews itself, and none could be read where it points to "
            f"({', '.join(seen.reading.see)}); add the page that lists them."
        )
    return Survey(asked=typed, seen=seen, feeds=feeds)


def fetched(url: str, parts: Collecting) -> Page:
    """The page, asked for whole. Raises SourceError."""
    page = parts.fetcher.fetch(url)
    assert isinstance(page, Page), "nothing was sent that could be answered with `not modified`"
    return page


def look(page: Page, parts: Collecting, source: Source | None = None) -> Seen:
    """Open and read it, and tell what kind it is. Raises UnreadableDocument."""
    document = parts.opener.open(page)
    reading = parts.opener.read(page, source)
    return Seen(page=page, document=document, reading=reading, kind=_kind(page, document, reading, parts))


def crawl_delay(url: str, parts: Collecting) -> float:
    """The pause in seconds that the site's robots.txt asks for; 0 where it names none, or cannot be had."""

    def ask(address: str) -> RobotsAnswer:
        try:
            return RobotsAnswer(status=200, body=fetched(address, parts).body)
        except SourceError:
            return RobotsAnswer(status=404)

    return Robots(ask, parts.clock).delay(url)


def _kind(page: Page, document: Document, reading: Reading, parts: Collecting) -> str:
    """The first kind that gives the same records when the reader is told to take the page for it."""
    if document.format == "feed":
        return "feed"
    if reading.state != "read":
        return reading.state
    plain = parts.opener.read(page)
    for reads in get_args(Reads):
        if reads in ("auto", "feed"):
            continue
        told = Source(id="page", name="page", url=page.url, reads=reads)
        try:
            if parts.opener.read(page, told).reviews == plain.reviews:
                return str(reads)
        except UnreadableDocument:
            continue
    return "mixed"


def _feeds(page: Page, parts: Collecting) -> tuple[NamedFeed, ...]:
    found = []
    for url in feeds_named(page)[:MOST_FEEDS]:
        try:
            found.append(NamedFeed(url=url, seen=look(fetched(url, parts), parts)))
        except SourceError as error:
            found.append(NamedFeed(url=url, seen=None, trouble=str(error)))
    return tuple(found)


def _pointed_at(hub: Seen, parts: Collecting) -> list[Seen]:
    """The pages with reviews that this one points to."""
    found: list[Seen] = []
    for url in hub.reading.see[:MOST_POINTED_AT]:
        try:
            seen = look(fetched(url, parts), parts)
        except SourceError:
            continue
        if seen.reading.reviews and seen.page.url not in {one.page.url for one in found}:
            found.append(seen)
    return found


def _one(found: Sequence[Seen], choose: Choose) -> Seen:
    return found[0] if len(found) == 1 else choose(found)
