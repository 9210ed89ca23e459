"""Backfill: a source's older pages, one after the other, into the archive; and nobody is told.

The source is polled first, so that what is new on the page that is watched is news as ever. Each older page
is then fetched, opened and read as a poll would, and kept in one transaction with the pages that it leads to:
killed at any moment, it goes on where it was.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from bot import identity
from bot.criteria import CriteriaIndex
from bot.errors import BotError, SourceError, UnreadableDocument
from bot.models import UNREAD, Change, Kept, KnownReview, OlderPage, OlderState, Page, Reading, Review, Source
from bot.names import address, handles
from bot.older import Older, older_pages
from bot.pipeline import collect
from bot.pipeline.follow import Collecting, Following
from bot.themes import tag

MOST = 100  # pages at once
ENOUGH_IDLE = 2  # pages in a row without a review that is not known from others: no further that way
LATELY = timedelta(minutes=10)  # since the source was polled; else a review of today may be met here first
GONE = (404, 410)  # "Not Found", "Gone" (RFC 9110): waiting brings no such page back
ENOUGH_FAILED = 3  # pages in a row that could not be had for now: the site is in trouble, and is left alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Backfilled:
    """What one go did: the pages that were asked for. `waiting`: how many are still to be asked for.
    `stopped`: why the site was left alone before all were; empty where it was not."""

    pages: tuple[OlderPage, ...]
    waiting: int
    stopped: str = ""


def prepare(
    source: Source, parts: Collecting, *, starts: Iterable[str] = (), again: bool = False
) -> tuple[OlderPage, ...]:
    """Poll the source, and note the older pages that its page points to, and those that a person names; what
    a person names is asked for, though there was no such page before.

    Returns all that are known by now. `again`: as if none had been read before. Raises BotError where the
    source cannot be read.
    """
    run = collect.collect(source, parts)
    if run.state in UNREAD:
        raise BotError(f"{run.detail} No older page was asked for: `{source.id}` must be readable first.")
    if again:
        parts.archive.forget_older(source.id)
    named = _waiting(source, [Older(url=url, words="named by you") for url in starts])
    gone = {address(one.url) for one in parts.archive.older_pages(source.id) if one.state == "no such page"}
    for page in named:
        if address(page.url) in gone:
            parts.archive.keep_older(page)
    parts.archive.add_older([*named, *_waiting(source, _on_watched_page(source, parts))])
    return parts.archive.older_pages(source.id)


def backfill(
    source: Source,
    parts: Collecting,
    *,
    most: int = MOST,
    each: Callable[[OlderPage, int], None] = lambda page, waiting: None,
) -> Backfilled:
    """Ask for the pages that wait, and for those that failed before, `most` of them. `each` hears of every
    page as it is kept, and how many wait then."""
    done: list[OlderPage] = []
    stopped, failed = "", 0
    while True:
        pages = parts.archive.older_pages(source.id)
        tried = {one.url for one in done}
        ahead = [one for one in pages if one.is_open and one.url not in tried]
        if not ahead or stopped or len(done) == most:
            return Backfilled(pages=tuple(done), waiting=len(ahead), stopped=stopped)
        if stopped := _polled_lately(source, parts):
            continue
        following = min(ahead, key=lambda one: one.state == "failed")
        page, error = _One(source, parts, following, pages).kept()
        done.append(page)
        each(page, len(ahead) - 1)
        failed = failed + 1 if error and error.again else 0
        if error and error.retry_after:
            stopped = f"the site asked us to stay away for a while ({error})"
        elif failed == ENOUGH_FAILED:
            stopped = f"{failed} pages in a row could not be had, so the site is left alone for now"


def _polled_lately(source: Source, parts: Collecting) -> str:
    """Poll the page that is watched once more where that is a while ago, as after many pages, or after a
    question that nobody answered for hours. Returns why it cannot be read; empty where it can."""
    last, now = parts.archive.last_run(source.id), parts.clock.now()
    if last and last.state not in UNREAD and timedelta() <= now - last.started < LATELY:
        return ""
    run = collect.collect(source, parts)
    return f"the page that is watched cannot be read now ({run.detail})" if run.state in UNREAD else ""


class _One:
    """One older page: asked for, read and kept."""

    def __init__(
        self, source: Source, parts: Collecting, waiting: OlderPage, pages: Sequence[OlderPage]
    ) -> None:
        self._source = source
        self._parts = parts
        self._waiting = waiting
        self._others = [one for one in pages if one.url != waiting.url]
        self._at = parts.clock.now()

    def kept(self) -> tuple[OlderPage, SourceError | None]:
        """What became of it, and the trouble with it."""
        archive = self._parts.archive
        archive.keep_older(self._became("failed", "the bot was stopped while it read this page"))
        try:
            page = self._parts.fetcher.fetch(self._waiting.url)
        except SourceError as error:
            gone = error.status in GONE
            became = self._became("no such page" if gone else "failed", str(error))
            archive.keep_older(became)
            return became, None if gone else error
        assert isinstance(page, Page), "nothing was sent that a server could answer with 304"
        elsewhere = address(page.url)
        known = {address(one.url) for one in self._others} | {address(self._source.url)}
        if elsewhere != address(self._waiting.url) and elsewhere in known:
            became = self._became("met before", f"it leads to {page.url}")
            archive.keep_older(became)
            return became, None
        try:
            reading = self._parts.opener.read(page, self._source)
        except UnreadableDocument as error:
            return self._without_reviews(page, error)
        return self._read(page, reading), None

    def _became(self, state: OlderState, detail: str = "") -> OlderPage:
        return replace(self._waiting, state=state, detail=detail, at=self._at)

    def _without_reviews(self, page: Page, error: UnreadableDocument) -> tuple[OlderPage, SourceError | None]:
        """A page that nothing was read from: one that only leads to others, one of which nothing is wanted,
        or one that cannot be read."""
        found = self._found(page, (), idle=self._waiting.idle + 1) if error.trouble == "unreadable" else []
        if found or self._waiting.guessed or self._unwanted(page):
            became = replace(self._became("nothing there"), idle=self._waiting.idle + 1)
            self._parts.archive.keep_older(became, found=found)
            return became, None
        became = self._became("failed", str(error))
        self._parts.archive.keep_older(became)
        return became, error

    def _unwanted(self, page: Page) -> bool:
        """Whether it has reviews, and the source's own words leave all of them out."""
        if not (self._source.include or self._source.exclude):
            return False
        try:
            return bool(self._parts.opener.read(page, replace(self._source, include=(), exclude=())).reviews)
        except UnreadableDocument:
            return False

    def _read(self, page: Page, reading: Reading) -> OlderPage:
        met = {mark for one in self._others for mark in one.met}
        marks = tuple(dict.fromkeys(_mark(review) for review in reading.reviews))
        idle = 0 if set(marks) - met else self._waiting.idle + 1
        found = self._found(page, reading.reviews, idle=idle)
        following = Following(self._parts, again=False)
        archive = self._parts.archive
        while True:
            version = archive.version()
            kept, left = _quiet(self._source, reading, self._parts, following)
            became = replace(
                self._became("read" if reading.reviews else "nothing there", following.trouble),
                reviews=len(reading.reviews),
                new=sum(one.change.kind == "new" for one in kept),
                idle=idle,
                met=marks,
            )
            if archive.keep_older(became, kept, found, left, as_of=version):
                return became
            # Another process kept something meanwhile, perhaps of these very reviews: look again.

    def _found(self, page: Page, reviews: Sequence[Review], *, idle: int) -> list[OlderPage]:
        if idle >= ENOUGH_IDLE:
            return []
        own = {address(link.url) for review in reviews for link in review.links}
        found = older_pages(page, watched=self._source.url, own=own)
        known = {address(one.url) for one in (self._waiting, *self._others)}
        return [one for one in _waiting(self._source, found, idle=idle) if address(one.url) not in known]


