"""A worker: one of any number, on any number of machines, over one PostgreSQL.

The same functions run here as under `run`. The sites are dealt out in shares, each of which is one worker's
at a time; deliveries are claimed in the ledger, a batch at a time.
"""

from __future__ import annotations

import hashlib
import threading
import zlib
from contextlib import nullcontext
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import structlog
from sqlalchemy import make_url

from bot import __version__
from bot.config import Configuration, Environment
from bot.errors import UsageError
from bot.models import Source
from bot.pipeline import collect
from bot.schedule import stop_on_signals
from bot.service import Rounds, answering, log_as_json, log_poll, try_templates
from bot.wiring import Bot
from bot.worker.engine import USUAL, Engine, Pulse

SHARES = 16  # of the sites; as many workers can poll side by side
LONGEST_WAIT = timedelta(minutes=15)  # of a source that is due; its share may take its time over others

log = structlog.get_logger("worker")


def work(bot: Bot, *, web: tuple[str, int] | None = None, pulse: Pulse = USUAL) -> None:
    """Poll, compose and send with other workers until SIGTERM or Ctrl-C; then finish what is in hand, give
    the rest back, and return. `web`: the host and port on which to answer readers, if this worker is to.

    Raises StoreError."""
    log_as_json()
    stop = stop_on_signals()
    duties = Labour(bot, stop)
    engine = Engine(bot.environment.database_url.get_secret_value(), duties, pulse)
    with answering(bot, duties, *web) if web else nullcontext():
        try_templates(bot)
        log.info("started", version=__version__, web="http://{}:{}".format(*web) if web else None)
        engine.run(stop)
    log.info("stopped")


def check(environment: Environment) -> None:
    """Raises UsageError where something is this machine's alone that all workers must have in common."""
    if make_url(environment.database_url.get_secret_value()).get_backend_name() != "postgresql":
        raise UsageError(
            "Several workers need PostgreSQL: set DATABASE_URL to "
            "postgresql+psycopg://user:password@host/name, or type `learning-bot run`, "
            "which does everything in one process."
        )
    if environment.secret_key is None:
        raise UsageError(
            "Several workers need one SECRET_KEY, the same in the environment of each, or links that one "
            "signed are refused by another; if `learning-bot run` made a key here, it is in data/secret-key."
        )


def share_of(source: Source) -> int:
    """All pages of one site are in one share, so that it is never asked by two workers at once."""
    host = (urlsplit(source.url).hostname or "").rstrip(".")
    return zlib.crc32(host.encode()) % SHARES


class Labour(Rounds):
    """The rounds of `run`, as the duties of one worker."""

    def __init__(self, bot: Bot, stop: threading.Event) -> None:
        super().__init__(bot, stop)
        self._in_touch: datetime | None = None
        self._rests = False
        self._taken_up: Configuration | None = None
        self._fingerprint = ""

    @property
    def heartbeat(self) -> datetime | None:
        """When this worker last reached the database: whether it has had something to do is chance."""
        return self._in_touch

    def fit(self) -> bool:
        """Take up what was edited, and keep what is known to have ended, whoever sends next. A worker whose
        configuration (or version) is another than that of those at work rests until it has theirs, or they
        are gone."""
        self._bot.register.keep()
        edited = self._look_at_configuration()
        now = self._bot.clock.now()
        agreed = self._bot.store.agree(self._fingerprint, now, edited=edited)
        if self._rests and agreed:
            log.info("at work again")
        elif not self._rests and not agreed:
            log.warning("resting: other workers have another configuration; copy it to each, or stop them")
        self._rests = not agreed
        self._in_touch = now
        return agreed

    def _look_at_configuration(self) -> bool:
        """Whether it was edited since the last look."""
        self.take_up()
        current, before = self._bot.configuration, self._taken_up
        if current is before:
            return False
        said = b"".join(hashlib.sha256(one.read_bytes()).digest() for one in self._bot.watched.files)
        self._taken_up, self._fingerprint = current, hashlib.sha256(__version__.encode() + said).hexdigest()
        return before is not None

    def shares_due(self) -> list[int]:
        """Enrol, and find the shares in which a source is due."""
        self._bot.enrol(stopping=self._stop.is_set)
        self.ask_about_silence()
        return sorted({share_of(source) for source in self._bot.due_sources()})

    def collect_share(self, share: int) -> None:
        """Poll what is due of this share. Who gets it after a worker died finds what that one left."""
        due = [source for source in self._bot.due_sources() if share_of(source) == share]
        self._bot.poll(due, each=log_poll, stopping=self._stop.is_set)

    def compose_all(self) -> None:
        """Compose what is due, and tell the monitor that it got through, unless a source is kept waiting:
        collecting that breaks off each time, in this worker or another, must not look well."""
        self._bot.store.recover(self._bot.clock.now())
        self._bot.compose_due()
        if not self._keeps_waiting():
            self._through = {"collect", "compose"}
            self.beat()

    def _keeps_waiting(self) -> bool:
        """Whether a source was due a quarter of an hour ago, and nobody has polled it since."""
        bot = self._bot
        return bool(collect.due_sources(bot.configuration.sources, bot.store, bot.clock.now() - LONGEST_WAIT))
