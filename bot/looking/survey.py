"""From the address that a person has to the page or feed with the reviews, in a few fetches."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import get_args
from urllib.parse import urlsplit

from bot.errors import BotError, SourceError, UnreadableDocument, UsageError
from bot.models import Document, Page, Reading, Source
from bot.models.configuration import Reads
from bot.names import address
from bot.pipeline.follow import Collecting
from bot.proposing import feeds_named

MOST_FEEDS = 2  # of those that a page names
MOST_POINTED_AT = 3  # of the pages that one points to
MOST_STEPS = 3  # from a page that only points to others, by way of others that do

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
    perhaps some steps from the one that was asked for, and `besides`: where else it points; `instead_of`: the
    page in whose place a feed was taken."""

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
    """An address as a person types it, with https:// where they leave that out. Raises UsageError for what
    can be none, before any site is asked: a word alone is a host only where https:// stands before it."""
    whole = "://" in typed
    url = typed.strip() if whole else f"https://{typed.strip()}"
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "") if parts.port != 0 else ""  # a port that is none is a ValueError
    except ValueError:
        host = ""
    right = host.strip(".") and parts.scheme.lower() in ("http", "https") and not set(url) & set(" \t\n")
    if not right or not (whole or ("." in host.strip(".") and "@" not in parts.netloc)):
        raise UsageError(
            f"`{typed}` is no address of a web page; right would be https://www.example.org/reviews."
        )
    return url


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
        taken = _one([one for _, one in found], choose)
        hub = next(hub for hub, one in found if one is taken)
        besides = tuple(url for url in hub.reading.see if url != taken.page.url)
        return Survey(asked=typed, seen=taken, hub=hub.page.url, besides=besides, feeds=feeds)
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


def _pointed_at(first: Seen, parts: Collecting) -> list[tuple[Seen, Seen]]:
    """The nearest pages with reviews that this one points to, itself or by way of others that only point
    elsewhere, never in circles; each with the page that points there."""
    met = {address(first.page.url)}
    hubs = [first]
    for _ in range(MOST_STEPS):
        found = [(hub, seen) for hub in hubs[:MOST_POINTED_AT] for seen in _one_step(hub, met, parts)]
        if with_reviews := [pair for pair in found if pair[1].reading.reviews]:
            return with_reviews
        hubs = [seen for _, seen in found if seen.reading.state == "hub"]
    return []


def _one_step(hub: Seen, met: set[str], parts: Collecting) -> list[Seen]:
    """The pages that this one points to, but those that were met before."""
    found: list[Seen] = []
    for url in hub.reading.see[:MOST_POINTED_AT]:
        if address(url) in met:
            continue
        met.add(address(url))
        try:
            seen = look(fetched(url, parts), parts)
        except SourceError:
            continue
        if address(url) == address(seen.page.url) or address(seen.page.url) not in met:
            found.append(seen)
        met.add(address(seen.page.url))
    return found


def _one(found: Sequence[Seen], choose: Choose) -> Seen:
    return found[0] if len(found) == 1 else choose(found)
