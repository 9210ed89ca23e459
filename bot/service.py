"""The service: the ticker and the web, side by side, until somebody asks them to stop."""

from __future__ import annotations

import itertools
import logging
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import structlog
import uvicorn

from bot import __version__
from bot.errors import BotError, ConfigError
from bot.models import UNREAD, Delivery, Outcome, SourceRun
from bot.schedule import stop_on_signals, tick
from bot.web.app import create_app
from bot.wiring import Bot

COLLECT_EVERY = 60.0  # seconds
BEAT_EVERY = 5.0  # looks whether there was a good round; seldom is there one
SEND_EVERY = 10.0  # often: what a worker that died has left is taken up within half a minute
COMPOSE_EVERY = timedelta(minutes=1)
PING_EVERY = timedelta(minutes=1)
ASK_EVERY = timedelta(days=1)  # about sources that are silent

log = structlog.get_logger("service")


def serve(bot: Bot, *, host: str, port: int) -> None:
    """Poll, send and answer until SIGTERM or Ctrl-C; then finish what is in hand and return."""
    log_as_json()
    stop = stop_on_signals()
    rounds = Rounds(bot, stop)
    with answering(bot, rounds, host, port):
        try_templates(bot)
        watched = sum(source.enabled for source in bot.configuration.sources)
        log.info("started", version=__version__, sources=watched, web=f"http://{host}:{port}")
        jobs = {
            "collect": (rounds.collect, COLLECT_EVERY),
            "compose": (rounds.compose, SEND_EVERY),
            "deliver": (rounds.deliver, SEND_EVERY),
            "heartbeat": (rounds.beat, BEAT_EVERY),
        }
        tick(jobs, stop)
    log.info("stopped")


@contextmanager
def answering(bot: Bot, rounds: Rounds, host: str, port: int) -> Iterator[None]:
    """Answer web requests while the block lasts. Raises BotError where the port is taken."""
    _ = bot.collecting  # loaded before the door is open: nobody's request should wait for it
    bot.templates.read_all()
    web = _web(bot, rounds)
    door = _door(host, port)
    thread = threading.Thread(target=web.run, kwargs={"sockets": [door]}, name="web", daemon=True)
    thread.start()
    try:
        yield
    finally:
        web.should_exit = True
        thread.join(timeout=10)


def try_templates(bot: Bot) -> None:
    """Log what is wrong with an administrator's own templates, each mistake a line, and go on: one that an
    update has left behind holds up the mails that need it, and nothing else."""
    if not (bot.directory / "templates").is_dir():
        return
    try:
        bot.check_templates()
    except ConfigError as error:
        for problem in error.problems:
            log.error("template not fit to use; what needs it will wait", problem=str(problem))
    except OSError as error:
        log.error("templates could not be tried", problem=str(error))