# --- what the page says, told to nobody -----------------------------------------------------------------


def _quiet(
    source: Source, reading: Reading, parts: Collecting, following: Following
) -> tuple[list[Kept], frozenset[int]]:
    """What the page says of each of its reviews, for the archive alone; and which of them had left the page
    that is watched."""
    keys = [handle for review in reading.reviews for handle in handles(review)]
    known = parts.archive.known(source.id, keys)
    left = identity.left_page(source, known)
    changes = identity.recognise(
        source, reading.reviews, known, rolls=True, now=parts.clock.now(), older=True
    )
    changes = tuple(_for_the_archive(source, change, left) for change in changes)
    if source.follow:
        changes = tuple(following.completes(change) for change in changes)
    index = CriteriaIndex(parts.archive.criteria())
    met = {change.known.id for change in changes if change.known}
    return [_described(source, change, index, parts) for change in changes], left & met


def _for_the_archive(source: Source, change: Change, left: Collection[int]) -> Change:
    """The same without any news. What the page that is watched says, or said, is not set against an older
    page's words: the next poll would find them changed back."""
    known = change.known
    if known is None or change.kind == "same":
        return change
    published = change.review.status == "published"
    if known.id in left and known.review.status == "withdrawn" and published:
        back = replace(known.review, status="published")
        reason = f"{change.reason}, on an older page now"
        return Change(kind="mended", review=back, known=known, reason=reason, differences=change.differences)
    if change.as_seen is not None:  # withdrawn in another source's words: those of this one are kept, beside
        return replace(change, kind="same", review=known.review, differences=())
    if _has_own_words(source, known):
        return Change(kind="same", review=known.review, known=known, reason=change.reason)
    return replace(change, kind="mended")


