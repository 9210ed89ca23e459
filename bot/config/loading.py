"""Both files and the environment as one Configuration, read again whenever they change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from bot.config import sources, subscriptions
from bot.config.environment import Environment, load_environment
from bot.config.sources import ids_in, load_sources
from bot.config.subscriptions import files_named_in, load_subscriptions
from bot.errors import ConfigError, Problem
from bot.models import Organisation, Schedule, Source, Subscriber, Subscription
from bot.themes import Vocabulary
from bot.themes.own import extended

V = TypeVar("V")
Stamp = tuple[int, int] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """All that an administrator and an operator have set. `contact`: whom a webmaster can reach.
    `summary`: the cron of what administrators get, None for none.

    `vocabulary`: the themes in force, those that ship and the administrator's own; `own_themes`: the ids of
    those that are new or changed.
    """

    sources: tuple[Source, ...]
    subscriptions: tuple[Subscription, ...]
    schedules: tuple[Schedule, ...]
    allow_private_hosts: tuple[str, ...]
    contact: str | None
    environment: Environment
    vocabulary: Vocabulary
    own_themes: tuple[str, ...] = ()
    stop_after_bounces: int = 3
    administrators: tuple[Subscriber, ...] = ()
    summary: str | None = None
    organisation: Organisation = field(default_factory=Organisation)

    @property
    def notes(self) -> tuple[str, ...]:
        """What somebody should know though nothing is wrong, a sentence each."""
        notes = list(self.environment.notes)
        readers = {reader for entry in self.subscriptions for reader in entry.subscribers}
        posted = {one.address for one in (*readers, *self.administrators) if one.medium == "slack"}
        without = sorted(posted - self.environment.slack_webhooks.keys())
        if without and self.environment.slack_bot_token is None:
            notes.append(f"SLACK_BOT_TOKEN is not set: what is due to {', '.join(without)} cannot be posted")
        if self.contact is None:
            notes.append("sources.yaml has no contact under defaults: webmasters cannot tell whom to ask")
        return tuple(notes)


def load(directory: Path, shipped: Vocabulary, environ: Mapping[str, str]) -> Configuration:
    """The configuration in `directory`, with the themes that ship joined by its own. Raises ConfigError with
    every problem of both files and the environment."""
    problems: list[Problem] = []

    def part(read: Callable[[], V]) -> V | None:
        try:
            return read()
        except ConfigError as error:
            problems.extend(error.problems)
            return None

    first = directory / sources.FILE
    listed = part(lambda: load_sources(first))
    ids = tuple(source.id for source in listed.sources) if listed else ids_in(first)
    subscribed = part(lambda: load_subscriptions(directory / subscriptions.FILE, shipped, ids))
    environment = part(lambda: load_environment(environ))
    if listed is None or subscribed is None or environment is None:
        raise ConfigError(problems)
    return Configuration(
        sources=listed.sources,
        subscriptions=subscribed.subscriptions,
        schedules=subscribed.schedules,
        allow_private_hosts=listed.allow_private_hosts,
        contact=listed.contact,
        administrators=listed.administrators,
        summary=listed.summary,
        environment=environment,
        vocabulary=extended(shipped, subscribed.themes, checked=True),
        own_themes=tuple(str(theme["id"]) for theme in subscribed.themes),
        stop_after_bounces=subscribed.stop_after_bounces,
        organisation=subscribed.organisation,
    )


class Watched:
    """A configuration that follows its files, and those that they name. Raises ConfigError if they are wrong
    to begin with.

    `current` is always a good one: a broken edit leaves it as it was, until it is repaired.
    """

    def __init__(self, directory: Path, shipped: Vocabulary, environ: Mapping[str, str]) -> None:
        self._directory = directory
        self._shipped = shipped
        self._environ = dict(environ)
        self._named: tuple[Path, ...] = ()
        self._seen: tuple[Stamp, ...] = ()
        self._seen = self._stamps()
        self._told: tuple[Problem, ...] = ()
        self.current = load(self._directory, self._shipped, self._environ)

    @property
    def files(self) -> tuple[Path, ...]:
        """All that it is read from: both files, and those that they name."""
        return self._directory / sources.FILE, self._directory / subscriptions.FILE, *self._named

    def refresh(self) -> tuple[Problem, ...]:
        """Look at the files again. Returns the problems of a broken edit, once; empty when all is well,
        when nothing changed, and when the same problems were returned before."""
        # The stamps come first: an edit while the files are being read is seen at the next look.
        stamps = self._stamps()
        if stamps == self._seen:
            return ()
        self._seen = stamps
        try:
            self.current = load(self._directory, self._shipped, self._environ)
        except ConfigError as error:
            told, self._told = self._told, error.problems
            return () if told == error.problems else error.problems
        self._told = ()
        return ()

    def _stamps(self) -> tuple[Stamp, ...]:
        listed, subscribed = (_stamp(self._directory / name) for name in (sources.FILE, subscriptions.FILE))
        if (listed, subscribed) != self._seen[:2]:
            self._named = files_named_in(self._directory / subscriptions.FILE)
        return listed, subscribed, *map(_stamp, self._named)


def _stamp(path: Path) -> Stamp:
    """When a file last changed, in nanoseconds, and its size in bytes; None where there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size
