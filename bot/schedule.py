"""The ticker: APScheduler calls each job every so many seconds, and does nothing more.

What is due is a pure function of `now` and the ledger (cadence.py), so nothing is kept in the scheduler's own
job store, whose defaults lose a run that was missed by a second and double it where two processes share it.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from threading import Event
from types import FrameType
from typing import Any

import structlog
from apscheduler.events import EVENT_JOB_ERROR, JobExecutionEvent
from apscheduler.schedulers.background import BackgroundScheduler

from bot.errors import BotError

log = structlog.get_logger("schedule")


def tick(jobs: Mapping[str, tuple[Callable[[], None], float]], stop: Event) -> None:
    """Call each job now and every so many seconds until `stop` is set; then let what is running end.

    A job that is still running when its next tick comes is not started twice; however many ticks were
    missed, it is called once. One that raises is logged and called again at the next tick.
    """
    scheduler = BackgroundScheduler(
        timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    )
    scheduler.add_listener(_log_failure, EVENT_JOB_ERROR)
    for name, (job, seconds) in jobs.items():
        scheduler.add_job(job, "interval", seconds=seconds, id=name, next_run_time=_now())
    scheduler.start()
    stop.wait()
    scheduler.shutdown(wait=True)


def stop_on_signals() -> Event:
    """An event that SIGTERM and SIGINT set. Call it from the main thread."""
    stop = Event()

    def ask_to_stop(number: int, frame: FrameType | None) -> None:
        log.info("stopping", signal=signal.Signals(number).name)
        stop.set()

    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, ask_to_stop)
    return stop


def _log_failure(event: JobExecutionEvent) -> None:
    known = isinstance(event.exception, BotError)
    trace = {} if known else {"trace": event.traceback}
    log.error("tick failed", job=event.job_id, error=str(event.exception), **trace)


def _now() -> Any:
    return datetime.now(UTC)  # noqa: TID251 -- the ticker is a clock
