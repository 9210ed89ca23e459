"""The engine: Procrastinate, which keeps tickets in PostgreSQL and gives each of them to one worker.

A ticket says only that it is time to look at something; what there is to do is asked of the ledger. So a
ticket that is lost costs nothing but the seconds until the next, and one too many finds nothing to do.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

import psycopg
import structlog
from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.jobs import DeleteJobCondition, Job, Status
from procrastinate.worker import Worker

from bot.errors import BotError, StoreError
from bot.worker.tables import SCHEMA, address, prepare

T = TypeVar("T")

EACH_MINUTE = "* * * * *"
COLLECTING, SENDING = "collect", "send"  # queues: a slow site keeps nobody from sending
CONNECTIONS = 4  # that the engine keeps to the database, at the most

log = structlog.get_logger("worker")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulse:
    """In seconds: between two looks for a ticket; between two signs of life; after how long without one a
    worker counts as dead (as long as its claims in the ledger hold); how long composing waits for polls, at
    the most."""

    look: float = 1.0
    beat: float = 5.0
    dead_after: float = 15.0
    compose_after: float = 60.0


USUAL = Pulse()


class Duties(Protocol):
    """What a worker does for a ticket, each in a thread. Raises BotError, which is logged."""

    def fit(self) -> bool:
        """Whether this worker may work. Asked at each beat."""

    def shares_due(self) -> Sequence[int]:
        """The shares in which a source is due."""

    def collect_share(self, share: int) -> None: ...

    def compose_all(self) -> None: ...

    def deliver(self) -> None: ...


class Engine:
    """One worker's part in the engine. `database_url`: PostgreSQL, as in DATABASE_URL."""

    def __init__(self, database_url: str, duties: Duties, pulse: Pulse = USUAL) -> None:
        self._address = address(database_url)
        self._duties = duties
        self._pulse = pulse
        self._name = secrets.token_hex(4)
        self._app = App(
            connector=PsycopgConnector(
                conninfo=self._address,
                kwargs={"options": f"-c search_path={SCHEMA}"},
                min_size=1,
                max_size=CONNECTIONS,
            )
        )
        self._register_tasks()

    def run(self, stop: threading.Event) -> None:
        """Work until `stop` is set; then finish what is in hand. A database that is away is waited for.

        Raises StoreError where the engine's tables cannot be made."""
        prepare(self._address)
        while not stop.is_set():
            try:
                asyncio.run(self._session(stop))
            except (ConnectorException, psycopg.Error, StoreError) as error:
                log.error("the engine stopped; it begins again", error=_first_line(error))
            stop.wait(self._pulse.beat)

    async def _session(self, stop: threading.Event) -> None:
        """Until `stop`, until this worker is no longer fit, or until there is trouble, which is raised."""
        if not await asyncio.to_thread(self._duties.fit):
            return  # and asks again at the next beat
        async with self._app.open_async():
            workers = [self._worker(COLLECTING), self._worker(SENDING)]
            running = [asyncio.create_task(one.run()) for one in workers]  # type: ignore[no-untyped-call]  # Procrastinate's omission
            alive = asyncio.create_task(self._show_life(workers))
            watching = asyncio.create_task(self._watch(stop))
            await asyncio.wait({watching, *running}, return_when=asyncio.FIRST_COMPLETED)
            for one in workers:
                one.stop()  # type: ignore[no-untyped-call]
            ended = await asyncio.gather(*running, return_exceptions=True)
            for task in (alive, watching):
                task.cancel()
            ended += await asyncio.gather(watching, return_exceptions=True)
        for trouble in ended:
            if isinstance(trouble, Exception):
                raise trouble

    def _worker(self, queue: str) -> Worker:
        return Worker(
            self._app,
            queues=[queue],
            name=f"{queue}-{self._name}",
            concurrency=1,  # a round of several pages is read side by side by itself
            fetch_job_polling_interval=self._pulse.look,
            listen_notify=False,
            delete_jobs=DeleteJobCondition.ALWAYS,
            install_signal_handlers=False,
            update_heartbeat_interval=self._pulse.beat,
            stalled_worker_timeout=self._pulse.dead_after,
        )

    async def _show_life(self, workers: Sequence[Worker]) -> None:
        """Procrastinate shows none while it waits for what is in hand at the end, which may take a minute."""
        while True:
            await asyncio.sleep(self._pulse.beat)
            for one in workers:
                if one.worker_id is not None:
                    with contextlib.suppress(ConnectorException):
                        await self._app.job_manager.update_heartbeat(one.worker_id)

    async def _watch(self, stop: threading.Event) -> None:
        """At each beat: take work from the dead, and ask for a turn at sending. Each worker does so itself: a
        ticket for it could die with its worker. Ends when it is time to stop."""
        await self._ask("round", "round", timestamp=0)
        while not stop.is_set() and await asyncio.to_thread(self._duties.fit):
            await self._take_from_the_dead()
            await self._ask("send", f"send {self._name}")
            await asyncio.to_thread(stop.wait, self._pulse.beat)

    async def _take_from_the_dead(self) -> None:
        """Their tickets are thrown away, and a round finds out what is due. To give the very tickets out
        again would fail where another waits under the same lock (Procrastinate's issue 1543)."""
        tickets = self._app.job_manager
        left = list(await tickets.get_stalled_jobs(seconds_since_heartbeat=self._pulse.dead_after))
        for job in left:
            with contextlib.suppress(ConnectorException):  # another worker was quicker
                await tickets.finish_job(job, Status.FAILED, delete_job=True)
                log.warning("taken from a worker that died", ticket=_told(job))
        if left:
            await self._ask("round", "round", timestamp=0)

    async def _ask(self, task: str, key: str, **what: int) -> None:
        """Leave a ticket, unless one with this key waits already. Two of a key are never in hand at once."""
        ticket = self._app.configure_task(task, allow_unknown=False, lock=key, queueing_lock=key)
        with contextlib.suppress(AlreadyEnqueued):
            await ticket.defer_async(**what)

    def _register_tasks(self) -> None:
        app, duties = self._app, self._duties

        @app.periodic(cron=EACH_MINUTE, lock="round", queueing_lock="round")
        @app.task(name="round", queue=COLLECTING)
        async def round(timestamp: int) -> None:
            for share in await self._do("round", duties.shares_due) or ():
                await self._ask("collect", f"collect {share}", share=share)
            await self._ask("compose", "compose")  # it comes after them

        @app.task(name="collect", queue=COLLECTING)
        async def collect(share: int) -> None:
            await self._do("collect", lambda: duties.collect_share(share))

        @app.task(name="compose", queue=COLLECTING)
        async def compose() -> None:
            await self._others_have_polled()
            await self._do("compose", duties.compose_all)

        @app.task(name="send", queue=SENDING)
        async def send() -> None:
            await self._do("send", duties.deliver)

    async def _others_have_polled(self) -> None:
        """Wait, but not long, for what other workers are polling: a digest is to have what is new. All that
        was due is in hand or done, since tickets are taken in the order in which they were left."""
        tickets = self._app.job_manager
        end = time.monotonic() + self._pulse.compose_after
        waits_for: set[int | None] | None = None
        while time.monotonic() < end:
            in_hand = {job.id for job in await tickets.list_jobs_async(task="collect", status="doing")}
            waits_for = in_hand if waits_for is None else waits_for & in_hand
            if not waits_for:
                return
            await asyncio.sleep(self._pulse.look)

    async def _do(self, task: str, duty: Callable[[], T]) -> T | None:
        try:
            return await asyncio.to_thread(duty)
        except BotError as error:
            log.error("task failed", task=task, error=str(error))
            return None


def _told(job: Job) -> str:
    return " ".join([job.task_name, *(str(value) for value in job.task_kwargs.values())])


def _first_line(error: Exception) -> str:
    """What is wrong; of Procrastinate's errors, what the driver said."""
    return next(iter(str(error.__cause__ or error).strip().splitlines()), type(error).__name__)
