"""A source that is there, looked at once more beside what is kept of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot import identity
from bot.errors import SourceError
from bot.looking.survey import Seen, fetched, look
from bot.models import UNREAD, Change, NotModified, Page, Reading, SavedPage, Source, Validators
from bot.names import handles
from bot.pipeline import quarantine
from bot.pipeline.follow import Collecting, Following
from bot.pipeline.gather import read_as
from bot.wiring import Bot

FOLLOWED = 3  # reviews whose documents are opened while one only looks


@dataclass(frozen=True, slots=True, kw_only=True)
class LookAgain:
    """A source as it is now. `changes`: against what is kept of it. `refused`: why a poll would not believe
    the page; empty where it would. `first`: it was never read before; `otherwise`: its settings were changed
    since, so that readers are told of no revision."""

    source: Source
    seen: Seen
    changes: tuple[Change, ...]
    refused: str
    first: bool
    otherwise: bool
    crawl_delay: float


def would_change(bot: Bot, source: Source, saved: SavedPage) -> tuple[Change, ...]:
    """What a page that waits for a person says otherwise than what is kept. Raises UnreadableDocument."""
    page = Page(url=saved.url, body=saved.body, content_type=saved.content_type, fetched_at=saved.fetched_at)
    return _changes(bot, source, look(page, bot.collecting, source).reading)


class _Nothing:
    """A fetcher that fetches nothing: in a rehearsal no document is opened."""

    def fetch(self, url: str, validators: Validators | None = None) -> Page | NotModified:
        raise SourceError(f"{url} was not opened", trouble="failing", again=True)


def look_again(bot: Bot, source: Source) -> LookAgain:
    """What is read there now and what a poll would make of it; nothing is kept. Raises SourceError."""
    parts = bot.collecting
    page = fetched(source.url, parts)
    seen = look(page, parts, source)
    last_good = bot.store.last_good_run(source.id)
    otherwise = last_good is not None and last_good.validators.read_as != read_as(source)
    return LookAgain(
        source=source,
        seen=replace(seen, reading=_completed(seen.reading, source, parts)),
        changes=_changes(bot, source, seen.reading),
        refused=_refused(bot, source, page),
        first=last_good is None,
        otherwise=otherwise,
        crawl_delay=bot.crawl_delay(page.url),
    )


def _completed(reading: Reading, source: Source, parts: Collecting) -> Reading:
    """With what the documents of the first few say, where the source is to be followed."""
    if not source.follow:
        return reading
    following = Following(parts, again=False)
    first = tuple(following.completed(review) for review in reading.reviews[:FOLLOWED])
    return replace(reading, reviews=first + reading.reviews[FOLLOWED:])


def _changes(bot: Bot, source: Source, reading: Reading) -> tuple[Change, ...]:
    return identity.recognise(
        source,
        reading.reviews,
        bot.store.known(source.id, [handle for review in reading.reviews for handle in handles(review)]),
        rolls=source.reads == "feed",
        now=bot.clock.now(),
        empty=reading.state == "nothing there",
    )


def _refused(bot: Bot, source: Source, page: Page) -> str:
    """Why a poll would not believe this page; empty where it would."""
    saved = SavedPage(
        source_id=source.id,
        kind="doubtful",
        fetched_at=page.fetched_at or bot.clock.now(),
        url=page.url,
        content_type=page.content_type,
        body=page.body,
    )
    parts = replace(bot.collecting, fetcher=_Nothing())
    with bot.store.rehearsal():
        run = quarantine.read_again(source, saved, parts, approved=False)
    return run.detail if run.state in UNREAD else ""
