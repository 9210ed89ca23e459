"""The bot as its configuration has it: what it knows, and the archive and ledger that it keeps."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self

from bot import config
from bot.config import Configuration
from bot.models import Schedule, Source, Subscription
from bot.pipeline import collect, reporting, summary
from bot.pipeline.tagging import tag_archive
from bot.ports import Clock
from bot.themes import Vocabulary
from bot.wiring.addresses import Addresses
from bot.wiring.clock import SystemClock
from bot.wiring.naming import named
from bot.wiring.shipped import load_vocabulary

if TYPE_CHECKING:  # imported where they are needed: what a command does not use, it does not wait for
    from bot.store import Store

DATA = Path("data")


class Configured:
    """A folder of configuration, watched, and the store that goes with it. Arguments: those of `Bot`."""

    def __init__(
        self,
        directory: Path,
        environ: Mapping[str, str],
        *,
        clock: Clock | None = None,
        database_url: str | None = None,
    ) -> None:
        self.clock = clock or SystemClock()
        self.directory = directory
        self.watched = config.Watched(directory, load_vocabulary(), environ)
        self.environment = self.watched.current.environment
        self.addresses = Addresses(self.environment, DATA / "secret-key")
        self._database_url = database_url or self.environment.database_url.get_secret_value()
        self._closing: list[Callable[[], None]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        while self._closing:
            self._closing.pop()()

    @cached_property
    def store(self) -> Store:
        """Opened when it is first asked for anything. Raises StoreError."""
        from bot.store import open_store

        store = open_store(self._database_url)
        self._closing.insert(0, store.close)  # last of all: others keep something as they close
        return store

    @property
    def configuration(self) -> Configuration:
        return self.watched.current

    @property
    def vocabulary(self) -> Vocabulary:
        """The themes in force: those that ship, and the administrator's own."""
        return self.configuration.vocabulary

    def name_of_theme(self, id: str) -> str:
        """The name that a theme has now, which an edit of the configuration may change."""
        return self.vocabulary.name_of(id)

    @property
    def sources(self) -> dict[str, Source]:
        return {source.id: source for source in self.configuration.sources}

    @property
    def schedules(self) -> dict[str, Schedule]:
        return {schedule.id: schedule for schedule in self.configuration.schedules}

    def source(self, source_id: str) -> Source:
        """The source of this id. Raises BotError that names the nearest."""
        return named("source", source_id, self.sources, "sources.yaml")

    def subscription(self, subscription_id: str, *, besides: Sequence[str] = ()) -> Subscription:
        """The subscription of this id. Raises BotError that names the nearest, perhaps one of `besides`."""
        known = {entry.id: entry for entry in self.configuration.subscriptions}
        return named("subscription", subscription_id, known, "subscriptions.yaml", besides)

    def enrol(self, stopping: Callable[[], bool] = lambda: False) -> None:
        """Make the ledger's subscriptions those of the configuration, and match new criteria with what the
        archive has. Where the themes in force are others than before, look for them in the archive first,
        which takes some minutes for tens of thousands of reviews: `stopping` ends it between two."""
        tag_archive(self.store, self.vocabulary, self.clock.now(), stopping)
        subscriptions = self.configuration.subscriptions
        if administrators := self.configuration.administrators:
            subscriptions = (*subscriptions, reporting.reports_to(administrators))
            if cron := self.configuration.summary:
                subscriptions = (*subscriptions, summary.summary_to(administrators, cron))
        self.store.enrol(subscriptions, self.clock.now())
        collect.match_archive(self.store)
