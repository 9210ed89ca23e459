"""Gathering: a source's page fetched, opened and read, by whichever thread; nothing is kept yet."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.models import NotModified, Page, PageKind, Reading, SavedPage, Source, SourceRun, Validators
from bot.pipeline.follow import Collecting

WHOLE_AFTER = timedelta(days=6, hours=12)  # so that a daily or six-hourly poll does it once a week
READER = "2"  # raise it when the reader changes what it makes of a page: every page is then read anew


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """A page as read (None: it is as it was at the last good run), and when that began."""

    started: datetime
    last_good: SourceRun | None
    page: Page | None = None
    reading: Reading | None = None
    validators: Validators = field(default_factory=Validators)

    @property
    def otherwise(self) -> bool:
        """Whether the page was read in another way at the last good poll: other settings, another reader."""
        return self.last_good is not None and self.last_good.validators.read_as != self.validators.read_as


class Look:
    """A look at one source. `page` is there as soon as it came, whatever becomes of its reading."""

    def __init__(self, source: Source, parts: Collecting) -> None:
        self.source = source
        self.page: Page | None = None
        self._parts = parts

    def gathers(self) -> Gathered:
        source, parts = self.source, self._parts
        started = parts.clock.now()
        last_good = parts.archive.last_good_run(source.id)
        now_read_as = read_as(source)
        asked = (
            last_good.validators if last_good and _may_be_unchanged(last_good, now_read_as, started) else None
        )
        page = parts.fetcher.fetch(source.url, asked)
        if isinstance(page, NotModified):
            return Gathered(started=started, last_good=last_good)
        self.page = page
        return Gathered(
            started=started,
            last_good=last_good,
            page=page,
            reading=parts.opener.read(page, source),
            validators=replace(page.validators, read_as=now_read_as, whole_at=started),
        )

    def saved(self, kind: PageKind, now: datetime, reason: str = "") -> SavedPage | None:
        """The page as it came, to be kept; None where none came."""
        if self.page is None:
            return None
        return SavedPage(
            source_id=self.source.id,
            kind=kind,
            fetched_at=now,
            url=self.page.url,
            content_type=self.page.content_type,
            body=self.page.body,
            reason=reason,
        )


def _may_be_unchanged(last_good: SourceRun, read_as: str, now: datetime) -> bool:
    """Whether to ask only for what changed. Once a week a page is asked for whole: servers were seen to say
    for years that nothing changed."""
    before = last_good.validators
    return before.read_as == read_as and before.whole_at is not None and now - before.whole_at < WHOLE_AFTER


def read_as(source: Source) -> str:
    """What the reading of a page depends on besides its bytes: corrected settings read it again."""
    settings = (
        source.url,
        source.reads,
        source.place,
        source.follow,
        source.select,
        source.include,
        source.exclude,
    )
    return hashlib.sha256(f"{READER} {settings!r}".encode()).hexdigest()[:16]
