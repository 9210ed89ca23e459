"""What a second worker adds: polling and sending, by one and by two workers over one PostgreSQL.

The far receiver takes any number of connections, and 50 ms for each letter, as one elsewhere does. The near one is
Postfix's `smtp-sink` on this machine, which only answers: there the processors are the limit, which the workers
share with PostgreSQL. Start-up is not counted.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from bot.demo.mailbox import Mailbox
from tests.bench.measuring import SPAWN
from tests.bench.sending import SINK, smtp_sink
from tests.store import postgres
from tests.worker.fleet import Fleet, Sites, wait_until

LEAST = 1.6  # times what one worker does
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


def send(workers: int, smtp_url: str, readers: int) -> float:
    """Letters a second."""
    with Sites(1) as sites, at_work(workers, sites, smtp_url, readers) as fleet:
        fleet.lets_go()
        wait_until(lambda: fleet.states()["sent"] == readers, "all should be sent", LONG)
        ((seconds,),) = fleet.says(
            "SELECT extract(epoch FROM max(changed_at) - min(handed_at)) FROM deliveries"
        )
        shares = [worker.sent() for worker in fleet.workers]
    print(f"  {workers} at work: {readers / float(seconds):7.0f} letters a second {shares}")
    return readers / float(seconds)


def poll(workers: int) -> float:
    """Pages a second."""
    with Sites(SITES, takes=SLOW) as sites, at_work(workers, sites, "smtp://127.0.0.1:9", 1) as fleet:
        fleet.says("UPDATE source_runs SET started = started - interval '2 days' RETURNING id")
        wait_until(lambda: fleet.polls_of_today().total() == SITES, "all should be polled", LONG)
        ((seconds,),) = fleet.says(
            "SELECT extract(epoch FROM max(ended) - min(started)) FROM source_runs "
            "WHERE started > now() - interval '1 hour'"
        )
        shares = [len(worker.polled()) for worker in fleet.workers]
    print(f"  {workers} at work: {SITES / float(seconds):7.1f} pages a second {shares}")
    return SITES / float(seconds)


def main() -> list[str]:
    if postgres.server_url() is None:
        print("workers: left out, since there is no PostgreSQL here")
        return []
    below = []
    print(f"polling {SITES} sites that take {SLOW} s each, by one worker and by two")
    below += _compare("polling", poll(1), poll(2))
    print(f"sending {TO_FAR} letters to a receiver that takes {FAR * 1000:.0f} ms for each")
    with far_receiver() as url:
        below += _compare("sending to a far receiver", send(1, url, TO_FAR), send(2, url, TO_FAR))
    if Path(SINK).exists():
        print(f"sending {TO_NEAR} letters to smtp-sink on this machine, of {os.cpu_count()} processors")
        with near_receiver() as url:
            _compare("", send(1, url, TO_NEAR), send(2, url, TO_NEAR))
    return below


def _compare(name: str, one: float, two: float) -> list[str]:
    print(f"  two are {two / one:.2f} times one")
    if two / one >= LEAST:
        return []
    return [f"{name}: two workers are {two / one:.2f} times one; it should be {LEAST}"]


if __name__ == "__main__":
    print("\n".join(main()))
