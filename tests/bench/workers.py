"""What a second worker adds: polling and sending, by one and by two workers over one PostgreSQL.

The far receiver takes any number of connections, and 50 ms for each letter, as one elsewhere does. The near one is
Postfix's `smtp-sink` on this machine, which only answers: there the processors are the limit, which the workers
share with PostgreSQL. Start-up is not counted.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from bot.demo.mailbox import Mailbox
from tests.bench.findings import Finding, Ratio, Timing
from tests.bench.measuring import SPAWN
from tests.bench.sending import SINK, smtp_sink
from tests.store import postgres
from tests.worker.fleet import Fleet, Sites, wait_until

FAR = 0.05  # seconds a letter
TO_FAR, TO_NEAR = 400, 2000  # readers
SITES, SLOW = 96, 1.0  # and the seconds that each takes
LONG = 300.0  # seconds; nothing here takes so long


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Of a mail server."""

    url: str


def serve_mail(pipe: Connection) -> None:
    with Mailbox() as mailbox:
        mailbox.stalls("dot", FAR)
        pipe.send(mailbox.url)
        pipe.recv()


@contextmanager
def far_receiver() -> Iterator[str]:
    ours, theirs = SPAWN.Pipe()
    office = SPAWN.Process(target=serve_mail, args=(theirs,), daemon=True)
    office.start()
    yield ours.recv()
    ours.send("stop")
    office.join()


@contextmanager
def near_receiver() -> Iterator[str]:
    with smtp_sink() as port:
        yield f"smtp://127.0.0.1:{port}"


@contextmanager
def at_work(workers: int, sites: Sites, smtp_url: str, readers: int) -> Iterator[Fleet]:
    """So many workers that have nothing to do yet."""
    with tempfile.TemporaryDirectory() as folder:
        fleet = Fleet(Path(folder), postgres.fresh_database(), sites, Address(url=smtp_url), readers=readers)
        fleet.has_composed()
        for _ in range(workers):
            fleet.starts()
        wait_until(lambda: fleet.alive() == workers, "all should be at work", LONG)
        try:
            yield fleet
        finally:
            fleet.close()


def send(workers: int, smtp_url: str, readers: int) -> Timing:
    with Sites(1) as sites, at_work(workers, sites, smtp_url, readers) as fleet:
        fleet.lets_go()
        wait_until(lambda: fleet.states()["sent"] == readers, "all should be sent", LONG)
        ((seconds,),) = fleet.says(
            "SELECT extract(epoch FROM max(changed_at) - min(handed_at)) FROM deliveries"
        )
        shares = [worker.sent() for worker in fleet.workers]
    return _timing(workers, float(seconds), readers, shares)


def poll(workers: int) -> Timing:
    with Sites(SITES, takes=SLOW) as sites, at_work(workers, sites, "smtp://127.0.0.1:9", 1) as fleet:
        fleet.says("UPDATE source_runs SET started = started - interval '2 days' RETURNING id")
        wait_until(lambda: fleet.polls_of_today().total() == SITES, "all should be polled", LONG)
        ((seconds,),) = fleet.says(
            "SELECT extract(epoch FROM max(ended) - min(started)) FROM source_runs "
            "WHERE started > now() - interval '1 hour'"
        )
        shares = [len(worker.polled()) for worker in fleet.workers]
    return _timing(workers, float(seconds), SITES, shares)


def _timing(workers: int, seconds: float, count: int, shares: Sequence[int]) -> Timing:
    print(f"  {workers} at work: {count / seconds:7.1f} a second {shares}")
    return Timing(what="one worker" if workers == 1 else "two workers", rounds=(seconds,), count=count)


def findings() -> Iterator[Finding]:
    if postgres.server_url() is None:
        print("  there is no PostgreSQL here: workers are not measured")
        return
    print(f"  polling {SITES} sites that take {SLOW} s each")
    alone = poll(1)
    yield Ratio(name="two workers that poll", ours=poll(2), baseline=alone)
    print(f"  sending {TO_FAR} letters to a receiver that takes {FAR * 1000:.0f} ms for each")
    with far_receiver() as url:
        alone = send(1, url, TO_FAR)
        yield Ratio(name="two workers that send far", ours=send(2, url, TO_FAR), baseline=alone)
    if Path(SINK).exists():
        print(f"  sending {TO_NEAR} letters to smtp-sink on this machine, of {os.cpu_count()} processors")
        with near_receiver() as url:
            alone = send(1, url, TO_NEAR)
            yield Ratio(name="two workers that send near", ours=send(2, url, TO_NEAR), baseline=alone)