def _has_own_words(source: Source, known: KnownReview) -> bool:
    """Whether the page that is watched has told of it, now or before."""
    told = known.origin in ("", source.id) or any(one.source_id == source.id for one in known.tellings)
    return identity.on_page(source, known) or (told and not known.backfilled)


def _described(source: Source, change: Change, index: CriteriaIndex, parts: Collecting) -> Kept:
    if change.kind == "same":
        return Kept(change=change, handles=handles(change.as_seen or change.review))
    themes = tag(change.review, parts.vocabulary)
    seen_at = {source.id, *(one.source_id for one in (change.known.sightings if change.known else ()))}
    return Kept(
        change=change,
        baseline=True,
        handles=handles(change.review),
        themes=themes,
        matches=index.matches(change.review, themes, seen_at),
        vocabulary=parts.vocabulary.fingerprint,
    )


# --- which pages ----------------------------------------------------------------------------------------


def _on_watched_page(source: Source, parts: Collecting) -> tuple[Older, ...]:
    """The older pages that the watched page points to, as it came last."""
    saved = parts.archive.saved_page(source.id, "good")
    if saved is None:
        return ()
    page = Page(url=saved.url, body=saved.body, content_type=saved.content_type)
    try:
        reviews = parts.opener.read(page, source).reviews
    except UnreadableDocument:
        reviews = ()
    own = {address(link.url) for review in reviews for link in review.links}
    return older_pages(page, watched=source.url, own=own)


def _waiting(source: Source, found: Iterable[Older], *, idle: int = 0) -> list[OlderPage]:
    return [
        OlderPage(source_id=source.id, url=one.url, detail=one.words, guessed=one.guessed, idle=idle)
        for one in found
    ]


def _mark(review: Review) -> str:
    """What a review is known by on other pages of one walk: its title and its documents."""
    said = (review.title, review.published, sorted(address(link.url) for link in review.links))
    return hashlib.sha256(repr(said).encode()).hexdigest()[:12]
