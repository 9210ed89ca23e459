"""The service: the ticker and the web, side by side, until somebody asks them to stop."""

from __future__ import annotations

import logging
import socket
import sys
import threading
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
SEND_EVERY = 10.0  # often: what a worker that died has left is taken up within half a minute
COMPOSE_EVERY = timedelta(minutes=1)
ASK_EVERY = timedelta(days=1)  # about sources that are silent

log = structlog.get_logger("service")


def serve(bot: Bot, *, host: str, port: int) -> None:
    """Poll, send and answer until SIGTERM or Ctrl-C; then finish what is in hand and return."""
    log_as_json()
    stop = stop_on_signals()
    rounds = Rounds(bot, stop)
    door = _door(host, port)
    bot.templates.read_all()
    web = _web(bot, rounds)
    answering = threading.Thread(target=web.run, kwargs={"sockets": [door]}, name="web", daemon=True)
    answering.start()
    try_templates(bot)
    watched = sum(source.enabled for source in bot.configuration.sources)
    log.info("started", version=__version__, sources=watched, web=f"http://{host}:{port}")
    tick(
        {
            "collect": (rounds.collect, COLLECT_EVERY),
            "compose": (rounds.compose, SEND_EVERY),
            "deliver": (rounds.deliver, SEND_EVERY),
        },
        stop,
    )
    web.should_exit = True
    answering.join(timeout=10)
    log.info("stopped")


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
    composing. The two heartbeats are for the health check."""

    def __init__(self, bot: Bot, stop: threading.Event) -> None:
        self._bot = bot
        self._stop = stop
        self._composed: datetime | None = None
        self._asked: datetime | None = None
        self.last_collect: datetime | None = None
        self.last_compose: datetime | None = None

    @property
    def heartbeat(self) -> datetime | None:
        """When both were last done: the older of the two, None before."""
        if self.last_collect is None or self.last_compose is None:
            return None
        return min(self.last_collect, self.last_compose)

    def collect(self) -> None:
        """Take up what was edited, and poll what is due."""
        self._take_up()
        self._bot.enrol(stopping=self._stop.is_set)
        self._bot.poll(self._bot.due_sources(), each=_log_poll, stopping=self._stop.is_set)
        now = self._bot.clock.now()
        if self._asked is None or not timedelta() <= now - self._asked < ASK_EVERY:
            self._bot.ask_about_silence()
            self._asked = now
        self.last_collect = now

    def compose(self) -> None:
        """Once a minute; at once where a worker died while it composed, or the clock was set back. Not before
        the pages were looked at once, so that after a pause a digest has what is new."""
        if self.last_collect is None:
            return
        self._bot.register.keep()  # what is known to have ended is not uncertain
        now, last = self._bot.clock.now(), self._composed
        lately = last is not None and timedelta() <= now - last < COMPOSE_EVERY
        if self._bot.store.recover(now) or not lately:
            self._bot.compose_due()
            self._composed = now
        self.last_compose = now

    def deliver(self) -> None:
        """Empty the outbox."""
        self._bot.deliver(each=_log_delivery, stopping=self._stop.is_set)

    def _take_up(self) -> None:
        before = self._bot.configuration
        for problem in self._bot.watched.refresh():
            log.error("configuration not taken up; the last good one stays in force", problem=str(problem))
        if self._bot.configuration is not before:
            log.info("configuration taken up")


def _log_poll(run: SourceRun) -> None:
    tell = log.warning if run.state in UNREAD else log.info
    counts = {"reviews": run.records, "new": run.new, "revised": run.revised, "withdrawn": run.withdrawn}
    tell("polled", source=run.source_id, state=run.state, **counts, detail=run.detail)


def _log_delivery(delivery: Delivery, outcome: Outcome) -> None:
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
