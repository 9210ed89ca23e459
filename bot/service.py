"""The service: the ticker and the web, side by side, until somebody asks them to stop."""

from __future__ import annotations

import logging
import socket
import sys
import threading
from datetime import datetime

import structlog
import uvicorn

from bot.errors import BotError
from bot.schedule import stop_on_signals, tick
from bot.web.app import create_app
from bot.wiring import Bot

log = structlog.get_logger("service")


def serve(bot: Bot, *, host: str, port: int) -> None:
    """Poll, send and answer until SIGTERM or Ctrl-C; then finish what is in hand and return."""
    log_as_json()
    stop = stop_on_signals()
    rounds = Rounds(bot, stop)
    door = _door(host, port)
    web = _web(bot, rounds)
    answering = threading.Thread(target=web.run, kwargs={"sockets": [door]}, name="web", daemon=True)
    answering.start()
    log.info("started", sources=len(bot.due_sources()), web=f"http://{host}:{port}")
    tick({"collect": rounds.collect, "send": rounds.send}, stop)
    web.should_exit = True
    answering.join(timeout=10)
    log.info("stopped")


class Rounds:
    """What is done each minute. `last_tick` is when sending was last looked at, for the health check."""

    def __init__(self, bot: Bot, stop: threading.Event) -> None:
        self._bot = bot
        self._stop = stop
        self.last_tick: datetime | None = None

    def collect(self) -> None:
        """Take up what was edited, and poll what is due."""
        for problem in self._bot.watched.refresh():
            log.error("configuration not taken up", problem=str(problem))
        self._bot.enrol()
        runs = self._bot.poll(self._bot.due_sources(), stopping=self._stop.is_set)
        for run in runs:
            known = {"state": run.state, "reviews": run.records, "new": run.new, "detail": run.detail}
            log.info("polled", source=run.source_id, **known)

    def send(self) -> None:
        """Compose what is due and empty the outbox."""
        self._bot.compose_due()
        for delivery, outcome in self._bot.deliver(stopping=self._stop.is_set):
            log.info("delivered", delivery=delivery.id, state=outcome.state, detail=outcome.detail)
        self.last_tick = self._bot.clock.now()


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
        secret_keys=bot.secret_keys,
        clock=bot.clock,
        public_url=bot.environment.public_url,
        name_of_theme=bot.vocabulary.name_of,
        templates=bot.web_templates,
        themes=bot.vocabulary.ids,
    )
    app.state.heartbeat = lambda: rounds.last_tick
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
    logging.getLogger("bot.fetch.http").setLevel(logging.INFO)
