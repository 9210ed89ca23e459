"""The bot's sources: polled, read again, and how each stands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from bot.errors import BotError
from bot.models import UNREAD, SavedPage, Source, SourceRun, SourceStanding
from bot.pipeline import collect, quarantine
from bot.pipeline.follow import Collecting
from bot.rhythm import Rhythm, rhythm
from bot.wiring.configured import Configured

if TYPE_CHECKING:  # imported where they are needed: what a command does not use, it does not wait for
    from bot.wiring.fetching import Fetching


class Polling(Configured):
    """Collects from the sources of the configuration."""

    @cached_property
    def _fetching(self) -> Fetching:
        from bot.wiring.fetching import Fetching

        fetching = Fetching(self.store, self.clock, self.store.turns)
        self._closing.append(fetching.close)
        return fetching

    @property
    def collecting(self) -> Collecting:
        from bot.fetch.sandbox import Sandbox

        return Collecting(
            fetcher=self._fetching.fetcher(self.configuration),
            opener=Sandbox(),
            archive=self.store,
            vocabulary=self.vocabulary,
            clock=self.clock,
        )

    def due_sources(self) -> list[Source]:
        return collect.due_sources(self.configuration.sources, self.store, self.clock.now())

    def poll(
        self,
        sources: Sequence[Source],
        *,
        accept: bool = False,
        each: Callable[[SourceRun], None] = lambda run: None,
        stopping: Callable[[], bool] = lambda: False,
    ) -> list[SourceRun]:
        try:
            return collect.collect_all(sources, self.collecting, accept=accept, each=each, stopping=stopping)
        finally:
            self._fetching.keep_requests()

    @property
    def last_asked(self) -> datetime | None:
        """When a request to a source last went out; None where none did since the start."""
        return self._fetching.last_asked

    def pause(self, url: str) -> float:
        """Seconds between two requests to the site of this address."""
        return self._fetching.fetcher(self.configuration).pause(url)

    def crawl_delay(self, url: str) -> float:
        """The seconds that the site's robots.txt asks for; 0 where it names none, or cannot be had."""
        return self._fetching.fetcher(self.configuration).crawl_delay(url)

    def knock_at(self, url: str) -> None:
        """Raises SourceError where nothing can be asked for at this address, as where its host is unknown."""
        self._fetching.fetcher(self.configuration).knock(url)

    def keep_requests(self) -> None:
        """Write what was asked of sites into the log. Raises StoreError."""
        self._fetching.keep_requests()

    def read_again(self, source: Source, page: SavedPage, *, approved: bool) -> SourceRun:
        """Poll a page that was saved instead of the site. One that could be read waits no longer."""
        run = quarantine.read_again(source, page, self.collecting, approved=approved)
        if run.state not in UNREAD:
            self.store.forget_page(source.id, page.kind)
        return run

    def waiting_page(self, source: Source) -> SavedPage:
        """The doubtful page of this source that waits for a person. Raises BotError where none does."""
        page = self.store.saved_page(source.id, "doubtful")
        last = self.store.last_run(source.id)
        if page is None or last is None or last.state not in UNREAD:
            trusted = last is None or last.state not in UNREAD
            why = (
                "its last poll could be trusted" if last and trusted else "none is kept that was not trusted"
            )
            raise BotError(f"No page of `{source.id}` waits for you: {why}.")
        return page

    def standings(self) -> list[tuple[SourceStanding, datetime]]:
        """How each enabled source stands, and when it is polled next."""
        now = self.clock.now()
        stood = {one.source_id: one for one in self.store.standings()}
        return [
            (
                stood.get(source.id, _never_read(source)),
                collect.next_poll(source, self.store, now),
            )
            for source in self.configuration.sources
            if source.enabled
        ]

    def rhythms(self) -> dict[str, Rhythm]:
        """How often each source has something new, where that is known."""
        learned = {source: rhythm(days) for source, days in self.store.days_of_news().items()}
        return {source: found for source, found in learned.items() if found}


def _never_read(source: Source) -> SourceStanding:
    return SourceStanding(
        source_id=source.id, name=source.name, state="never read", since=None, last_run=None, last_good=None
    )