class Rounds:
    """What is done again and again, each job in a thread of its own: a slow receiver keeps nobody from
    composing, and a slow monitor nobody from collecting."""

    def __init__(self, bot: Bot, stop: threading.Event) -> None:
        self._bot = bot
        self._stop = stop
        self._composed: datetime | None = None
        self._asked: datetime | None = None
        self._collected = False  # a round that collects has ended
        self._moved = dict.fromkeys(("collect", "compose"), bot.clock.now())  # when each last got on
        self._through: set[str] = set()  # jobs that got through since the last ping
        self._delivering = True  # the last delivery round got through, or is at it
        self._pinged: datetime | None = None
        self._unheard = False  # the monitor did not take the last ping

    @property
    def heartbeat(self) -> datetime | None:
        """When collecting and composing last got on, the one that stands longer; for the health check. A
        source that ended, or a request that went out, is a step: a round of many slow sites takes hours, and
        whoever restarts what stands still must not restart it. They begin with the service."""
        collected, asked = self._moved["collect"], self._bot.last_asked
        if asked and asked <= self._bot.clock.now():  # none of before the clock was set back
            collected = max(collected, asked)
        return min(collected, self._moved["compose"])

    def collect(self) -> None:
        """Take up what was edited, and poll what is due."""
        self.take_up()
        self._bot.enrol(stopping=self._after_each_step())
        self._bot.poll(self._bot.due_sources(), each=log_poll, stopping=self._after_each_step())
        self.ask_about_silence()
        self._moved["collect"] = self._bot.clock.now()
        self._collected = True
        self._through.add("collect")

    def _after_each_step(self) -> Callable[[], bool]:
        """What collecting asks before its first step, and after each: whether to stop. That it asks again
        says that it moves."""
        asked = itertools.count()

        def stopping() -> bool:
            if next(asked):
                self._moved["collect"] = self._bot.clock.now()
            return self._stop.is_set()

        return stopping

    def ask_about_silence(self) -> None:
        """Once a day."""
        now = self._bot.clock.now()
        if self._asked is None or not timedelta() <= now - self._asked < ASK_EVERY:
            self._bot.ask_about_silence()
            self._asked = now

    def compose(self) -> None:
        """Once a minute; at once where a worker died while it composed, or the clock was set back. Not before
        the pages were looked at once, so that after a pause a digest has what is new."""
        if not self._collected:
            self._moved["compose"] = self._bot.clock.now()
            return
        self._bot.register.keep()  # what is known to have ended is not uncertain
        now, last = self._bot.clock.now(), self._composed
        lately = last is not None and timedelta() <= now - last < COMPOSE_EVERY
        if self._bot.store.recover(now) or not lately:
            self._bot.compose_due()
            self._composed = now
        self._moved["compose"] = self._bot.clock.now()
        self._through.add("compose")

    def deliver(self) -> None:
        """Empty the outbox."""
        got_through = False
        try:
            self._bot.deliver(each=log_delivery, stopping=self._stop.is_set)
            got_through = True
        finally:
            self._delivering = got_through

    def beat(self) -> None:
        """Ping the monitor, if one is set up, where collecting and composing have both got through since the
        last ping, and delivering did not break off; at most once a minute. One that does not take it is
        logged when that begins, and when it is over."""
        monitor = self._bot.heartbeat
        if monitor is None or not self._delivering or not self._through >= {"collect", "compose"}:
            return
        now, last = self._bot.clock.now(), self._pinged
        if last is not None and timedelta() <= now - last < PING_EVERY:
            return
        self._pinged, self._through = now, set()
        trouble = monitor.ping()
        if trouble and not self._unheard:
            log.warning("heartbeat not taken; it is sent again", monitor=monitor.host, reason=trouble)
        elif self._unheard and not trouble:
            log.info("heartbeat taken again", monitor=monitor.host)
        self._unheard = bool(trouble)

    def take_up(self) -> None:
        """Put an edited configuration into force, if it is good."""
        before = self._bot.configuration
        for problem in self._bot.watched.refresh():
            log.error("configuration not taken up; the last good one stays in force", problem=str(problem))
        if self._bot.configuration is not before:
            log.info("configuration taken up")


def log_poll(run: SourceRun) -> None:
    tell = log.warning if run.state in UNREAD else log.info
    counts = {"reviews": run.records, "new": run.new, "revised": run.revised, "withdrawn": run.withdrawn}
    tell("polled", source=run.source_id, state=run.state, **counts, detail=run.detail)


def log_delivery(delivery: Delivery, outcome: Outcome) -> None:
    tell = log.info if outcome.state == "sent" else log.warning
    tell("delivery", delivery=delivery.id, state=outcome.state, detail=outcome.detail)


def _door(host: str, port: int) -> socket.socket:
    """The socket that web requests come in by. Taken before anything starts, so that a port in use is one
    clear line."""
    try:
        return socket.create_server((host, port))
    except OSError as error:
        reason = error.strerror or str(error)
        raise BotError(
            f"The web cannot answer on {host}:{port} ({reason}); name another with --host and --port."
        ) from error


def _web(bot: Bot, rounds: Rounds) -> uvicorn.Server:
    app = create_app(
        bot.store,
        secret_keys=bot.addresses.secret_keys,
        clock=bot.clock,
        public_url=bot.environment.public_url,
        organisation=bot.organisation,
        name_of_theme=bot.name_of_theme,
        render=bot.templates.render,
        printed=bot.printed,
        themes=lambda: bot.vocabulary.ids,
    )
    app.state.heartbeat = lambda: rounds.heartbeat
    return uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False))


def log_as_json() -> None:
    """One JSON line an event on standard error: the bot's own, each request to a source (the log that a
    webmaster could be shown), and the libraries' warnings."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[
                structlog.processors.add_log_level,
                structlog.processors.TimeStamper(fmt="iso", utc=True),
            ],
            processor=structlog.processors.JSONRenderer(ensure_ascii=False),
        )
    )
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    logging.getLogger("apscheduler").setLevel(logging.CRITICAL)  # the ticker logs failures itself
    logging.getLogger("bot.fetch.http").setLevel(logging.INFO)
